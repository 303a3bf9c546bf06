"""Answers about ads: amounts are intervals, the window is the Ad Library report's own.

A number is of one country's report: of the country whose report came in first, unless ``country``
asks for another. Where none lies within the days asked for, single ads of the Ad Library's API are
added up.
"""

from collections import defaultdict
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.measures import sources
from dashboards.measures.background import Background
from dashboards.measures.directory import Key, Where, actor_part, values_of
from dashboards.measures.rows import Result, Row, sorted_rows
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import MEASURES, UnknownWord, check_value
from monitoring.models import Period

_SINGLE_ADS = {
    "ads": gettext_lazy("single ads"),
    "spend": gettext_lazy("spending on single ads, in all the days they ran"),
}


class AdsBehind(NamedTuple):
    """Whose ads count in an answer, of which days, and whether it adds up lines of a report."""

    advertisers: list[int]
    window: Window
    is_report: bool
    country: str


class AdAnswers:
    """Answers made of the lines of Ad Library reports.

    The country's spending is the sum of the location lines; an advertiser's or an actor's is an
    interval, because small amounts are printed as ``≤100``.
    """

    def __init__(self, background: Background) -> None:
        self.background = background
        self._lines: dict[tuple[str, Window], list[Row]] = {}

    def ask(self, measure: str, by: tuple[str, ...], where: Where, period: Period) -> Result:
        country, window, lines = self._asked(where, period)
        is_total = measure == "spend" and not by and not set(where) - {"country"}
        wanted = [line for line in lines if is_total and line["kind"] == "location"]
        wanted = wanted or self._lines_where(where, lines)
        groups: dict[Key, list[Row]] = defaultdict(list)
        if not by:
            groups[()] = []
        elif set(by) <= {"actor", "category"}:
            for actor in self.background.directory.actors_where(where):
                groups[tuple(actor_part(actor, name) for name in by)] = []
        for line in wanted:
            key = self._ad_key(line, by)
            if key is not None:
                groups[key].append(line)
        of_ads = [line for found in groups.values() for line in found]
        if is_total:
            # The country's lines add up amounts, and no ads.
            of_ads = self._lines_where(where, lines)
        rows = [
            self.background.described(by, key) | _values(measure, lines)
            for key, lines in groups.items()
        ]
        counted = MEASURES[measure]
        if window is None and lines:
            counted = _SINGLE_ADS[measure]
        base = self.background.base(
            counted,
            _by_name(self._told_apart(where, country), wanted),
            period,
            "",
            n=int(sum(line["ads"] for line in of_ads)),
            window=window,
        )
        return Result(measure, by, sorted_rows(rows, by, "value"), base)

    def _lines_where(self, where: Where, lines: list[Row]) -> list[Row]:
        """The advertisers' lines that the filters leave; ``advertiser`` takes an id or a name."""
        actors = {actor.id for actor in self.background.directory.actors_where(where)}
        wanted = values_of(where, "advertiser")
        return [
            line
            for line in lines
            if line["kind"] == "advertiser"
            and (not set(where) - {"advertiser", "country"} or line["actor_id"] in actors)
            and (
                wanted is None
                or not wanted.isdisjoint({line["advertiser"], str(line["advertiser_id"])})
            )
        ]

    def behind(self, where: Where, period: Period) -> AdsBehind:
        country, window, lines = self._asked(where, period)
        ids = {line["advertiser_id"] for line in self._lines_where(where, lines)}
        return AdsBehind(
            advertisers=sorted(ids),
            window=window or Window(period.start, period.end),
            is_report=window is not None,
            country=country,
        )

    @cached_property
    def reports(self) -> dict[str, list[Window]]:
        """The windows of each country's Ad Library reports, the widest first."""
        return sources.ad_reports(project=self.background.project)

    @property
    def windows(self) -> list[Window]:
        """Those of the country that numbers are of."""
        return self.reports.get(self._country({}), [])

    def _country(self, where: Where) -> str:
        """The country that is asked for, else the one whose report came in first."""
        wanted = values_of(where, "country")
        if wanted is None:
            return next(iter(self.reports), "")
        if len(wanted) > 1:
            raise UnknownWord(_("Reports of countries are not added up: ask for one of them."))
        (country,) = wanted
        check_value(country, self.reports)
        return country

    def _told_apart(self, where: Where, country: str) -> Where:
        """The filters, with the country where there are reports of several."""
        return {**where, "country": country} if len(self.reports) > 1 else where

    @cached_property
    def period(self) -> str | None:
        """The longest period in which a report lies, else the days of the widest report itself.

        Without a report the entire period, if single ads ran in it. A report is of its own days,
        which seldom are those of a period.
        """
        periods = sorted(self.background.periods.values(), key=lambda one: -one.days)
        for period in periods:
            if any(period.start <= one.start and one.end <= period.end for one in self.windows):
                return str(period.key)
        if self.windows:
            return f"{self.windows[0].start.isoformat()}..{self.windows[0].end.isoformat()}"
        entire = self.background.periods.get("entire")
        return "entire" if entire and self.report(entire)[1] else None

    def report(self, period: Period) -> tuple[Window | None, list[Row]]:
        """The widest report that lies within the period, and its lines; read once for a page.

        Without one: no window, and the single ads that ran in the period.
        """
        return self._report(period, self._country({}))

    def _asked(self, where: Where, period: Period) -> tuple[str, Window | None, list[Row]]:
        """The country, the window and the lines that a question is about.

        Single ads do not say where they ran: no country that is asked for has any.
        """
        country = self._country(where)
        window, lines = self._report(period, country)
        return country, window, lines if window or "country" not in where else []

    def _report(self, period: Period, country: str) -> tuple[Window | None, list[Row]]:
        windows = self.reports.get(country, [])
        within = (one for one in windows if period.start <= one.start and one.end <= period.end)
        window = next(within, None)
        days = window or Window(period.start, period.end)
        if (country, days) not in self._lines:
            project = self.background.project
            self._lines[country, days] = (
                sources.ad_lines(project=project, window=days, country=country)
                if window
                else sources.single_ads(project=project, window=days)
            )
        return window, self._lines[country, days]

    def _ad_key(self, line: Row, by: tuple[str, ...]) -> Key | None:
        """Where a line goes in an answer; None for an advertiser who is no monitored actor."""
        actor = self.background.directory.actors.get(line["actor_id"])
        key: list[Any] = []
        for name in by:
            if name == "advertiser":
                key.append((line["advertiser"], line["advertiser_id"]))
            elif actor is None:
                return None
            else:
                key.append(actor_part(actor, name))
        return tuple(key)


def _by_name(where: Where, lines: list[Row]) -> Where:
    """The filters as they are printed: an advertiser that was picked by id has a name."""
    names = {line["advertiser"] for line in lines}
    return {**where, "advertiser": names} if "advertiser" in where and names else where


def _values(measure: str, lines: list[Row]) -> Row:
    if measure == "ads":
        return {"value": int(sum(line["ads"] for line in lines))}
    low = int(sum(line["low"] for line in lines))
    is_open = any(line["high"] is None for line in lines)
    high = None if is_open else int(sum(line["high"] for line in lines))
    currencies = {line["currency"] for line in lines}
    return {
        "value": low if low == high else None,
        "low": low,
        "high": high,
        "currency": currencies.pop() if len(currencies) == 1 else "",
    }
