"""`python -m naryad_pusher`: the pusher alone."""

import argparse

import uvicorn

from naryad.settings import Settings
from naryad.telemetry import configure_logging
from naryad_pusher.app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="naryad_pusher",
        description="Sends push notifications. Settings are NARYAD_* environment variables.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of /healthz, /readyz and /metrics")
    parser.add_argument("--port", type=int, default=8083, help="0 takes any free port")
    options = parser.parse_args()
    settings = Settings()
    configure_logging(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
