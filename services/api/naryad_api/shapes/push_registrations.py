"""Where a device is reached."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from naryad.domain.subscription_keys import is_auth, is_p256dh
from naryad_api.shapes.base import Shape

MOST = 2_000

Token = Annotated[str, StringConstraints(min_length=1, max_length=MOST, pattern=r"^[!-~]+$")]
"""What a provider gave to the app, as it is."""


def _point(text: str) -> str:
    if not is_p256dh(text):
        raise ValueError("an uncompressed point of P-256 in base64url is expected (RFC 8291)")
    return text


def _secret(text: str) -> str:
    if not is_auth(text):
        raise ValueError("16 bytes in base64url are expected (RFC 8291)")
    return text


class KeysShape(BaseModel):
    p256dh: Annotated[str, StringConstraints(max_length=100), AfterValidator(_point)]
    auth: Annotated[str, StringConstraints(max_length=40), AfterValidator(_secret)]


class SubscriptionShape(BaseModel):
    """`PushSubscription.toJSON()` as the browser made it; what it adds beside these members is ignored."""

    model_config = ConfigDict(extra="ignore")

    endpoint: Token
    keys: KeysShape


class PushRegistration(Shape):
    """`apns` and `fcm` with a `token`, `webpush` with a `subscription`; `environment` belongs to `apns`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"channel": "apns", "token": "ab" * 32, "environment": "production"},
                {"channel": "fcm", "token": "dGhpcyBpcyBhIHRva2Vu:APA91bHPRgkF3JUikC4ENAHEeMrd41Zxv3hVZjC9"},
            ]
        }
    )

    channel: Literal["apns", "fcm", "webpush"]
    token: Token | None = None
    subscription: SubscriptionShape | None = None
    environment: Annotated[
        Literal["production", "sandbox"] | None, Field(description="Of `apns`; `production` without it.")
    ] = None
