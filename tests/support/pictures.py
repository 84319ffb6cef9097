"""Pictures as phones take them, and as those who mean harm make them."""

import io
import struct
import zlib

from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, turned: bool = False) -> bytes:
    """Red on the left, blue on the right. `turned`: the camera was held upright, as its EXIF says."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ivan"
    if turned:
        exif[0x0112] = 6  # the top is on the right
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (55.0, 45.0, 0.0)
    made = io.BytesIO()
    picture.save(made, "JPEG", exif=exif, quality=90)
    return made.getvalue()


def signature() -> bytes:
    """A dark stroke on nothing."""
    picture = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    picture.paste((0, 0, 80, 255), (10, 40, 290, 60))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
