"""When posts appear: seconds since the first midnight of the monitoring, in Bishkek.

The periods' counts are given; days of the week, holidays and hours of the day have their rhythm.
"""

import datetime

import numpy as np

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.draws import Draws, Ints, ints
from monitoring.reference.kyrgyzstan_2021.top_posts import START, TopPost
from monitoring.reference.kyrgyzstan_2021.totals import Totals

DAY = 86_400
CAMPAIGN, FINAL_WEEK, END = 26, 45, 52  # first days, counted from 0

# Monday to Sunday.
_WEEK = {"media": (11, 12, 12, 12, 11, 8, 7), "public_group": (10, 10, 10, 10, 10, 11, 11)}
_WEEK_OTHERS = (10, 11, 11, 11, 10, 8, 8)
# New Year: days of the monitoring and what remains of their activity, in percent.
_HOLIDAYS = {42: 85, 43: 45, 44: 65, 49: 80}
_HOURS = {
    "media": (
        3, 1, 1, 1, 1, 2, 8, 20, 36, 48, 54, 55, 52, 50, 52, 54, 55, 54, 50, 46, 42, 34, 20, 9,
    ),
    "authority": (
        0, 0, 0, 0, 0, 0, 1, 4, 14, 40, 52, 56, 40, 34, 50, 54, 52, 44, 22, 12, 8, 4, 1, 0,
    ),
    "public_group": (
        22, 12, 7, 5, 5, 8, 15, 24, 32, 38, 42, 44, 46, 46, 46, 47, 48, 50, 54, 60, 66, 66, 56, 38,
    ),
}  # fmt: skip
_HOURS_OTHERS = (
    3, 1, 0, 0, 0, 1, 4, 12, 24, 34, 40, 42, 40, 38, 38, 40, 42, 46, 52, 60, 62, 52, 30, 11,
)  # fmt: skip


def seconds(account: Account, totals: Totals, tops: list[TopPost], draws: Draws) -> Ints:
    """The moment of every post: first the known ones, then the others in no order."""
    known = [top.second for top in tops]
    spans = _spans(totals)
    drawn = [
        _moments(account, first, last, count - _within(known, first, last), draws)
        for first, last, count in spans
    ]
    others = np.concatenate(drawn)
    return np.concatenate([ints(known), others[draws.order(others.size)]])


def _spans(totals: Totals) -> list[tuple[int, int, int]]:
    """(first day, day after the last, posts) for every stretch whose number of posts is known."""
    campaign = totals.posts - totals.pre_campaign
    before = (0, CAMPAIGN, totals.pre_campaign)
    if totals.final_week is None:
        return [before, (CAMPAIGN, END, campaign)]
    early = (CAMPAIGN, FINAL_WEEK, campaign - totals.final_week)
    return [before, early, (FINAL_WEEK, END, totals.final_week)]


def _within(known: list[int], first: int, last: int) -> int:
    return sum(first * DAY <= second < last * DAY for second in known)


def _moments(account: Account, first: int, last: int, n: int, draws: Draws) -> Ints:
    days = first + draws.pick(_day_weights(account, first, last, draws), n)
    hours = draws.pick(_HOURS.get(account.category, _HOURS_OTHERS), n)
    return days * DAY + hours * 3600 + draws.below(3600, n)


def _day_weights(account: Account, first: int, last: int, draws: Draws) -> list[int]:
    week = _WEEK.get(account.category, _WEEK_OTHERS)
    noise = draws.between(80, 120, last - first).tolist()
    return [
        week[(START + datetime.timedelta(days=day)).weekday()] * _HOLIDAYS.get(day, 100) * luck
        for day, luck in zip(range(first, last), noise, strict=True)
    ]
