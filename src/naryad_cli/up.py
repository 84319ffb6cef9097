"""`naryad up`: database, API, gateway, pusher and web apps in one process, under one origin."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from itertools import islice
from pathlib import Path

from uvicorn.loops.auto import auto_loop_factory

from naryad.db import embedded
from naryad.db.migrate import migrate
from naryad.domain.ids import DeviceId
from naryad.settings import LogFormat, Settings
from naryad.telemetry import configure_logging
from naryad_cli import demo
from naryad_cli.database import with_addresses
from naryad_cli.failures import Exit
from naryad_cli.http import served
from naryad_cli.listening import listen, url_of
from naryad_cli.options import add_data, data_dir
from naryad_cli.phones import run_demo_phones
from naryad_cli.running import Parts, until_stopped
from naryad_cli.services import running_services
from naryad_cli.sweep import keep_sweeping


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Runs the database (unless NARYAD_DATABASE_URL names one), migrates it, and serves API, live events "
        "and both web apps under one origin. Prints `ready http://...` when it serves. "
        "Ctrl-C or SIGTERM ends it."
    )
    parser.add_argument(
        "--demo", action="store_true", help="with a demo account, its day, and phones at work"
    )
    parser.add_argument(
        "--demo-phones", type=int, default=2, choices=range(3), help="simulated phones at work (2)"
    )
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for a free one (8080)")
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    settings = Settings()
    chosen = {name: value for name in ("host", "port") if (value := getattr(options, name)) is not None}
    settings = settings.model_copy(update={**chosen, "data_dir": data_dir(options, settings)})
    configure_logging(settings.log_level, json=settings.log_format is LogFormat.JSON)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(until_stopped(lambda parts: _serve(settings, options, parts)))
    return Exit.OK


async def _serve(settings: Settings, options: argparse.Namespace, parts: Parts) -> None:
    with closing(listen(settings.host, settings.port)) as listener:
        url = url_of(listener)
        async with (
            _database(settings, parts) as reached,
            running_services(reached, parts) as app,
        ):
            devices = await demo.prepare(reached) if options.demo else {}
            at_work = dict(islice(devices.items(), options.demo_phones))
            async with (
                served(app, listener, settings.drain_seconds),
                _phones(url, settings.data_dir, at_work),
                _sweeping(reached, parts),
            ):
                print(f"ready {url}", flush=True)
                print(demo.links(url) if options.demo else _links(url), flush=True)
                await parts.until_one_ends()


@asynccontextmanager
async def _phones(url: str, data_dir: Path, devices: Mapping[str, DeviceId]) -> AsyncIterator[None]:
    """The demo's phones at work while the block lasts."""
    stop = asyncio.Event()
    phones = asyncio.create_task(run_demo_phones(url, data_dir, devices, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await phones


@asynccontextmanager
async def _sweeping(settings: Settings, parts: Parts) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_sweeping(settings))
    parts.watch("the sweep", task)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _database(settings: Settings, parts: Parts) -> AsyncIterator[Settings]:
    """A migrated database: the one that is set, or our own in the data folder."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            server = await stack.enter_async_context(embedded.server(settings.data_dir))
            ended = asyncio.create_task(server.wait_ended())
            stack.callback(ended.cancel)
            parts.watch("PostgreSQL", ended)
            settings = with_addresses(settings, server)
        await migrate(settings.owner_dsn)
        yield settings


def _links(url: str) -> str:
    return (
        f"console    {url}/\n"
        f"field app  {url}/app/\n"
        "An account is made by: naryad account create NAME --time-zone ZONE --admin LOGIN"
    )
