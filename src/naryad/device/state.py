"""Everything a device must not forget, as one frozen value. Changing it means making the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from naryad.device.held import HeldJob
from naryad.device.held_file import HeldFile
from naryad.device.operations import Operation
from naryad.domain.ids import DeviceId, FileId, JobId, OperationId, TemplateId
from naryad.domain.json import JsonObject
from naryad.domain.network import Network
from naryad.domain.sync_policy import DEFAULT, SyncPolicy

NOTICES_KEPT = 500
"""The newest; older ones make room. The history on the server keeps everything that reached it."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the dispatcher sees of a phone. Told with a POST when it changed, never in an idle poll."""

    network: Network
    """Never offline: a phone that is offline tells nothing."""
    unsent_operations: int
    """Those that stay on the phone when this request has been answered."""
    unsent_files: int
    unsent_bytes: int
    app_version: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the worker must be told about work that was sent: refused, late, partly not taken, or put
    in the place of another's. Holds the whole operation, so that what was typed stays readable."""

    operation: Operation
    status: Literal["rejected", "late", "lost", "overrode"]
    lost: tuple[str, ...] = ()
    """Fields whose other value was kept."""
    overrode: tuple[str, ...] = ()
    """Fields whose other value was replaced."""
    problem: JsonObject | None = None
    """RFC 9457, for a rejected operation."""
    noticed_at: str = ""
    """The server's time of the answer that brought it."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    device_id: DeviceId
    acknowledged: int = 0
    """The last `seq` that the server confirmed."""
    cursor: str | None = None
    expired: bool = False
    """The cursor was refused: the next request says by `have` what is held."""
    jobs: Mapping[JobId, HeldJob] = field(default_factory=dict)
    gone: Mapping[JobId, HeldJob] = field(default_factory=dict)
    """Taken away, but unsent work or an unread notice still speaks of them."""
    templates: Mapping[TemplateId, JsonObject] = field(default_factory=dict)
    policy: SyncPolicy = DEFAULT
    outbox: tuple[Operation, ...] = ()
    """In the order of `seq`, which is the order the work was done in."""
    notices: Mapping[OperationId, Notice] = field(default_factory=dict)
    """By the operation they are about, oldest first."""
    files: Mapping[FileId, HeldFile] = field(default_factory=dict)
    """Photos that have to be sent, attachments that are held or have to be fetched."""
    told: Health | None = None
    """The health that the server last confirmed."""

    def held(self, job: JobId) -> HeldJob | None:
        return self.jobs.get(job) or self.gone.get(job)
