"""The shape of Web Push's public key."""

from typing import Annotated

from pydantic import ConfigDict, Field

from naryad_api.shapes.base import Answer

EXAMPLE = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"


class WebPushKeyAnswer(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [{"key": EXAMPLE}]})

    key: Annotated[str, Field(description="A P-256 point, uncompressed, in base64url without padding.")]
