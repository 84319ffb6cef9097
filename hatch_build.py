"""Builds the two web apps into the wheel, so that an installed Naryad needs no Node."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "web"))
import npm  # the import follows the line that makes it possible


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is packed. An editable install is served what `make run` builds."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, asked for only where the system has none that will do."""
        return [] if npm.system_node() else [npm.WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and version == "standard":
            npm.build()
