"""A demo account with a plausible day, made through the same actions as everybody's work."""

from naryad_cli.demo.seed import seed

__all__ = ["seed"]
