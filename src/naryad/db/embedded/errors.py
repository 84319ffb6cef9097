"""What can keep the embedded server from running, each said in words for the person who started it."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the message says why and what to do."""


class DataFolderInUse(EmbeddedError):
    """Another process holds this data folder."""


class ForeignVersion(EmbeddedError):
    """The data folder was made by another major version of PostgreSQL."""
