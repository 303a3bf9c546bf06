"""Meta's Ad Library report of the 90 days to 16 January 2021: advertisers and locations.

`advertisers.csv` holds the advertisers the report names, with their sums (those below 350 dollars
are inferred). The others, to some 300, are pages of nobody, marked as reconstructed. Most spent up
to 100 dollars, which the library prints as `≤100`; so the country's sum is in the locations alone.
"""

import csv
import io
from pathlib import Path

from monitoring.reference.kyrgyzstan_2021.accounts import Account, rows
from monitoring.reference.kyrgyzstan_2021.apportion import apportion
from monitoring.reference.kyrgyzstan_2021.draws import Draws, ints
from monitoring.reference.kyrgyzstan_2021.top_posts import read_toml

_STEM = "FacebookAdLibraryReport_2021-01-16_KG_last_90_days"
ADVERTISERS_FILE = f"{_STEM}_advertisers.csv"
LOCATIONS_FILE = f"{_STEM}_locations.csv"
ADVERTISER_COLUMNS = [
    "Page ID", "Page name", "Disclaimer", "Amount spent (USD)", "Number of ads in Library",
]  # fmt: skip
LOCATION_COLUMNS = ["Location name", "Amount spent (USD)"]

PAGES = 298
TWICE = 2  # pages that advertised both with a disclaimer and without: a line each
ADS = 1_740
SPENT = 16_042
# Advertisers between 100 and 350 dollars: 16, of whom the candidates are in `advertisers.csv`.
MIDDLING = 16
SMALL = "≤100"
NO_DISCLAIMER = "These ads ran without a disclaimer"

_LOCATIONS = {
    "Batken Region": 41, "Bishkek": 463, "Chuy Region": 131, "Issyk-Kul Region": 62,
    "Jalal-Abad Region": 97, "Naryn Region": 34, "Osh": 78, "Osh Region": 69, "Talas Region": 25,
}  # fmt: skip

Line = tuple[str, str, str, str, int]


def write_ads(directory: Path, accounts: list[Account], seed: int) -> tuple[Path, Path, int]:
    """Write both files; returns them and the number of advertisers' lines."""
    lines = _named(accounts, seed)
    lines += _unnamed(lines, seed)
    lines.sort(key=lambda line: (-_spent(line), -line[4]))
    advertisers = directory / ADVERTISERS_FILE
    locations = directory / LOCATIONS_FILE
    _write(advertisers, ADVERTISER_COLUMNS, lines)
    sums = apportion(SPENT, ints(_LOCATIONS.values())).tolist()
    _write(locations, LOCATION_COLUMNS, list(zip(_LOCATIONS, sums, strict=True)))
    return advertisers, locations, len(lines)


def _named(accounts: list[Account], seed: int) -> list[Line]:
    pages = {a.actor: a.native_id for a in accounts if a.surface == "facebook_page"}
    found: list[Line] = []
    for number, row in enumerate(rows("advertisers.csv")):
        other = _page_id(number, Draws(seed, "ads", row["page_name"]))
        page = pages[row["actor"]] if row["own_page"] == "yes" else other
        found.append((page, row["page_name"], row["disclaimer"], row["spend"], int(row["ads"])))
    return found


def _unnamed(named: list[Line], seed: int) -> list[Line]:
    """The advertisers the report does not name."""
    draws = Draws(seed, "ads", "others")
    names = _page_names(PAGES - len(named), draws)
    middling = MIDDLING - sum(100 < _spent(line) <= 350 for line in named)
    sums = [str(each) for each in draws.between(101, 236, middling).tolist()]
    sums += [SMALL] * (len(names) + TWICE - middling)
    left = ADS - sum(line[4] for line in named) - len(sums)
    ads = (1 + apportion(left, draws.heavy(len(sums)))).tolist()
    silent = (draws.below(100, len(names)) < 40).tolist()
    pages = [_page_id(100 + number, draws) for number in range(len(names))]
    disclaimers = [NO_DISCLAIMER if s else name for name, s in zip(names, silent, strict=True)]
    owners = list(zip(pages, names, disclaimers, strict=True))
    # The other line of a page with two: without a disclaimer if the first has one, and vice versa.
    for page, name, disclaimer in owners[-TWICE:]:
        owners.append((page, name, name if disclaimer == NO_DISCLAIMER else NO_DISCLAIMER))
    return [(*owner, spent, n) for owner, spent, n in zip(owners, sums, ads, strict=True)]


def _page_names(n: int, draws: Draws) -> list[str]:
    """Names of no real page: a mark, a topic, a place."""
    words = read_toml("vocabulary.toml")
    names = [
        f"{words['languages'][code]['mark']} {topic['names'][code]}: {place}"
        for code in ("ky", "ru", "en")
        for topic in words["topics"].values()
        for place in words["places"][code]
    ]
    return [names[place] for place in draws.order(len(names))[:n].tolist()]


def _page_id(number: int, draws: Draws) -> str:
    """15 digits, different for each number."""
    return str((101_000 + number * 211) * 10**9 + int(draws.below(10**9, 1)[0]))


def _spent(line: Line) -> int:
    return 0 if line[3] == SMALL else int(line[3])


def _write(path: Path, columns: list[str], lines: list[tuple[str, int]] | list[Line]) -> None:
    """As Meta writes it: BOM, comma, LF, and no newline at the end."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(columns)
    out.writerows(lines)
    path.write_bytes(text.getvalue().rstrip("\n").encode("utf-8-sig"))
