"""Waiting for a condition outside a browser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0


async def soon(awaited: Awaitable[T]) -> T:
    """What is awaited, unless it never comes."""
    async with asyncio.timeout(PATIENCE_S):
        return await awaited


async def until(look: Callable[[], Awaitable[T]], wanted: T) -> None:
    """Until what is seen is what is wanted."""
    seen: T | None = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (seen := await look()) != wanted:
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"seen: {seen!r}, wanted: {wanted!r}") from None
