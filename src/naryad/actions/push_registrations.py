"""A device says where it is reached."""

from naryad.actions.ledger import Stores
from naryad.db import push_registrations
from naryad.db.push_registrations import Registration
from naryad.domain.ids import AccountId, DeviceId


async def register_push(
    stores: Stores, account_id: AccountId, device_id: DeviceId, registration: Registration
) -> None:
    """From now on this device is reached there, and no other one of the installation."""
    async with stores.database.across() as connection:
        await push_registrations.register(connection, account_id, device_id, registration)


async def unregister_push(stores: Stores, account_id: AccountId, device_id: DeviceId) -> None:
    """The device is reached nowhere; it may never have been."""
    async with stores.database.account(account_id) as connection:
        await push_registrations.forget(connection, account_id, device_id)
