"""Whom the connections to push providers trust: the system's certificates, and those that are set."""

import ssl
from pathlib import Path

import certifi

from naryad.settings import SettingWrong


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """For clients. Raises SettingWrong when NARYAD_PUSH_CA_FILE holds no certificates."""
    context = ssl.create_default_context()
    system = ssl.get_default_verify_paths()
    if system.cafile is None and system.capath is None:  # a Python built for another system's paths
        context.load_verify_locations(certifi.where())
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise SettingWrong(
                f"NARYAD_PUSH_CA_FILE: {ca_file} holds no certificates that can be read "
                f"({error.strerror or error}): a file of PEM certificates is expected"
            ) from error
    return context
