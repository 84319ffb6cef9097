"""The vectors that more than one program runs: `tests/vectors/*.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "vectors"


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    """Run a test once for each case, under its name."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"])
