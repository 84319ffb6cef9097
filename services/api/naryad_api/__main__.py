"""`python -m naryad_api`: the API alone."""

from naryad.alone import run_alone
from naryad_api.app import create_app

if __name__ == "__main__":
    run_alone("naryad_api", "Serves the order and sync API and the web apps.", 8081, create_app)
