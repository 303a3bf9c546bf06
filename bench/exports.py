"""A CrowdTangle export of any size, as heavy as real ones: about 600 bytes a row."""

import csv
import datetime
import random
from pathlib import Path

from tests.monitoring.exports import PAGES_2021

PAGES = 300
FIRST = datetime.datetime.fromisoformat("2020-11-19")  # the rows name its zone
# Of one language each, with its everyday words, as posts are.
_TEXTS = (
    """Шайлоо жана талапкер менен Бишкек добуш берүү үчүн «Ынтымак», бул участоктун жыйынтыгы
байкоочулар "Мекен" партиясы, митинг бүгүн президент 2021 #шайлоо https://t.co/x """,
    """Выборы и кандидат в Бишкек голосование на «Ынтымак», что участок результаты
наблюдатели "Мекен" партия, митинг сегодня президент 2021 #выборы https://t.co/x """,
)
_TYPES = ("Photo", "Link", "Status", "Native Video", "Live Video Complete")


def write_export(path: Path, rows: int, *, changed: int = 0) -> Path:
    """``changed``: of a hundred rows, so many have gained likes since the export without it."""
    chance = random.Random(rows)
    words = [
        " ".join(chance.choices(_TEXTS[text % 2].split(" "), k=chance.randint(4, 20)))
        for text in range(997)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PAGES_2021)
        for number in range(rows):
            writer.writerow(_row(number, words, grown=number % 100 < changed))
    return path


def _row(number: int, words: list[str], *, grown: bool) -> list[object]:
    page = number % PAGES
    at = FIRST + datetime.timedelta(seconds=number * 4_400_000 // 1_000_000)
    counts = [number * factor % 997 // divisor for factor, divisor in _SPREAD]
    counts[0] += 5 * grown
    name = f"Страница №{page}"
    return [
        *(name, f"page{page}", 100_000_000_000_000 + page, "NEWS_SITE", "KG", words[page]),
        *("2015-03-01 10:00:00", 5_000 + page, 6_000 + page, f"{at} EST"),
        *(f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", _TYPES[number % 5], f"{sum(counts):,}", *counts),
        *("", "-", 0, 0, 0, "", f"https://www.facebook.com/page{page}/posts/{10**15 + number}"),
        *(words[number % 997], "", "", "", "", words[(number * 7) % 997][:60], "", "", ""),
        *(1, "1.2"),
    ]


_SPREAD = ((7, 1), (3, 4), (5, 9), (11, 8), (13, 40), (17, 30), (19, 60), (23, 20), (29, 50))
