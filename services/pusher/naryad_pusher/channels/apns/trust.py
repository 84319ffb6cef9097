"""Whom we believe to be Apple."""

import ssl

from naryad.settings import PREFIX, Settings
from naryad_pusher.channels.apns.credentials import UnusableCredentials


def trusted(settings: Settings) -> ssl.SSLContext:
    """The system's CAs and those of NARYAD_PUSH_CA_FILE, for HTTP/2. Raises UnusableCredentials."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2"])
    if settings.push_ca_file is not None:
        try:
            context.load_verify_locations(cafile=settings.push_ca_file)
        except OSError as error:  # ssl.SSLError among it
            raise UnusableCredentials(
                f"{PREFIX}PUSH_CA_FILE={settings.push_ca_file} cannot be used: {error.strerror or error}; "
                "it must hold certificates in PEM"
            ) from None
    return context
