"""The slow link for tests: where the machine does not allow it CI fails, others skip and read why."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from naryad_cli.bench.slow_link import GPRS, Quality, SlowLink, slow_link


@contextmanager
def bad_link(quality: Quality = GPRS, *, seed: int = 1) -> Iterator[SlowLink]:
    try:
        made = slow_link(quality, seed=seed)
        link = made.__enter__()
    except OSError as refused:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"this machine does not let us make network namespaces and TUN interfaces: {refused}")
    try:
        yield link
    finally:
        made.__exit__(None, None, None)
