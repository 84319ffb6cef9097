"""Becomes another program, as another user if asked, and dies when its parent does.

A script of its own, run as `python -I launch.py [options] -- PROGRAM ARGUMENTS`: between fork and
exec of a process with threads nothing else is safe. PostgreSQL refuses to run as root, so root
starts it as an unprivileged user; capabilities let that user through folders that are root's own.
"""

import argparse
import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
# Enter any folder and read or write any file there; containers often grant only the first.
PASS_FOLDERS = {"CAP_DAC_OVERRIDE": 1, "CAP_DAC_READ_SEARCH": 2}


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


_SetsPair = _Sets * 2  # the kernel's version 3 has 64 bits: low word, high word


def main() -> None:
    """Change user, tie the life to the parent's, exec. A failure is a line on stderr and exit 1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process id whose end ends us")
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--pass-folders", action="store_true")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    try:
        if options.uid is not None:
            _become(options.uid, options.gid, pass_folders=options.pass_folders)
        if sys.platform == "linux":
            _die_with(options.parent)
        os.execv(options.program[0], options.program)
    except OSError as error:
        user = "" if options.uid is None else f" as the system user {options.uid}"
        sys.exit(f"cannot run {options.program[0]}{user}: {error.strerror}")


def _become(uid: int, gid: int, *, pass_folders: bool) -> None:
    if pass_folders:
        _prctl(PR_SET_KEEPCAPS, 1)
        # Without it access(2) ignores capabilities, and initdb asks access(2) whether it can run `postgres`.
        with suppress(PermissionError):  # matters only where the programs lie below a closed folder
            _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if pass_folders:
        _keep_pass_folders()


def _keep_pass_folders() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(CAPABILITY_VERSION_3, 0)
    held = _SetsPair()
    _check(libc.capget(ctypes.byref(header), ctypes.byref(held)))
    kept = [number for number in PASS_FOLDERS.values() if held[0].permitted & 1 << number]
    mask = sum(1 << number for number in kept)
    wanted = _SetsPair(_Sets(mask, mask, mask), _Sets(0, 0, 0))
    _check(libc.capset(ctypes.byref(header), ctypes.byref(wanted)))
    for number in kept:
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)


def _die_with(parent: int) -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # to PostgreSQL: a fast, clean shutdown
    if os.getppid() != parent:
        sys.exit("the parent ended before the start")


def _prctl(*arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:5]]
    _check(libc.prctl(*padded))


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


if __name__ == "__main__":
    main()
