"""Finding the actors a text names, in the languages of the room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.mentions import find_mentions

NAMES = {
    1: ["Japarov Sadyr", "Садыр Жапаров"],
    2: ["Madumarov Adakhan", "Адахан Мадумаров"],
    3: ["Isaev Kanat", "Канат Исаев"],
    4: ["Tolbaev Babur", "Бабур Толбаев"],
    5: ["Isaev Aman", "Аман Исаев"],
    6: ["Mekenchil", "Мекенчил"],
}


def named(text: str) -> list[tuple[int, str]]:
    return [(span.actor_id, text[span.start : span.end]) for span in find_mentions(text, NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        "Садыр Жапаров",
        "Жапаров Садыр",
        "Жапаров",
        "Жапарова",
        "Жапарову",
        "Жапаровым",
        "Жапаровдун",
        "Жапаровго",
        "Жапаровду",
        "Садыра Жапарова",
        "Садырга Жапаровго",
        "САДЫР ЖАПАРОВ",
        "садыр жапаров",
        "Sadyr Japarov",
        "Japarov",
        "Japarov's",
        "#Жапаров",
        "«Жапаров»",
    ],
)
def test_a_person_is_found_in_any_script_case_order_and_ending(text: str) -> None:
    assert {actor for actor, _words in named(f"Бүгүн {text}, деди")} == {1}


def test_the_whole_name_is_marked_not_the_surname_alone() -> None:
    assert named("Кечээ Садыр Жапаровдун жыйыны") == [(1, "Садыр Жапаровдун")]


def test_a_surname_that_two_bear_is_not_matched_alone() -> None:
    assert named("Исаев выступил, Исаеву возразили") == []
    assert named("Канат Исаев выступил") == [(3, "Канат Исаев")]
    assert named("Исаев Аман выступил") == [(5, "Исаев Аман")]


def test_a_womans_surname_and_a_mans_are_the_same_surname() -> None:
    family = {1: ["Садыр Жапаров"], 2: ["Айгүл Жапарова"]}
    assert find_mentions("сказал о Жапарова и Жапаров", family) == []
    found = find_mentions("Айгүл Жапарова и Садыр Жапаров", family)
    assert [span.actor_id for span in found] == [2, 1]


def test_names_are_given_in_the_order_of_the_text_and_never_overlap() -> None:
    found = named("Мадумаров менен Жапаров, Бабур Толбаев жана Мекенчил")
    assert [actor for actor, _words in found] == [2, 1, 4, 6]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ничьё имя",
        "преджапаровский",
        "Садыр пришёл",
        "канаттуулар",
        "жапаровцыотовсюдуидутсюда",
    ],
)
def test_other_words_are_nobody(text: str) -> None:
    assert named(text) == []


def test_without_names_nobody_is_found() -> None:
    assert find_mentions("Садыр Жапаров", {}) == []
    assert find_mentions("Садыр Жапаров", {1: ["", "…"]}) == []


def test_a_name_with_signs_is_no_pattern() -> None:
    assert find_mentions("so (.*) what", {1: ["(.*)"]}) == []
    assert [s.actor_id for s in find_mentions("движение Реформа+ идёт", {1: ["Реформа+"]})] == [1]


@given(st.text(), st.dictionaries(st.integers(1, 9), st.lists(st.text(), max_size=3)))
def test_whatever_is_read_spans_lie_in_the_text_in_order(
    text: str, names: dict[int, list[str]]
) -> None:
    end = 0
    for span in find_mentions(text, names):
        assert end <= span.start < span.end <= len(text)
        assert span.actor_id in names
        end = span.end
