"""Reads the reference project's files back, with nothing but the standard library.

None of the builder's code reads here: what the files say must be true on their own.
"""

import csv
import datetime
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from monitoring.reference import kyrgyzstan_2021
from monitoring.reference.kyrgyzstan_2021.build import Reference

DATA = Path(kyrgyzstan_2021.__file__).parent
EST = datetime.timezone(datetime.timedelta(hours=-5))
BISHKEK = ZoneInfo("Asia/Bishkek")
REACTIONS = ("Likes", "Love", "Wow", "Haha", "Sad", "Angry", "Care")


@dataclass(eq=False)
class Account:
    actor: str
    category: str
    surface: str
    name: str
    handle: str
    aliases: list[str]
    posts: list["Post"] = field(default_factory=list)


@dataclass(eq=False)
class Post:
    account: Account
    native_id: str
    moment: datetime.datetime
    day: datetime.date
    kind: str
    followers: int
    counters: dict[str, int]
    text: str
    row: dict[str, str]

    @property
    def interactions(self) -> int:
        return self.counters["interactions"]


@dataclass(eq=False)
class Reading:
    """Everything the files say."""

    accounts: list[Account]
    posts: list[Post]
    advertisers: list[dict[str, str]]
    locations: list[dict[str, str]]
    codings: list[dict]
    periods: dict[str, tuple[datetime.date, datetime.date]]


def table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def published_figures() -> list[dict[str, str]]:
    return list(table(DATA / "published_figures.csv"))


def read(reference: Reference) -> Reading:
    by_key = dict(_accounts())
    posts = []
    for path, read_post in (
        (reference.pages, _facebook_post),
        (reference.groups, _facebook_post),
        (reference.instagram, _instagram_post),
    ):
        for row in table(path):
            key = row.get("Facebook Id") or row["User Name"]
            post = read_post(by_key[key], row)
            post.account.posts.append(post)
            posts.append(post)
    project = tomllib.loads((DATA / "project.toml").read_text(encoding="utf-8"))
    codings = reference.codings.read_text(encoding="utf-8").splitlines()
    return Reading(
        accounts=list(by_key.values()),
        posts=posts,
        advertisers=list(table(reference.advertisers)),
        locations=list(table(reference.locations)),
        codings=[json.loads(line) for line in codings],
        periods={each["key"]: (each["start"], each["end"]) for each in project["periods"]},
    )


def _accounts() -> Iterator[tuple[str, Account]]:
    for row in table(DATA / "actors.csv"):
        surface = "instagram" if row["platform"] == "instagram" else f"facebook_{row['kind']}"
        yield (
            row["native_id"] or row["handle"],
            Account(
                actor=row["actor"],
                category=row["category"],
                surface=surface,
                name=row["display_name"],
                handle=row["handle"],
                aliases=row["aliases"].split(";"),
            ),
        )


def _moment(cell: str) -> datetime.datetime:
    assert cell.endswith(" EST")
    day = datetime.datetime.strptime(cell[:-4], "%Y-%m-%d %H:%M:%S").replace(tzinfo=EST)
    return day.astimezone(BISHKEK)


def _facebook_post(account: Account, row: dict[str, str]) -> Post:
    reactions = sum(int(row[kind]) for kind in REACTIONS)
    comments, shares = int(row["Comments"]), int(row["Shares"])
    moment = _moment(row["Created"])
    return Post(
        account=account,
        native_id=row["URL"].rstrip("/").rpartition("/")[2],
        moment=moment,
        day=moment.date(),
        kind=row["Type"],
        followers=int(row["Likes at Posting"]),
        counters={
            "reactions": reactions,
            "comments": comments,
            "shares": shares,
            "interactions": reactions + comments + shares,
            "views_post": int(row["Post Views"]),
            "views_total": int(row["Total Views"]),
        },
        text=row["Message"],
        row=row,
    )


def _instagram_post(account: Account, row: dict[str, str]) -> Post:
    likes, comments = int(row["Likes"]), int(row["Comments"])
    moment = _moment(row["Created"])
    return Post(
        account=account,
        native_id=row["URL"].rstrip("/").rpartition("/")[2],
        moment=moment,
        day=moment.date(),
        kind=row["Type"],
        followers=int(row["Followers at Posting"]),
        counters={
            "likes": likes,
            "comments": comments,
            "interactions": likes + comments,
            "views_total": int(row["Views"]),
        },
        text=row["Description"],
        row=row,
    )
