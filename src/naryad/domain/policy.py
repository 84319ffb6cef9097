"""The sync policy an account gives its phones. The same defaults are compiled into the clients."""

from naryad.domain.json import JsonObject

DEFAULT_POLICY: JsonObject = {
    "version": 0,  # of the change that set it
    "interval_s": 120,  # R4
    "files_on": "fast",  # R7, R8
    "slow_below_kbit_s": 150,
    "photo_max_px": 1920,
    "photo_quality": 0.8,
    "retention_days": 14,
}
