"""Checking what the desk wants to write into a job, against the account's people and templates."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast
from uuid import UUID

from naryad.actions.ledger import Ledger
from naryad.db import templates, users
from naryad.domain.ids import TemplateId, UserId
from naryad.domain.job import group_of
from naryad.domain.json import Json, JsonObject
from naryad.domain.refusals import FieldError, Refusal, Slug, invalid
from naryad.domain.states import PLANNED, JobState
from naryad.domain.template import Template

SCOPES: Mapping[str | None, Literal["report", "custom"]] = {"report": "report", "custom_fields": "custom"}


async def template_of(ledger: Ledger, fields: JsonObject) -> Template | None:
    """The template these job fields name. Refuses one the account does not have."""
    text = fields.get("template_id")
    if not isinstance(text, str):
        return None
    template = await templates.get(ledger.connection, ledger.account.id, TemplateId(UUID(text)))
    if template is None:
        raise invalid("/template_id", "there is no such template")
    return template


async def check_assignees(ledger: Ledger, fields: JsonObject) -> list[Json]:
    """The assignees, exactly one an editor: the first if none is named. Refuses who is no worker here."""
    wanted = cast("Sequence[Mapping[str, Json]]", fields.get("assignees") or [])
    ids = [UserId(UUID(cast(str, one["worker_id"]))) for one in wanted]
    if len(set(ids)) < len(ids):
        raise invalid("/assignees", "a worker is named twice")
    known = await users.workers(ledger.connection, ledger.account.id, ids)
    for place, one in enumerate(ids):
        if one not in known or not known[one].active:
            raise invalid(f"/assignees/{place}/worker_id", "there is no such active worker")
    editors = [place for place, one in enumerate(wanted) if one.get("can_edit") is True]
    if len(editors) > 1:
        raise invalid("/assignees", "only one assignee can edit the report")
    editor = editors[0] if editors else 0
    return [{"worker_id": str(one), "can_edit": place == editor} for place, one in enumerate(ids)]


def check_values(template: Template | None, write: JsonObject) -> None:
    """Custom and report values must fit their template field; of no known field they are kept as they are."""
    errors = value_errors(template, write)
    if errors:
        raise Refusal(Slug.INVALID_REQUEST, "Some values do not fit their fields.", errors=errors)


def value_errors(template: Template | None, write: JsonObject) -> tuple[FieldError, ...]:
    errors: list[FieldError] = []
    for name, value in write.items():
        head = group_of(name)
        scope = SCOPES.get(head)
        if template is None or value is None or scope is None:
            continue
        key = name.partition(".")[2]
        field = template.field(scope, key)
        complaint = field.complaint(value) if field else None
        if complaint:
            errors.append(FieldError(f"/{head}/{key}", complaint))
    return tuple(errors)


def state_by_date(state: JobState, scheduled: bool) -> JobState:
    """Before publishing, the date decides: posted without, scheduled with. A published job keeps one."""
    if state in PLANNED:
        return JobState.SCHEDULED if scheduled else JobState.POSTED
    if not scheduled and state is not JobState.CANCELED:
        raise Refusal(
            Slug.DATE_REQUIRED,
            "A published job keeps a date: unpublish it first.",
            errors=(FieldError("/scheduled_at", "required"),),
        )
    return state
