"""`naryad settings`: every setting, what it means and its default, as one Markdown table."""

import argparse
from enum import StrEnum
from pathlib import Path

from pydantic.fields import FieldInfo

from naryad.settings import PREFIX, Settings

HEAD = """# Settings

Environment variables, read once when a process starts. An empty one counts as not set.
This page is made by `naryad settings`.

| name | default | meaning |
|---|---|---|
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Prints every setting, its default and its meaning, as a Markdown table."
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    print(page(), end="")
    return 0


def page() -> str:
    """The text of docs/settings.md."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{PREFIX}{name.upper()}` | {_shown(field.default)} | {field.description} |"


def _shown(default: object) -> str:
    match default:
        case None:
            return ""
        case StrEnum():
            return f"`{default.value}`"
        case Path() | str() | int() | float():
            return f"`{default}`"
        case _:
            raise TypeError(f"no way to show {default!r}")
