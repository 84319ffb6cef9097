"""The whole of Naryad, and a company in it."""

from dataclasses import dataclass

from naryad_gateway.app import Gateway
from support.account import Office


@dataclass
class House:
    """A running Naryad and a company in it. The dispatcher's login is `office-admin`."""

    url: str
    office: Office
    gateway: Gateway
