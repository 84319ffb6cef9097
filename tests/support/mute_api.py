"""The API, alone, with a doorbell that never rings: `python -m support.mute_api`."""

from naryad.alone import run_alone
from naryad.db.doorbell import Doorbell
from naryad_api.app import create_app


def in_vain(_doorbell: Doorbell, _account_id: object) -> None:
    """A knock that is lost."""


if __name__ == "__main__":
    Doorbell.ring = in_vain  # type: ignore[method-assign]
    run_alone("naryad_api", "The API, mute.", 8080, create_app)
