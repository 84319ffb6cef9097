"""The sync policy an account gives its phones. The same default file is compiled into the clients."""

import json
from importlib import resources

from naryad.domain.json import JsonObject

DEFAULT_POLICY: JsonObject = json.loads(
    resources.files("naryad.domain").joinpath("default_policy.json").read_text(encoding="utf-8")
)
"""R4: `interval_s`; R7 and R8: `files_on`, `slow_below_kbit_s`; `version` is of the change that set it."""
