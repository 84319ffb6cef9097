"""The ways to a phone, by name."""

from enum import StrEnum


class ChannelName(StrEnum):
    APNS = "apns"
    FCM = "fcm"
    WEBPUSH = "webpush"
    RECORDING = "recording"


SILENT_CAPABLE = frozenset({ChannelName.APNS, ChannelName.FCM})
"""Channels that can wake an app without showing anything: a browser must show something for every push."""
