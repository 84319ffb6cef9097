"""`naryad push`: what an operator does about notifications.

- `command`  the command line
- `dead`     the messages that could not be sent
"""

from naryad_cli.push.command import add_arguments

__all__ = ["add_arguments"]
