"""Computes each printed figure anew, from the files and the report's method alone."""

import collections
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from tests.monitoring.reference.files import Account, Post, Reading, published_figures

FIGURES = {figure["id"]: figure for figure in published_figures()}
POLITICAL = {"candidate", "politician", "party", "authority"}
FRONTRUNNER = "Japarov Sadyr"
Value = Fraction | str
Calculation = Callable[[Reading, dict[str, str]], Value]


def on(surface: str, figure: dict[str, str]) -> bool:
    wanted = figure["platform"]
    return wanted in ("", surface) or (wanted == "facebook" and surface.startswith("facebook"))


def in_category(category: str, figure: dict[str, str]) -> bool:
    wanted = figure["category"]
    if wanted == "political":
        return category in POLITICAL
    if wanted == "individual":
        return category != "public_group"
    return wanted in ("", category)


def is_actor(actor: str, figure: dict[str, str]) -> bool:
    wanted = figure["actor"]
    if wanted.startswith("all but "):
        return actor != wanted.removeprefix("all but ")
    return wanted == "" or actor in wanted.split(" + ")


def chosen(reading: Reading, figure: dict[str, str]) -> list[Account]:
    """The accounts a figure speaks of; a label such as "Акылбек Жапаров (2)" means one of two."""
    found = [
        account
        for account in reading.accounts
        if on(account.surface, figure)
        and in_category(account.category, figure)
        and is_actor(account.actor, figure)
    ]
    label = figure["account"]
    if label.endswith((" (1)", " (2)")):
        return [found[int(label[-2]) - 1]]
    return found


def posts_of(reading: Reading, figure: dict[str, str]) -> list[Post]:
    first, last = reading.periods[figure["period"]]
    return [
        post
        for account in chosen(reading, figure)
        for post in account.posts
        if first <= post.day <= last
    ]


def posts(reading: Reading, figure: dict[str, str]) -> Value:
    return Fraction(len(posts_of(reading, figure)))


def counted(reading: Reading, figure: dict[str, str]) -> Value:
    name = figure["measure"]
    return Fraction(sum(post.counters[name] for post in posts_of(reading, figure)))


