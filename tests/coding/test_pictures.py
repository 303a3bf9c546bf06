"""What may be evidence, and the copy in which private people are covered."""

import io

import pytest
from PIL import Image

from coding.pictures import LARGEST, Box, NotAPicture, Picture, cover, examine


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """Stripes of one pixel: whatever is left of them below a cover would show."""
    drawn = Image.new("RGB", size, "white")
    for column in range(0, size[0], 2):
        drawn.paste((0, 0, 0), (column, 0, column + 1, size[1]))
    made = io.BytesIO()
    drawn.save(made, form, **options)
    return made.getvalue()


def bomb() -> bytes:
    """Few bytes that become many: one bit for each of 81 million points."""
    made = io.BytesIO()
    Image.new("1", (9000, 9000)).save(made, "PNG")
    return made.getvalue()


def colours(content: bytes, area: tuple[int, int, int, int]) -> int:
    seen = Image.open(io.BytesIO(content)).convert("RGB").crop(area).getcolors()
    assert seen is not None
    return len(seen)


@pytest.mark.parametrize(
    ("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_three_kinds_of_pictures_are_taken(form: str, media_type: str) -> None:
    assert examine(picture(form)) == Picture(media_type, 60, 40)


def test_a_picture_taken_sideways_is_measured_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert examine(picture("JPEG", exif=exif)) == Picture("image/jpeg", 40, 60)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown"),
        (picture("GIF"), "unknown"),
        (picture()[:90], "damaged"),
        (bomb(), "too_many_pixels"),
        (b"\x89PNG" + bytes(LARGEST), "too_large"),
    ],
    ids=["nothing", "a page in disguise", "a GIF", "half of it", "a bomb", "too many bytes"],
)
def test_what_is_no_picture_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotAPicture) as refused:
        examine(content)
    assert refused.value.reason == reason


def test_nothing_can_be_read_below_a_cover() -> None:
    _media_type, covered = cover(picture(size=(60, 40)), [Box(10, 10, 30, 20)])
    # Nine patches at most, of grey: neither the black nor the white of the stripes is left.
    seen = Image.open(io.BytesIO(covered)).convert("RGB").crop((10, 10, 40, 30))
    assert colours(covered, (10, 10, 40, 30)) <= 9
    assert all(80 < value < 180 for _count, colour in seen.getcolors() for value in colour)


def test_what_is_outside_of_the_covers_stays() -> None:
    _media_type, covered = cover(picture(), [Box(10, 10, 30, 20)])
    original = Image.open(io.BytesIO(picture()))
    for area in [(0, 0, 10, 40), (40, 0, 60, 40), (10, 0, 40, 10), (10, 30, 40, 40)]:
        seen = Image.open(io.BytesIO(covered)).crop(area)
        assert seen.tobytes() == original.crop(area).tobytes()


def test_a_cover_that_leaves_the_picture_is_cut_off_at_its_edge() -> None:
    _media_type, covered = cover(picture(), [Box(50, -5, 100, 100), Box(500, 500, 5, 5)])
    assert Image.open(io.BytesIO(covered)).size == (60, 40)
    assert colours(covered, (50, 0, 60, 40)) <= 9


def test_the_copy_tells_nothing_of_where_and_how_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    media_type, covered = cover(picture("JPEG", exif=exif), [])
    assert media_type == "image/jpeg"
    assert b"A telephone" in picture("JPEG", exif=exif)
    assert b"A telephone" not in covered
