"""Sessions, users, templates and devices."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from naryad.domain.people import Role
from naryad.domain.push_text import PushText
from naryad.domain.template import FieldType
from naryad_api.shapes.base import Answer, Key, Line, Shape

Login = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\S+$")
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Zone = Annotated[str, StringConstraints(max_length=64)]
Locale = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z0-9-]*$")]


class DeviceShape(Shape):
    id: UUID
    name: Line
    platform: Literal["ios", "android", "web", "other"]
    app_version: Annotated[Line, Field(max_length=50)] | None = None
    locale: Locale | None = None
    time_zone: Zone | None = None


class SignIn(Shape):
    login: Login
    password: Password
    transport: Literal["cookie", "bearer"]
    device: DeviceShape | None = None


class UserAnswer(Answer):
    id: UUID
    login: str
    name: str
    role: Role
    time_zone: str | None = None
    locale: str | None = None
    active: bool


class AccountAnswer(Answer):
    id: UUID
    name: str
    time_zone: str
    locale: str
    policy: dict[str, Any]
    push_text: PushText


class RoomAnswer(Answer):
    max_bytes: int
    quota_bytes: int
    stored_bytes: int


class AccountWithRoomAnswer(AccountAnswer):
    files: RoomAnswer


class SessionAnswer(Answer):
    id: UUID
    expires_at: str


class DeviceSeqAnswer(Answer):
    id: UUID
    last_seq: int


class PushStateAnswer(Answer):
    """`reason`, why it is off: `moved` (the token is another device's now), or the provider's words."""

    channel: Literal["apns", "fcm", "webpush"]
    state: Literal["on", "off"]
    reason: str | None = None
    since: str


class MyDeviceAnswer(DeviceSeqAnswer):
    push: PushStateAnswer | None = None


class MeAnswer(Answer):
    user: UserAnswer
    account: AccountAnswer
    device: MyDeviceAnswer | None = None


class SignedInAnswer(Answer):
    user: UserAnswer
    account: AccountAnswer
    device: DeviceSeqAnswer | None = None
    session: SessionAnswer
    token: str | None = None


class SessionsAnswer(Answer):
    sessions: list[dict[str, Any]]
    next: UUID | None = None


class UserCreate(Shape):
    id: UUID | None = None
    login: Login
    name: Line
    role: Role
    password: Password
    time_zone: Zone | None = None
    locale: Locale | None = None


class UserPatch(Shape):
    """What is absent stays; null clears `time_zone` and `locale`."""

    login: Login | None = None
    name: Line | None = None
    role: Role | None = None
    active: bool | None = None
    password: Password | None = None
    time_zone: Zone | None = None
    locale: Locale | None = None


class PolicyPatch(Shape):
    interval_s: Annotated[int, Field(ge=30, le=3600)] | None = None
    files_on: Literal["fast", "any"] | None = None
    slow_below_kbit_s: Annotated[int, Field(ge=0, le=100_000)] | None = None
    photo_max_px: Annotated[int, Field(ge=320, le=10_000)] | None = None
    photo_quality: Annotated[float, Field(gt=0, le=1)] | None = None
    retention_days: Annotated[int, Field(ge=1, le=365)] | None = None


class RoomPatch(Shape):
    """Limits of this account's files, within those of the installation; null takes those."""

    max_bytes: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    quota_bytes: Annotated[int, Field(ge=1, lt=2**53)] | None = None


class AccountPatch(Shape):
    """What is absent stays. `push_text`: what a lock screen shows of a customer; telephone numbers never."""

    name: Line | None = None
    time_zone: Zone | None = None
    locale: Locale | None = None
    policy: PolicyPatch | None = None
    push_text: PushText | None = None
    files: RoomPatch | None = None


class UsersAnswer(Answer):
    users: list[UserAnswer]
    next: UUID | None = None


class TemplateFieldShape(Shape):
    key: Key
    name: Line
    type: FieldType
    scope: Literal["report", "custom"] = "report"
    required: bool = False
    options: Annotated[list[Line], Field(max_length=100)] | None = None


class ResolutionShape(Shape):
    id: UUID | None = None
    name: Line
    successful: bool


class TemplateCreate(Shape):
    id: UUID | None = None
    name: Line
    fields: Annotated[list[TemplateFieldShape], Field(max_length=200)] = Field(default_factory=list)
    resolutions: Annotated[list[ResolutionShape], Field(max_length=50)] = Field(default_factory=list)


class TemplateAnswer(Answer):
    id: UUID
    name: str
    version: int
    fields: list[dict[str, Any]]
    resolutions: list[dict[str, Any]]


class TemplatesAnswer(Answer):
    templates: list[TemplateAnswer]
    next: UUID | None = None


class DeviceAnswer(Answer):
    id: UUID
    worker_id: UUID
    name: str
    platform: str
    app_version: str | None = None
    last_contact_at: str | None = None
    network: str | None = None
    unsent: dict[str, int] | None = None
    push: PushStateAnswer | None = None


class DevicesAnswer(Answer):
    devices: list[DeviceAnswer]
    next: UUID | None = None
