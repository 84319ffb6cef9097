"""`python -m naryad_gateway`: the gateway alone."""

from naryad.alone import run_alone
from naryad_gateway.app import Gateway, create_app

if __name__ == "__main__":
    run_alone("naryad_gateway", "Streams live events.", 8082, create_app, Gateway.drain)
