"""Applying a device's operations: each exactly once, acknowledged in the transaction of its effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from naryad.actions.cards import card_of, refused_sides
from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.actions.operations import Hand, Outcome, perform
from naryad.db import conflicts, devices, operations
from naryad.db.operations import Receipt
from naryad.domain.change import Actor
from naryad.domain.conflict import Conflict
from naryad.domain.ids import AccountId, DeviceId, OperationId, UserId
from naryad.domain.json import Json, JsonObject, storable
from naryad.domain.operation import Status, parse
from naryad.domain.refusals import Refusal, Slug


@dataclass(frozen=True, slots=True)
class Sent:
    """An operation as it came: only its number and id are known to be right."""

    seq: int
    id: OperationId
    body: JsonObject


@dataclass(frozen=True, slots=True)
class Applied:
    """`acknowledged` is the device's last number; results are in the order of the numbers."""

    acknowledged: int
    results: Sequence[JsonObject]


async def apply_operations(
    stores: Stores,
    account_id: AccountId,
    actor: Actor,
    worker: UserId,
    device_id: DeviceId,
    sent: Sequence[Sent],
    skew: timedelta,
) -> Applied:
    """Apply operations in the order of `seq`. What was applied before is answered from its receipt.

    Raises Refusal: operation-gap or operation-mismatch, with `last_seq`; nothing is done then.
    """
    ordered = sorted(sent, key=lambda one: one.seq)
    async with open_ledger(stores, account_id) as ledger:
        account = ledger.account
        of_this_epoch = not account.restored or await devices.has_synced_in(
            ledger.connection, account_id, device_id, account.epoch
        )
        hand = Hand(actor, worker, skew, of_this_epoch)
        last = await devices.last_seq(ledger.connection, account_id, device_id)
        known = await operations.find(
            ledger.connection, account_id, device_id, [one.seq for one in sent], [one.id for one in sent]
        )
        by_seq = {receipt.seq: receipt for receipt in known}
        by_id = {receipt.id: receipt for receipt in reversed(known)}
        _check_numbers(ordered, last, by_seq)
        results: list[JsonObject] = []
        receipts: list[Receipt] = []
        cards: list[Conflict] = []
        for one in ordered:
            earlier = by_id.get(one.id)
            if earlier is None:
                receipt, card = await _perform(ledger, hand, one)
                results.append(receipt.result)
                cards += [card] if card else []
            else:
                receipt = Receipt(one.seq, one.id, earlier.job_id, {"repeats": earlier.seq}, earlier.result)
                results.append(_again(one.seq, earlier.result))
            if one.seq > last:
                receipts.append(receipt)
                by_id[one.id] = receipt
        if receipts:
            last = receipts[-1].seq
            await operations.write(ledger.connection, account_id, device_id, receipts)
            await conflicts.add(ledger.connection, account_id, cards)
            await devices.set_last_seq(ledger.connection, account_id, device_id, last)
    return Applied(last, results)


def _check_numbers(ordered: Sequence[Sent], last: int, by_seq: Mapping[int, Receipt]) -> None:
    """Numbers go on without a gap from `last`; those up to it must be the operations they were."""
    expected = last + 1
    for one in ordered:
        if one.seq <= last:
            receipt = by_seq.get(one.seq)
            if receipt is None or receipt.id != one.id:
                raise Refusal(
                    Slug.OPERATION_MISMATCH,
                    f"Operation {one.seq} is another one: renumber from {last + 1}, keep the ids.",
                    extra={"last_seq": last},
                )
        elif one.seq != expected:
            raise Refusal(
                Slug.OPERATION_GAP,
                f"Operation {expected} is expected next: renumber from there, keep the ids.",
                extra={"last_seq": last},
            )
        else:
            expected += 1


async def _perform(ledger: Ledger, hand: Hand, one: Sent) -> tuple[Receipt, Conflict | None]:
    """The operation's receipt, and the conflict card that its result asks for."""
    body = cast(JsonObject, storable(one.body))
    operation = None
    try:
        if body != one.body:
            raise Refusal(Slug.INVALID_OPERATION, "It contains what is no text: NUL or a lone surrogate.")
        operation = parse(one.seq, one.id, one.body)
        outcome = await perform(ledger, hand, operation)
    except Refusal as refusal:
        both = await refused_sides(ledger, operation)
        outcome = Outcome(Status.REJECTED, None, sides=both, problem=refusal.as_json())
    job_id = operation.job_id if operation else None
    receipt = Receipt(one.seq, one.id, job_id, body, _result(one, outcome))
    return receipt, await card_of(ledger, hand, one.id, body, outcome)


def _result(one: Sent, outcome: Outcome) -> dict[str, Json]:
    result: dict[str, Json] = {"seq": one.seq, "id": str(one.id), "status": outcome.status}
    if outcome.version is not None:
        result["version"] = outcome.version
    if outcome.overrode:
        result["overrode"] = list(outcome.overrode)
    if outcome.lost:
        result["lost"] = list(outcome.lost)
    if outcome.problem is not None:
        result["problem"] = outcome.problem
    return result


def _again(seq: int, result: JsonObject) -> JsonObject:
    return {**result, "seq": seq, "status": Status.DUPLICATE, "original_status": result["status"]}