def presence(reading: Reading, figure: dict[str, str]) -> dict[str, set[str]]:
    """Each actor and the platforms where it has an account."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for account in reading.accounts:
        if in_category(account.category, figure):
            found[account.actor].add(account.surface.partition("_")[0])
    return found


def actors(reading: Reading, figure: dict[str, str]) -> Value:
    platform = figure["platform"].partition("_")[0]
    present = presence(reading, figure).values()
    return Fraction(sum(not platform or platform in each for each in present))


def actors_only_on(*platforms: str) -> Calculation:
    def calculate(reading: Reading, figure: dict[str, str]) -> Value:
        return Fraction(sum(e == set(platforms) for e in presence(reading, figure).values()))

    return calculate


def per_actor(reading: Reading, figure: dict[str, str], value: Calculation) -> dict[str, Fraction]:
    everybody = figure | {"actor": "", "measure": "interactions"}
    names = {account.actor for account in chosen(reading, everybody)}
    return {name: Fraction(value(reading, everybody | {"actor": name})) for name in names}


def rank(value: Calculation) -> Calculation:
    def calculate(reading: Reading, figure: dict[str, str]) -> Value:
        values = per_actor(reading, figure, value)
        mine = values[figure["actor"]]
        assert list(values.values()).count(mine) == 1
        return Fraction(1 + sum(other > mine for other in values.values()))

    return calculate


def with_at_least(value: Calculation, bar: int) -> Calculation:
    def calculate(reading: Reading, figure: dict[str, str]) -> Value:
        return Fraction(sum(v >= bar for v in per_actor(reading, figure, value).values()))

    return calculate


def share(reading: Reading, figure: dict[str, str]) -> Value:
    part = compute(reading, FIGURES[figure["numerator"]])
    whole = compute(reading, FIGURES[figure["denominator"]])
    return Fraction(100) * Fraction(part) / Fraction(whole)


def ranked(reading: Reading, figure: dict[str, str]) -> list[Post]:
    everybody = figure | {"actor": "", "account": ""}
    return sorted(posts_of(reading, everybody), key=lambda post: -post.interactions)


def top_post(reading: Reading, figure: dict[str, str]) -> Value:
    place = figure["id"].split(".")[3]
    if place.isdecimal():
        post = ranked(reading, figure)[int(place) - 1]
    else:  # "During the campaign, he published a post"
        (post,) = (p for p in posts_of(reading, figure) if p.text == figure["quote"])
        assert post.day >= reading.periods["campaign"][0]
    assert post.account.actor == figure["actor"]
    return Fraction(post.counters[figure["measure"].removeprefix("top_post_")])


def posts_in_top(n: int) -> Calculation:
    def calculate(reading: Reading, figure: dict[str, str]) -> Value:
        return Fraction(
            sum(post.account.actor == figure["actor"] for post in ranked(reading, figure)[:n])
        )

    return calculate


def daily_rate(reading: Reading, figure: dict[str, str]) -> Value:
    """The mean over accounts that posted of interactions per post and follower, in percent."""
    rates = [
        Fraction(sum(post.interactions / post.followers for post in account.posts))
        / len(account.posts)
        for account in chosen(reading, figure)
        if account.posts
    ]
    return 100 * sum(rates, Fraction()) / len(rates)


def avg_weekly_posts(reading: Reading, figure: dict[str, str]) -> Value:
    first, last = reading.periods[figure["period"]]
    weeks = math.ceil(((last - first).days + 1) / 7)
    return Fraction(len(posts_of(reading, figure)), len(chosen(reading, figure)) * weeks)


def advertiser_lines(reading: Reading, figure: dict[str, str]) -> list[dict[str, str]]:
    if figure["account"]:
        return [line for line in reading.advertisers if line["Page name"] == figure["account"]]
    if not figure["actor"]:
        return reading.advertisers
    names = {figure["actor"]}
    for account in reading.accounts:
        if account.actor == figure["actor"]:
            names.update(account.aliases)
    return [line for line in reading.advertisers if line["Page name"] in names]


def ads(reading: Reading, figure: dict[str, str]) -> Value:
    return Fraction(
        sum(int(line["Number of ads in Library"]) for line in advertiser_lines(reading, figure))
    )


def spend(reading: Reading, figure: dict[str, str]) -> Value:
    """Of an advertiser from its lines; of the country from its locations."""
    named = figure["account"] or figure["actor"]
    lines = advertiser_lines(reading, figure) if named else reading.locations
    return Fraction(sum(int(line["Amount spent (USD)"]) for line in lines))


def advertisers(reading: Reading, figure: dict[str, str]) -> Value:
    return Fraction(len({(e["Page ID"], e["Page name"]) for e in reading.advertisers}))


def middling_advertisers(reading: Reading, figure: dict[str, str]) -> Value:
    sums = [line["Amount spent (USD)"] for line in reading.advertisers]
    return Fraction(sum(s.isdecimal() and 100 <= int(s) <= 350 for s in sums))


def candidates_advertising(reading: Reading, figure: dict[str, str]) -> Value:
    candidates = {a.actor for a in reading.accounts if a.category == "candidate"}
    return Fraction(
        sum(bool(advertiser_lines(reading, figure | {"actor": name})) for name in candidates)
    )


def answer(coding: dict) -> tuple:
    """What two codings must have in common to agree."""
    return (
        frozenset(coding["topics"]),
        frozenset(map(tuple, coding["mentions"])),
        frozenset(flag["flag"] for flag in coding["flags"]),
    )


@cache
def final_codings(reading: Reading) -> dict[tuple[str, str], dict]:
    """The settled answer, else the one all coders gave; disagreements that are open give none."""
    given: dict[tuple[str, str], list[dict]] = collections.defaultdict(list)
    for coding in reading.codings:
        given[coding["platform"], coding["native_id"]].append(coding)
    final = {}
    for key, codings in given.items():
        settled = [coding for coding in codings if coding["kind"] == "settlement"]
        if settled:
            final[key] = settled[-1]
        elif len({answer(coding) for coding in codings}) == 1:
            final[key] = codings[0]
    return final


def pairs(reading: Reading, figure: dict[str, str]) -> list[tuple[str, str, str]]:
    """(outlet, candidate, tone) of every media post that is about a candidate."""
    accounts = {(p.account.surface.split("_")[0], p.native_id): p.account for p in reading.posts}
    candidates = {a.actor for a in reading.accounts if a.category == "candidate"}
    return [
        (accounts[key].actor, actor, tone)
        for key, coding in final_codings(reading).items()
        for actor, tone in coding["mentions"]
        if actor in candidates
        and on(accounts[key].surface, figure)
        and in_category(accounts[key].category, figure)
        and is_actor(accounts[key].actor, figure)
        and figure["about"] in ("", actor)
    ]


def posts_about(reading: Reading, figure: dict[str, str]) -> Value:
    return Fraction(len(pairs(reading, figure)))


def media_covering(reading: Reading, figure: dict[str, str]) -> Value:
    return Fraction(len({outlet for outlet, _, _ in pairs(reading, figure)}))


def media_led(reading: Reading, figure: dict[str, str]) -> Value:
    """Media where no other candidate is covered as often."""
    covered: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for outlet, actor, _ in pairs(reading, figure | {"about": ""}):
        covered[outlet][actor] += 1
    return Fraction(
        sum(
            all(n < counts[FRONTRUNNER] for actor, n in counts.items() if actor != FRONTRUNNER)
            for counts in covered.values()
        )
    )


def dominant_tone(reading: Reading, figure: dict[str, str]) -> Value:
    tones = collections.Counter(tone for _, _, tone in pairs(reading, figure)).most_common()
    assert len(tones) == 1 or tones[0][1] > tones[1][1]
    return tones[0][0]


CALCULATIONS: dict[str, Calculation] = {
    "actors": actors,
    "actors_on_both_platforms": actors_only_on("facebook", "instagram"),
    "actors_on_facebook_only": lambda reading, figure: Fraction(
        sum(e == {"facebook"} for e in presence(reading, figure).values())
    ),
    "actors_on_instagram_only": actors_only_on("instagram"),
    "posts": posts,
    **dict.fromkeys(("interactions", "reactions", "likes", "comments", "shares"), counted),
    "share_pct": share,
    "rank_by_posts": rank(posts),
    "rank_by_interactions": rank(counted),
    "actors_with_at_least_100_posts": with_at_least(posts, 100),
    "actors_with_over_100000_interactions": with_at_least(counted, 100_001),
    **dict.fromkeys(
        (
            f"top_post_{name}"
            for name in (
                "interactions", "reactions", "likes", "comments", "shares", "views_post",
                "views_total",
            )
        ),
        top_post,
    ),
    "posts_in_top_4": posts_in_top(4),
    "posts_in_top_5": posts_in_top(5),
    "daily_interaction_rate_pct": daily_rate,
    "avg_weekly_posts": avg_weekly_posts,
    "media_posts_about_candidates": posts_about,
    "media_covering_candidates": media_covering,
    "media_where_most_covered_is_japarov": media_led,
    "dominant_tone_about": dominant_tone,
    "ads": ads,
    "spend_usd": spend,
    "advertisers": advertisers,
    "advertisers_spending_100_to_350_usd": middling_advertisers,
    "candidates_advertising": candidates_advertising,
}  # fmt: skip


def compute(reading: Reading, figure: dict[str, str]) -> Value:
    return CALCULATIONS[figure["measure"]](reading, figure)


def rounds_to(value: Fraction, printed: str, unit: str) -> bool:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    steps = (exact / Decimal(unit)).quantize(Decimal(1), ROUND_HALF_UP)
    return steps * Decimal(unit) == Decimal(printed)


def holds(value: Value, figure: dict[str, str]) -> bool:
    """Whether the computed value is the printed one, within the precision of print."""
    printed = figure["value"]
    kind, _, bounds = figure["precision"].partition(":")
    if isinstance(value, str):
        return value == printed
    if kind == "exact":
        return value == Fraction(printed)
    if kind == "nearest":
        return rounds_to(value, printed, bounds)
    if kind == "some":
        return abs(value - Fraction(printed)) <= Fraction(bounds)
    if kind == "between":
        low, high = map(Fraction, bounds.split(":"))
        return low <= value <= high
    return {"at_least": value >= Fraction(printed), "less_than": value < Fraction(printed)}[kind]
