"""The API service: what it is made of, in the order a request meets it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI

from naryad.actions.ledger import Stores
from naryad.blobs.previews.workers import Workers
from naryad.db.doorbell import open_doorbell
from naryad.db.poll import PollConnections
from naryad.db.pool import open_database
from naryad.settings import Settings
from naryad.storage import open_storage
from naryad_api import health, pages
from naryad_api.compression import Compression
from naryad_api.contact import Contacts
from naryad_api.errors import add_handlers
from naryad_api.idle import IdlePoll
from naryad_api.limits import BodyLimit, RequestId
from naryad_api.openapi import describe
from naryad_api.routes import (
    attachments,
    conflicts,
    devices,
    files,
    jobs,
    people,
    push_registrations,
    sessions,
    sync,
    uploads,
    webpush,
)
from naryad_api.tus.desk import UploadDesk
from naryad_api.tus.early import EarlyIntake
from naryad_api.tus.version import TusVersion


def create_app(settings: Settings) -> IdlePoll:
    """The API and the web apps, as one ASGI application with a lifespan.

    Raises BadStorageUrl, and StorageUnavailable for a folder that cannot be made.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        dsn = settings.database_dsn
        async with (
            open_database(dsn, name="naryad-api", max_size=settings.pool_size) as database,
            open_doorbell(settings.listen_dsn) as doorbell,
            anyio.create_task_group() as tasks,
        ):
            contacts = Contacts(database)
            app.state.stores = Stores(database, doorbell)
            app.state.contacts = contacts
            app.state.previews = previews = Workers()
            polls = PollConnections(database)
            idle.polls, idle.contacts = polls, contacts
            tasks.start_soon(contacts.keep_storing)
            yield
            await previews.close()
            await polls.close()
            tasks.cancel_scope.cancel()

    app = FastAPI(
        title="Naryad",
        version="0.1.0",
        summary="Field jobs that reach the phone and come back.",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.upload_desk = desk = UploadDesk()
    app.state.blobs = open_storage(settings)
    describe(app)
    add_handlers(app)
    for module in (
        sessions,
        people,
        jobs,
        conflicts,
        sync,
        devices,
        push_registrations,
        webpush,
        uploads,
        files,
        attachments,
    ):
        app.include_router(module.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    idle = IdlePoll(RequestId(TusVersion(EarlyIntake(BodyLimit(Compression(app)), desk))))
    return idle
