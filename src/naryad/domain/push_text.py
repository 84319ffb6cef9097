"""How much of a customer a lock screen may show: an account's choice. It never shows a telephone number."""

from enum import StrEnum


class PushText(StrEnum):
    MINIMAL = "minimal"  # the job's number and time
    ADDRESS = "address"  # and the address
    FULL = "full"  # and the client's name
