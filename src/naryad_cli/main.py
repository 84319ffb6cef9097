"""The command `naryad`: a module per subcommand; its `run` returns the exit code."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from naryad_cli.failures import EXPLAINED

COMMANDS = {
    "up": "run everything in one process",
    "migrate": "bring the database to this version's schema",
    "doctor": "check the database and say what is wrong",
    "account": "create an account",
    "sweep": "take closed jobs off the phones",
    "push": "the messages that could not be sent: list them, send them again",
    "simulate": "let phones and dispatchers work on a running server, and judge the result",
    "restore-epoch": "after a restore from backup: a new epoch",
    "bench": "measure what Naryad stands for",
    "settings": "print all settings as one table",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what can go wrong outside is said in words, a traceback is a fault of ours."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="naryad",
        description="Keeps field workers' phones and the dispatcher's desk in agreement about jobs.",
        epilog=EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("naryad"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((one for one in arguments if not one.startswith("-")), None)
    for name, help in COMMANDS.items():
        command = commands.add_parser(name, help=help)
        if name == asked:  # only this one's module is imported: `--help` need not wait for a database driver
            import_module(f"naryad_cli.{name.replace('-', '_')}").add_arguments(command)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        explanation = import_module("naryad_cli.explain").explain(error)
        if explanation is None:
            raise
        text, code = explanation
        print(f"naryad: {text}", file=sys.stderr)
    return code
