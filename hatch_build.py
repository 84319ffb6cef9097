"""Builds the two web apps into the wheel (placeholder until the apps exist)."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is packed."""
