"""`python -m naryad_pusher`: the pusher alone."""

from naryad.alone import run_alone
from naryad_pusher.app import create_app

if __name__ == "__main__":
    run_alone("naryad_pusher", "Sends push notifications.", 8083, create_app)
