"""Whose an unknown account may be: names across scripts, handles, and what is nobody's."""

import csv
from pathlib import Path

import pytest

import monitoring.reference.kyrgyzstan_2021 as reference
from monitoring.likely_actors import Known, folded, likely_actors

ACTORS = [
    Known(1, ("Japarov Sadyr",)),
    Known(2, ("Japarov Akylbek",), ("akylbek.japarov",)),
    Known(3, ("Madumarov Adahan",)),
    Known(4, ("Kulueva Aiymkan", "Айымкан Кулуева")),
]


def nearest(name: str, handle: str = "") -> int | None:
    (found,) = likely_actors([(name, handle)], ACTORS)
    return found[0].id if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Садыр Жапаров", "Sadyr Zhaparov"),
        ("Жапаров", "Dzhaparov"),
        ("Жапаров", "Japarov"),
        ("Өкмөт", "Okmot"),
        ("Жогорку Кеңеш", "Jogorku Kenesh"),
        ("Үсөнов", "Usonov"),
        ("Бабүрхан", "Baburkhan"),
        ("Айымкан", "Aiymkan"),
        ("Ёлкин", "Елкин"),
    ],
)
def test_one_name_in_two_scripts_is_folded_to_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("name", "handle", "actor"),
    [
        ("Садыр Жапаров", "", 1),
        ("Sadyr Zhaparov", "", 1),
        ("Адахан Мадумаров - официальная страница", "", 3),
        ("", "sadyr_japarov_official", 1),
        ("Президент", "japarov.sadyr", 1),
        ("My page", "akylbek_japarov", 2),
        ("Айымкан Кулуева", "", 4),
    ],
)
def test_an_account_is_recognised_by_its_name_or_handle(name: str, handle: str, actor: int) -> None:
    assert nearest(name, handle) == actor


@pytest.mark.parametrize("name", ["Новости Бишкека", "Ош шаары", "", "Sadovod"])
def test_what_is_nobodys_is_offered_to_nobody(name: str) -> None:
    assert nearest(name) is None


def test_most_accounts_of_the_report_find_their_actor_by_the_list_s_own_name() -> None:
    """Without a single alias: what an admin meets who has listed names in one script only."""
    path = Path(reference.__file__).parent / "actors.csv"
    listed = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    rows = [row for row in listed if row["platform"]]
    names = list(dict.fromkeys(row["actor"] for row in rows))
    known = [Known(number, (name,)) for number, name in enumerate(names)]
    found = likely_actors([(row["display_name"], row["handle"]) for row in rows], known)
    right = sum(
        bool(likely) and names[likely[0].id] == row["actor"]
        for row, likely in zip(rows, found, strict=True)
    )
    assert right / len(rows) > 0.8
