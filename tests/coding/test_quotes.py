"""Places in a text become the words that stand there, and nothing else does."""

import json
from typing import Any

import pytest

from coding.quotes import LONGEST, UnreadableQuote, quotable, read, typed, words

SOURCE = quotable("Айнура 👋🏽 өлкөнүн үмүтү", "", "مرحبا بالعالم")


def sent(*pieces: Any, text: str = SOURCE.hash) -> str:
    return json.dumps({"hash": text, "pieces": pieces})


def place_of(quote: str) -> list[int]:
    """As a browser counts: in UTF-16 code units."""
    before = SOURCE.text[: SOURCE.text.index(quote)]
    start, length = (len(part.encode("utf-16-le")) // 2 for part in (before, quote))
    return [start, start + length]


@pytest.mark.parametrize(
    "quote", ["Айнура", "👋🏽", "🏽 өлкө", "үмүтү\nمرحبا", "العالم", SOURCE.text]
)
def test_a_place_gives_the_words_that_stand_there(quote: str) -> None:
    assert words(read(sent(place_of(quote))), SOURCE) == quote


def test_empty_parts_of_a_post_are_left_out() -> None:
    assert SOURCE.text == "Айнура 👋🏽 өлкөнүн үмүтү\nمرحبا بالعالم"


def test_what_was_typed_stands_between_places() -> None:
    quote = read(sent("“", place_of("Айнура"), " […] ", place_of("үмүтү"), "” \x00"))
    assert words(quote, SOURCE) == "“Айнура […] үмүтү”"


def test_of_another_text_only_what_was_typed_is_left() -> None:
    changed = quotable(f"{SOURCE.text}.")
    quote = read(sent("She says: ", place_of("үмүтү")))
    assert words(quote, changed) is None
    assert typed(quote) == "She says: […]"
    assert typed(read(sent(place_of("Айнура"), " … ", place_of("үмүтү")))) == ""


def test_half_an_emoji_that_was_typed_is_replaced_as_in_a_form() -> None:
    assert words(read(sent("👋 \ud83d", place_of("Айнура"))), SOURCE) == "👋 \ufffdАйнура"


@pytest.mark.parametrize(
    "place",
    [
        *([-1, 3], [3, 3], [4, 2], [0, 2**70], [0, LONGEST + 1]),
        *([0], [0, 1, 2], [0, 1.0], [True, 2], ["0", "1"], [None, 1], {"0": 1}, 7, None),
    ],
)
def test_what_is_no_place_cannot_be_read(place: Any) -> None:
    with pytest.raises(UnreadableQuote):
        read(sent(place))


@pytest.mark.parametrize(
    "given",
    [
        *("", "x", "[]", "7", "null", '{"pieces": []}', '{"hash": "0"}', "[" * 50_000),
        *('{"hash": "0", "pieces": 7}', '{"hash": "0", "pieces": [[1e999, NaN]]}'),
        f'{{"hash": "0", "pieces": ["{"a" * LONGEST}"]}}',
        f'{{"hash": "0", "pieces": [[0, 1{"0" * 5000}]]}}',
        json.dumps({"hash": "0", "pieces": [[0, 60_000]] * 2}),
    ],
)
def test_what_is_no_marked_quote_cannot_be_read(given: str) -> None:
    with pytest.raises(UnreadableQuote):
        read(given)


@pytest.mark.parametrize("place", [[0, 1000], [0, 8], [8, 11]])
def test_a_place_beyond_the_end_or_through_an_emoji_is_none_of_the_text(place: list[int]) -> None:
    with pytest.raises(UnreadableQuote):
        words(read(sent(place)), SOURCE)
