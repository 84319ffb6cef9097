"""Accounts, users and what a role may do."""

from dataclasses import dataclass
from enum import StrEnum

from naryad.domain.ids import AccountId, UserId
from naryad.domain.json import JsonObject
from naryad.domain.push_text import PushText


class Role(StrEnum):
    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    WORKER = "worker"


DESK = frozenset({Role.ADMIN, Role.DISPATCHER})
"""Those who plan jobs and see all of them."""


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    name: str
    time_zone: str  # IANA
    locale: str
    epoch: str
    policy: JsonObject
    shared_version: int
    push_text: PushText = PushText.MINIMAL
    restored: tuple[int, ...] = ()  # the versions at which restored backups ended, the first one first


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    login: str
    name: str
    role: Role
    time_zone: str | None
    locale: str | None
    active: bool
