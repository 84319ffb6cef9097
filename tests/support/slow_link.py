"""The slow link for tests. Where the machine does not let us have one, CI fails, others skip and say why."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from naryad_cli.bench.slow_link import GPRS, Quality, SlowLink
from naryad_cli.bench.slow_link import slow_link as make


@contextmanager
def slow_link(quality: Quality = GPRS, *, seed: int = 1) -> Iterator[SlowLink]:
    print(f"slow link, seed {seed}")
    opened = ExitStack()
    try:
        link = opened.enter_context(make(quality, seed=seed))
    except OSError as error:
        reason = f"no slow link here ({error}): it needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) and /dev/net/tun"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with opened:
        yield link
    print(f"down {link.down}, up {link.up}")
