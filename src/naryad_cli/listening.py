"""The socket that a server listens on, taken before anything else is started."""

import errno
import socket

from naryad_cli.failures import CommandError, Exit

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Raises CommandError, in words, when the port is taken or the address is not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CommandError(f"{host} is no address to listen on: {error.strerror}", Exit.USAGE) from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CommandError(*_words(error, host, port)) from error
    return listener


def _words(error: OSError, host: str, port: int) -> tuple[str, Exit]:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use by another program. "
                "Stop that one, or choose another port with --port (make run PORT=8081).",
                Exit.IN_USE,
            )
        case errno.EACCES:
            return (
                f"Port {port} needs rights that this user lacks. Choose one above 1023 with --port.",
                Exit.USAGE,
            )
        case _:
            return f"Cannot listen on {host}, port {port}: {error.strerror}", Exit.USAGE


def url_of(listener: socket.socket) -> str:
    """`http://127.0.0.1:8080`, with the port really taken."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
