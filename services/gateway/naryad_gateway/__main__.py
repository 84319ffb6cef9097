"""`python -m naryad_gateway`: the gateway alone."""

import gc

from naryad.alone import run_alone
from naryad_gateway.app import Gateway, create_app

RARELY = (50_000, 20, 50)
"""Looking through thousands of streams for garbage that they never make was a quarter of an idle gateway."""

if __name__ == "__main__":
    gc.set_threshold(*RARELY)
    run_alone("naryad_gateway", "Streams live events.", 8082, create_app, Gateway.drain)
