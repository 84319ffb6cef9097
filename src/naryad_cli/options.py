"""Options that several commands have."""

import argparse
from pathlib import Path

from naryad.settings import Settings


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder, where no NARYAD_DATABASE_URL is set (.naryad)"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def data_dir(options: argparse.Namespace, settings: Settings) -> Path:
    chosen: Path | None = options.data
    return chosen or settings.data_dir
