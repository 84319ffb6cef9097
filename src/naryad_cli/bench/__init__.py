"""`naryad bench`: the figures Naryad stands for, measured on this machine; one module per subject."""

import argparse
from importlib import import_module

SUBJECTS = {
    "sync": "the idle poll, bytes on the wire, and the slow link",
    "stream": "live events: memory, CPU and delay of thousands of streams",
    "push": "pushes a second of one pusher, and how soon they go",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Measures on a database of its own, in a folder that is gone afterwards; the report names the work "
        "and the machine. Exits with 1 when a figure misses its bound."
    )
    subjects = parser.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    for name, help in SUBJECTS.items():
        import_module(f"naryad_cli.bench.{name}").add_arguments(subjects.add_parser(name, help=help))
