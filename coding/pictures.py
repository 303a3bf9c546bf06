"""Pictures as evidence: what may be one, and the copy in which private people are covered.

Bytes in, bytes out. A picture from outside is hostile: it is measured before it is decoded, and the
copy is drawn anew, so that neither metadata nor what lies under a cover is in it.
"""

import io
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 15 * 1024**2  # bytes
MOST_PIXELS = 40_000_000
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
# A cover shows this many patches of colour along each side: too few to tell a face or a name.
PATCHES = 3


class Picture(NamedTuple):
    """A picture that can be shown; width and height in pixels, as it is seen upright."""

    media_type: str
    width: int
    height: int


class Box(NamedTuple):
    """A part of a picture, in pixels from its top left corner."""

    left: int
    top: int
    width: int
    height: int


class NotAPicture(Exception):
    """Bytes that are no picture we take; ``reason`` is one of the keys of ``REASONS``."""

    REASONS = ("too_large", "unknown", "too_many_pixels", "damaged")

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def examine(content: bytes) -> Picture:
    """What a picture is. Raises NotAPicture."""
    upright = _decoded(content)
    return Picture(FORMATS[_opened(content).format or ""], *upright.size)


def cover(content: bytes, boxes: Iterable[Box]) -> tuple[str, bytes]:
    """Media type and bytes of a new picture, with a mosaic of a few patches over each box.

    What lies outside the picture is cut off; a box that lies there wholly covers nothing.
    Raises NotAPicture.
    """
    canvas = _decoded(content).convert("RGB")
    for box in boxes:
        right = min(box.left + box.width, canvas.width)
        bottom = min(box.top + box.height, canvas.height)
        area = (max(box.left, 0), max(box.top, 0), right, bottom)
        size = (area[2] - area[0], area[3] - area[1])
        if min(size) > 0:
            patches = (min(PATCHES, size[0]), min(PATCHES, size[1]))
            mosaic = canvas.crop(area).resize(patches, Image.Resampling.BOX)
            canvas.paste(mosaic.resize(size, Image.Resampling.NEAREST), area[:2])
    made = io.BytesIO()
    if _opened(content).format == "JPEG":
        canvas.save(made, "JPEG", quality=90)
        return FORMATS["JPEG"], made.getvalue()
    canvas.save(made, "PNG", optimize=True)
    return FORMATS["PNG"], made.getvalue()


def _opened(content: bytes) -> Image.Image:
    """The picture with its head read only."""
    if len(content) > LARGEST:
        raise NotAPicture("too_large")
    try:
        picture = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAPicture("unknown") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise NotAPicture("too_many_pixels")
    return picture


def _decoded(content: bytes) -> Image.Image:
    picture = _opened(content)
    try:
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAPicture("damaged") from error
