"""A broken promise, named in words: what a proof fails with."""


class Broken(AssertionError):
    """The message says which promise of the sync engine was not kept, and where."""


def expect(kept: object, broken: str) -> None:
    """Raises Broken."""
    if not kept:
        raise Broken(broken)


def expect_none(found: list[str]) -> None:
    """Raises Broken with what was found."""
    expect(not found, "; ".join(found[:5]))
