"""A benchmark of several parts, of which some may be left out."""

import argparse
import sys
from collections.abc import Sequence

from naryad_cli.bench.report import Report
from naryad_cli.failures import CommandError, Exit
from naryad_cli.options import add_json


def add_options(parser: argparse.ArgumentParser, parts: Sequence[str]) -> None:
    parser.add_argument(
        "--only", metavar="PARTS", help=f"some of {','.join(parts)}, with commas between them"
    )
    add_json(parser)


def wanted(options: argparse.Namespace, parts: Sequence[str]) -> list[str]:
    """The parts to be measured. Raises CommandError for one that there is not."""
    chosen = options.only.split(",") if options.only else list(parts)
    if unknown := set(chosen) - set(parts):
        raise CommandError(f"--only knows {', '.join(parts)}, not {', '.join(sorted(unknown))}", Exit.USAGE)
    return chosen


def tell(report: Report, options: argparse.Namespace) -> Exit:
    """Print what was measured; how the command ends."""
    print(report.as_json() if options.json else report.text())
    return Exit.OK if report.kept else Exit.FAILED


def say(what: str) -> None:
    """What is measured now, for whoever waits."""
    print(what, file=sys.stderr, flush=True)
