"""Names of objects.

`<account>/parts/<upload>/<part>`           what arrived of an upload
`<account>/content/<sha256>/<generation>/<n>`  a content, in segments
`<account>/previews/<sha256>/<size>.jpg`    a preview of a content
"""

from uuid import UUID

from naryad.domain.files import Content
from naryad.domain.ids import AccountId, UploadId


def parts_of(account_id: AccountId) -> str:
    return f"{account_id}/parts"


def part(account_id: AccountId, upload_id: UploadId, name: UUID) -> str:
    return f"{account_id}/parts/{upload_id}/{name}"


def contents_of(account_id: AccountId) -> str:
    return f"{account_id}/content"


def segment(account_id: AccountId, sha256: str, generation: UUID, number: int) -> str:
    return f"{account_id}/content/{sha256}/{generation}/{number:05}"


def segments(account_id: AccountId, content: Content) -> list[str]:
    return [
        segment(account_id, content.sha256, content.generation, number) for number in range(content.segments)
    ]


def previews_of(account_id: AccountId) -> str:
    return f"{account_id}/previews"


def preview(account_id: AccountId, sha256: str, size: int) -> str:
    return f"{account_id}/previews/{sha256}/{size}.jpg"
