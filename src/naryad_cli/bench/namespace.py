"""A network of its own: a Linux network namespace with one TUN interface, all traffic of which we carry.

Needs root and /dev/net/tun. Nothing is left behind: a namespace ends with the last thing that holds it.
"""

import ctypes
import os
import socket
import struct
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fcntl import ioctl
from typing import TypeVar

T = TypeVar("T")

CLONE_NEWNET = 0x40000000  # sched.h
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000  # if_tun.h: whole IP packets, nothing before them
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # sockios.h, if.h
SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFMTU = 0x8916, 0x891C, 0x8922

MTU = 1400
NETMASK = "255.255.255.0"
INTERFACE = b"tun0"

libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """`tun` gives the packets that leave this network, and takes those that arrive."""

    def __init__(self, address: str) -> None:
        """Raises OSError where the machine does not let us."""
        self.address = address
        self._net, self.tun = _in_a_thread(lambda: _make(address))

    def tcp_socket(self) -> socket.socket:
        """A TCP socket of this network, not blocking; whoever holds it may be anywhere."""

        def make() -> socket.socket:
            self._enter()
            # asyncio turns Nagle's delay off only where the protocol is named: else every answer of two
            # writes takes a round trip more.
            return socket.socket(proto=socket.IPPROTO_TCP)

        made = _in_a_thread(make)
        made.setblocking(False)
        return made

    def listener(self) -> socket.socket:
        """A socket bound to a free port of this network's address."""
        listener = self.tcp_socket()
        listener.bind((self.address, 0))
        return listener

    def command(self, *program: str) -> Sequence[str]:
        """The command line that runs a program in this network, while this process lives."""
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self._net}", "--", *program]

    def close(self) -> None:
        os.close(self.tun)
        os.close(self._net)

    def _enter(self) -> None:
        _check(libc.setns(self._net, CLONE_NEWNET))


def _make(address: str) -> tuple[int, int]:
    """Makes and enters a new network; its descriptor, and its interface's."""
    _check(libc.unshare(CLONE_NEWNET))
    net = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    ioctl(tun, TUNSETIFF, struct.pack("16sH22x", INTERFACE, IFF_TUN | IFF_NO_PI))
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as control:
        for request, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, NETMASK)):
            ioctl(
                control,
                request,
                struct.pack("16sHH4s16x", INTERFACE, socket.AF_INET, 0, socket.inet_aton(value)),
            )
        ioctl(control, SIOCSIFMTU, struct.pack("16si20x", INTERFACE, MTU))
        for interface in (b"lo", INTERFACE):
            flags: int = struct.unpack(
                "16sH22x", ioctl(control, SIOCGIFFLAGS, struct.pack("16s24x", interface))
            )[1]
            ioctl(control, SIOCSIFFLAGS, struct.pack("16sH22x", interface, flags | IFF_UP))
    return net, tun


def _in_a_thread(work: Callable[[], T]) -> T:
    """A thread is in a network of its own choice, and takes that choice with it when it ends."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
