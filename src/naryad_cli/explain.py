"""What a command can meet outside of itself, in words and as an exit code."""

from pydantic import ValidationError

from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.open import BadStorageUrl
from naryad.db.embedded import DataFolderInUse, EmbeddedError
from naryad.db.pool import NotLetIn, Unavailable
from naryad.db.schema import MigrationFailed, SchemaMismatch
from naryad.settings import PREFIX, SettingMissing, Settings
from naryad_cli.failures import CommandError, Exit


def explain(error: Exception) -> tuple[str, Exit] | None:
    """None when it is a fault of the program, which deserves its traceback."""
    match error:
        case CommandError():
            return str(error), error.code
        case ValidationError(title=Settings.__name__):
            return _settings(error), Exit.USAGE
        case SettingMissing() | BadStorageUrl():
            return str(error), Exit.USAGE
        case DataFolderInUse():
            return str(error), Exit.IN_USE
        case EmbeddedError():
            return str(error), Exit.FAILED
        case SchemaMismatch():
            return str(error), Exit.SCHEMA
        case MigrationFailed():
            return f"The migration failed, nothing was changed: {error}", Exit.FAILED
        case StorageUnavailable():
            return f"The storage of files is not reachable: {error}", Exit.UNREACHABLE
        case _ if isinstance(error, NotLetIn):
            return f"The database does not let us in: {error}", Exit.UNREACHABLE
        case _ if isinstance(error, Unavailable):
            return f"The database is not reachable: {str(error) or type(error).__name__}", Exit.UNREACHABLE
        case _:
            return None


def _settings(error: ValidationError) -> str:
    lines = [
        f"  {PREFIX}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    ]
    return "\n".join(["a setting is wrong (`naryad settings` explains them all):", *lines])
