"""Looking again just before sending: is the worker still to be told, on this phone?"""

from enum import StrEnum

from naryad.db.deliveries import Delivery
from naryad.domain.push_address import NoAddress
from naryad.domain.push_channel import ChannelName
from naryad.domain.push_rules import is_jobs_day
from naryad.domain.visibility import viewers


class Skip(StrEnum):
    """Why a delivery was not sent after all."""

    JOB_DELETED = "job-deleted"
    TAKEN_AWAY = "taken-away"  # unassigned, unpublished, or off the phones
    NOT_TODAY = "not-today"  # moved to another day, or the day is over
    ALREADY_SYNCED = "already-synced"
    UNREGISTERED = "unregistered"  # the phone takes no notifications, or takes them elsewhere now
    SIGNED_OUT = "signed-out"  # the phone was signed out, or its session revoked
    INACTIVE = "inactive"  # the worker was switched off


def reason_to_skip(delivery: Delivery) -> Skip | None:
    """None: send it. R14 is judged here a second time, by the day in the worker's zone."""
    job, worker, phone = delivery.job, delivery.worker, delivery.phone
    if job is None:
        return Skip.JOB_DELETED
    if not delivery.worker_active:
        return Skip.INACTIVE
    if worker.id not in viewers(job):
        return Skip.TAKEN_AWAY
    if not is_jobs_day(job, worker.zone, delivery.now):
        return Skip.NOT_TODAY
    if not phone.signed_in:
        return Skip.SIGNED_OUT
    if delivery.channel is not ChannelName.RECORDING and isinstance(phone.address, NoAddress):
        return Skip.UNREGISTERED
    if phone.synced_version >= delivery.version:
        return Skip.ALREADY_SYNCED
    return None
