"""The gateway, alone, without something it needs: `python -m support.faulty_gateway`.

FAULTS in the environment names what is missing, separated by commas. The real classes are changed from
outside; the product has no hooks for it.
"""

import os

from naryad.alone import run_alone
from naryad.db.listen import News
from naryad_gateway import hub, wheel
from naryad_gateway.app import Gateway, create_app
from naryad_gateway.hub import Hub
from naryad_gateway.ring import Ring
from naryad_gateway.stream import Stream

NEVER_S = 10**6
real_on_news = Hub.on_news


def on_named_news(self: Hub, news: News) -> None:
    if news is not None:
        real_on_news(self, news)


async def place_at_the_head(self: Hub, ring: Ring, stream: Stream, _: object) -> None:
    stream.version = ring.version


def no_poll() -> None:
    """The heads are not looked at every second."""
    hub.POLL_S = NEVER_S


def no_catch_up() -> None:
    """After a re-LISTEN nobody looks at what was notified in between."""
    Hub.on_news = on_named_news  # type: ignore[method-assign]


def no_replay() -> None:
    """Whoever comes back goes on from now."""
    Hub._place = place_at_the_head  # type: ignore[method-assign,assignment]


def no_cutting_off() -> None:
    """Readers that take nothing are kept for ever: for tests that may be slow themselves."""
    wheel.STALLED_S = NEVER_S


FAULTS = {
    "no poll": no_poll,
    "no catch-up": no_catch_up,
    "no replay": no_replay,
    "no cutting off": no_cutting_off,
}

if __name__ == "__main__":
    for fault in os.environ["FAULTS"].split(","):
        FAULTS[fault]()
    run_alone("naryad_gateway", "The gateway, faulty.", 8082, create_app, Gateway.drain)
