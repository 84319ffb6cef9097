"""The command `naryad`: a module per subcommand, with `add_parser` and a `run` that gives the exit code."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from pydantic import ValidationError

from naryad.db.embedded import DataFolderInUse, EmbeddedError
from naryad.db.migrate import SchemaMismatch
from naryad.db.pool import Unavailable
from naryad.settings import PREFIX, SettingMissing
from naryad_cli import account, doctor, migrate, settings, up
from naryad_cli.failures import EXPLAINED, CommandError, Exit

COMMANDS = (up, migrate, doctor, account, settings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what can go wrong outside is said in words, a traceback is a fault of ours."""
    parser = argparse.ArgumentParser(
        prog="naryad",
        description="Keeps field workers' phones and the dispatcher's desk in agreement about jobs.",
        epilog=EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("naryad"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        return 130
    except ValidationError as error:
        if error.title != "Settings":
            raise
        return _say(_settings_complaint(error), Exit.USAGE)
    except SettingMissing as error:
        return _say(str(error), Exit.USAGE)
    except CommandError as error:
        return _say(str(error), error.code)
    except DataFolderInUse as error:
        return _say(str(error), Exit.IN_USE)
    except EmbeddedError as error:
        return _say(str(error), Exit.FAILED)
    except SchemaMismatch as error:
        return _say(str(error), Exit.SCHEMA)
    except Unavailable as error:
        return _say(f"The database is not reachable: {str(error) or type(error).__name__}", Exit.UNREACHABLE)
    return code


def _say(text: str, code: Exit) -> int:
    print(f"naryad: {text}", file=sys.stderr)
    return code


def _settings_complaint(error: ValidationError) -> str:
    lines = [
        f"  {PREFIX}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    ]
    return "\n".join(["a setting is wrong (`naryad settings` explains them all):", *lines])
