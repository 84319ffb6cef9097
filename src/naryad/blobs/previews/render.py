"""The process that makes previews: `python -m naryad.blobs.previews.render`.

Whatever a picture does to its decoder, it does it here: memory, pixels and formats are limited, no file
can be written, and the parent ends the process when it takes too long.
"""

import io
import resource
import struct
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from naryad.blobs.previews.pipe import ANSWER, MADE, REFUSED, REQUEST

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEMORY = 1024**3
MAX_PIXELS = 60_000_000
MAX_JPEG_PIXELS = 220_000_000
"""A JPEG is decoded at a fraction of its size."""

QUALITY = 82
NO_PICTURE = "it is no JPEG, PNG, WebP or GIF picture"


class Refused(Exception):
    """Why no preview is made, in words."""


def make(data: bytes, longest: int) -> bytes:
    """A JPEG of at most `longest` pixels a side, upright, with nothing of the original but its pixels."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            limit = MAX_JPEG_PIXELS if picture.format == "JPEG" else MAX_PIXELS
            if picture.width * picture.height > limit:
                raise Refused(f"it has {picture.width} × {picture.height} pixels")
            picture.draft("RGB", (2 * longest, 2 * longest))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            made = io.BytesIO()
            _opaque(upright).save(made, "JPEG", quality=QUALITY, optimize=True)
    except UnidentifiedImageError:
        raise Refused(NO_PICTURE) from None
    except MemoryError:
        raise Refused("it takes too much memory") from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError) as error:
        raise Refused(f"it cannot be read whole: {error}") from None
    return made.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, where it is transparent: a signature is dark on nothing."""
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white
    plain = picture.convert("RGB")
    plain.info.clear()
    return plain


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    while head := requests.read(REQUEST.size):
        longest, length = REQUEST.unpack(head)
        try:
            status, body = MADE, make(requests.read(length), longest)
        except Refused as refused:
            status, body = REFUSED, str(refused)[:500].encode()
        answers.write(ANSWER.pack(status, len(body)) + body)
        answers.flush()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.preinit()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
