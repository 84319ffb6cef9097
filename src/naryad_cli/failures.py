"""How a command says that it could not do its work: a text for the person, a code for the script."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2  # argparse's own
    UNREACHABLE = 3
    IN_USE = 4
    SCHEMA = 5


EXPLAINED = """exit codes:
  0  done
  1  failed, or something was found wrong
  2  the command line or a setting is wrong
  3  the database, the storage or the server is not reachable
  4  the port or the data folder is in use
  5  the database has another schema than this version
"""


class CommandError(Exception):
    """Ends the command with a text on stderr and this exit code."""

    def __init__(self, text: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(text)
        self.code = code
