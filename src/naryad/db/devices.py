"""Devices, and the numbering of their operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from naryad.db.pool import Connection, Row
from naryad.db.push_registrations import PushState
from naryad.domain.ids import AccountId, DeviceId, UserId
from naryad.domain.push_channel import ChannelName


@dataclass(frozen=True, slots=True)
class Device:
    """A phone or browser as it named itself when it signed in."""

    id: DeviceId
    name: str
    platform: str
    app_version: str | None
    locale: str | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """What a phone last told of itself; None where it has not said."""

    device_id: DeviceId
    last_contact_at: datetime
    network: str | None = None
    unsent_operations: int | None = None
    unsent_files: int | None = None
    unsent_bytes: int | None = None
    app_version: str | None = None
    synced_version: int | None = None  # by the cursor it sent: it holds everything up to there
    synced_epoch: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device with its health, as the desk sees it."""

    device: Device
    worker_id: UserId
    last_seq: int
    health: Health | None
    push: PushState | None


async def register(
    connection: Connection, account_id: AccountId, worker_id: UserId, device: Device
) -> int | None:
    """Make the device known, or renew what it says of itself; returns its `last_seq`.

    None when the device belongs to another worker: nothing is changed then.
    """
    seq = await connection.fetchval(
        """insert into device (account_id, id, worker_id, name, platform, app_version, locale, time_zone)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (account_id, id) do update set
             name = excluded.name, platform = excluded.platform, app_version = excluded.app_version,
             locale = excluded.locale, time_zone = excluded.time_zone
           where device.worker_id = excluded.worker_id
           returning last_seq""",
        account_id,
        device.id,
        worker_id,
        device.name,
        device.platform,
        device.app_version,
        device.locale,
        device.time_zone,
    )
    assert seq is None or isinstance(seq, int)
    return seq


async def last_seq(connection: Connection, account_id: AccountId, device_id: DeviceId) -> int:
    """The number of the device's last acknowledged operation; 0 when there is none."""
    seq = await connection.fetchval(
        "select last_seq from device where account_id = $1 and id = $2", account_id, device_id
    )
    assert isinstance(seq, int)
    return seq


async def set_last_seq(connection: Connection, account_id: AccountId, device_id: DeviceId, seq: int) -> None:
    await connection.execute(
        "update device set last_seq = $3 where account_id = $1 and id = $2", account_id, device_id, seq
    )


async def write_health(connection: Connection, account_id: AccountId, reports: Sequence[Health]) -> None:
    """Store what phones told of themselves; what a report leaves out stays as it was."""
    await connection.executemany(
        """insert into device_health (account_id, device_id, last_contact_at, network,
                                      unsent_operations, unsent_files, unsent_bytes, synced_version,
                                      synced_epoch)
           select $1, $2, $3, $4, $5, $6, $7, coalesce($8::bigint, 0), $9
           where exists (select from device where account_id = $1 and id = $2)
           on conflict (account_id, device_id) do update set
             last_contact_at = greatest(device_health.last_contact_at, excluded.last_contact_at),
             network = coalesce(excluded.network, device_health.network),
             unsent_operations = coalesce(excluded.unsent_operations, device_health.unsent_operations),
             unsent_files = coalesce(excluded.unsent_files, device_health.unsent_files),
             unsent_bytes = coalesce(excluded.unsent_bytes, device_health.unsent_bytes),
             synced_version = greatest(device_health.synced_version, excluded.synced_version),
             synced_epoch = coalesce(excluded.synced_epoch, device_health.synced_epoch),
             stored_at = now()""",
        [
            (account_id, one.device_id, one.last_contact_at, one.network,
             one.unsent_operations, one.unsent_files, one.unsent_bytes, one.synced_version,
             one.synced_epoch)
            for one in reports
        ],
    )  # fmt: skip
    await connection.executemany(
        """update device set app_version = $3
           where account_id = $1 and id = $2 and app_version is distinct from $3""",
        [(account_id, one.device_id, one.app_version) for one in reports if one.app_version],
    )


async def has_synced_in(
    connection: Connection, account_id: AccountId, device_id: DeviceId, epoch: str
) -> bool:
    """The device sent a cursor of this epoch: everything it holds is of this life of the history."""
    return bool(
        await connection.fetchval(
            """select true from device_health
               where account_id = $1 and device_id = $2 and synced_epoch = $3""",
            account_id,
            device_id,
            epoch,
        )
    )


async def page(
    connection: Connection, account_id: AccountId, after: DeviceId | None, limit: int
) -> list[DeviceRow]:
    """Devices with their health, in the order of their making."""
    rows = await connection.fetch(
        """select d.id, d.worker_id, d.name, d.platform, d.app_version, d.locale, d.time_zone, d.last_seq,
                  h.last_contact_at, h.network, h.unsent_operations, h.unsent_files, h.unsent_bytes,
                  r.channel, r.state, r.reason, r.since
           from device d
           left join device_health h on h.account_id = d.account_id and h.device_id = d.id
           left join push_registration r on r.account_id = d.account_id and r.device_id = d.id
           where d.account_id = $1 and ($2::uuid is null or d.id > $2)
           order by d.id limit $3""",
        account_id,
        after,
        limit,
    )
    return [device_row(row) for row in rows]


def device_row(row: Row) -> DeviceRow:
    """A device, its health and its registration as both queries of them name their columns."""
    health = Health(
        DeviceId(row["id"]),
        row["last_contact_at"],
        row["network"],
        row["unsent_operations"],
        row["unsent_files"],
        row["unsent_bytes"],
    )
    return DeviceRow(
        device=Device(
            DeviceId(row["id"]),
            row["name"],
            row["platform"],
            row["app_version"],
            row["locale"],
            row["time_zone"],
        ),
        worker_id=UserId(row["worker_id"]),
        last_seq=row["last_seq"],
        health=health if row["last_contact_at"] else None,
        push=PushState(ChannelName(row["channel"]), row["state"], row["reason"], row["since"])
        if row["channel"]
        else None,
    )
