"""What the desk does with conflict cards."""

from dataclasses import replace

from naryad.actions.jobs import edit
from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.db import conflicts
from naryad.domain.change import Actor
from naryad.domain.conflict import Conflict, Resolved, Take, moved_on, other_values
from naryad.domain.ids import AccountId, ConflictId
from naryad.domain.job import group_of
from naryad.domain.refusals import FieldError, Refusal, Slug, invalid, not_found


async def resolve_conflict(
    stores: Stores, account_id: AccountId, by: Actor, id: ConflictId, take: Take
) -> Conflict:
    """Close a card: keep what stands, or write the other value as the desk's edit. Once: the first wins.

    Raises Refusal: not-found, version-mismatch, invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        card = await conflicts.get(ledger.connection, account_id, id)
        if card is None:
            raise not_found()
        if card.resolved:
            return card
        if take is Take.OTHER:
            await _take_other(ledger, card, by)
        resolved = Resolved(ledger.now, by.id, take)
        await conflicts.resolve(ledger.connection, account_id, id, resolved)
    return replace(card, resolved=resolved)


async def _take_other(ledger: Ledger, card: Conflict, by: Actor) -> None:
    write = other_values(card.fields)
    if not write:
        raise invalid("/take", "this card holds no value that the desk can write: close it with current")
    job = await ledger.job(card.job.id) if card.job else None
    if job is None:
        raise invalid("/take", "the job was deleted: close the card with current")
    changed = moved_on({name: card.fields[name] for name in write}, job.fields)
    if changed:
        raise Refusal(
            Slug.VERSION_MISMATCH,
            "The job has changed since this card was made: look at it again, then keep or edit it.",
            errors=tuple(FieldError(_pointer(name), "changed since") for name in changed),
            extra={"version": job.version},
        )
    await edit(ledger, job, write, by)


def _pointer(name: str) -> str:
    """`report.meter` → `/report/meter`."""
    head = group_of(name)
    return f"/{name}" if head is None else f"/{head}/{name[len(head) + 1 :]}"
