"""Which Node builds the web apps, and that npm's scripts find it by name."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))
import npm


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("v18.20.4", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("", False),
    ],
)
def test_what_vite_asks_of_node(version: str, good: bool) -> None:
    assert npm.new_enough(f"{version}\n") is good


def test_scripts_find_node_and_npm_by_name() -> None:
    node = npm.system_node() or npm.wheel_node()
    assert node is not None
    as_script = npm.Node(node.node, node.npm.resolve())  # how the wheel has it: a script, not a program
    for one in (node, as_script):
        with npm.by_name(one) as folder:
            said = subprocess.run(
                ["/bin/sh", "-c", "npm --version && node --version"],
                env={"PATH": f"{folder}:/bin", "HOME": str(folder)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        assert len(said.split()) == 2
