"""Whom we believe to be Apple."""

import ssl

from naryad.settings import Settings
from naryad_pusher.channels.trust import trust


def trusted(settings: Settings) -> ssl.SSLContext:
    """For HTTP/2, which aioapns alone would not ask for. Raises SettingWrong."""
    context = trust(settings.push_ca_file)
    context.set_alpn_protocols(["h2"])
    return context
