"""CrowdTangle's CSV exports of 2020, as its Historical Report wrote them: one file per surface.

Sorted by interactions; UTF-8 with BOM, comma, LF, quotes only where a cell needs them.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.export_rows import (
    FACEBOOK_COLUMNS,
    INSTAGRAM_COLUMNS,
    FacebookRows,
    InstagramRows,
)
from monitoring.reference.kyrgyzstan_2021.posts import Posts

BOM = "\ufeff"

# The moments of the three exports: more than three days after the last post.
_MOMENTS = {
    "facebook_page": "2021-01-13-09-15-00-EST",
    "facebook_group": "2021-01-13-09-31-00-EST",
    "instagram": "2021-01-13-09-52-00-EST",
}
_LISTS = {"facebook_page": "Pages", "facebook_group": "Groups", "instagram": "Instagram"}
_WINDOW = "2020-11-19--2021-01-09"


def file_name(surface: str) -> str:
    """As CrowdTangle names a Historical Report: moment, zone, list, window."""
    return f"{_MOMENTS[surface]}-Historical-Report-Kyrgyzstan-{_LISTS[surface]}-{_WINDOW}.csv"


def columns(surface: str) -> list[str]:
    if surface == "instagram":
        return INSTAGRAM_COLUMNS
    return ["Group Name" if surface == "facebook_group" else "Page Name", *FACEBOOK_COLUMNS]


def write_export(
    path: Path, every: list[Posts], surface: str, names: dict[str, Account], seed: int
) -> int:
    """Write the export of one surface; returns its number of posts."""
    mine = [posts for posts in every if posts.account.surface == surface and posts.ids]
    rows_of = InstagramRows if surface == "instagram" else FacebookRows
    rows = [rows_of(posts, names, seed) for posts in mine]
    with path.open("w", encoding="utf-8", newline="", buffering=2**20) as lines:
        lines.write(BOM)
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(columns(surface))
        out.writerows(rows[owner].row(place) for owner, place in _ranked(mine))
    return sum(len(posts.ids) for posts in mine)


def _ranked(every: list[Posts]) -> Iterator[tuple[int, int]]:
    """(account, position) of all posts, those with most interactions first."""
    owner = np.concatenate([np.full(len(posts.ids), n) for n, posts in enumerate(every)])
    place = np.concatenate([np.arange(len(posts.ids)) for posts in every])
    interactions = np.concatenate([posts.interactions for posts in every])
    second = np.concatenate([posts.second for posts in every])
    order = np.lexsort((place, owner, second, -interactions))
    return zip(owner[order].tolist(), place[order].tolist(), strict=True)
