"""Ask a project a question and get rows with their base."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coding.models import Method, SampleRule
from dashboards.measures import sources
from dashboards.measures.base import Base
from dashboards.measures.directory import AccountEntry, Directory, Where, values_of
from dashboards.measures.sources import SUMS, Window
from dashboards.measures.vocabulary import (
    ACCOUNT_DIMENSIONS,
    AD_MEASURES,
    CODING_MEASURES,
    MEASURES,
    TIME_DIMENSIONS,
    UnknownWord,
    check_question,
)
from monitoring.interactions import PLATFORMS
from monitoring.models import Period, Project, Revision

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """Rows, sorted by value and then by name, and what they rest on."""

    measure: str
    by: tuple[str, ...]
    rows: list[Row]
    base: Base

    @property
    def total(self) -> Any:
        """The sum over the rows."""
        return sum(row["value"] or 0 for row in self.rows)

    @property
    def value(self) -> Any:
        """The one value of a question without dimensions."""
        return self.rows[0]["value"] if self.rows else 0


class Measures:
    """The questions of one request: what was fetched for one is used for the next."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._totals: dict[tuple[str, str], dict[int, Row]] = {}
        self._answers: dict[tuple[Any, ...], list[Row]] = {}

    # What is fetched once ---------------------------------------------------------------------

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.project)

    @cached_property
    def periods(self) -> dict[str, Period]:
        found = {period.key: period for period in self.project.periods.all()}
        for period in found.values():
            period.project = self.project
        return found

    @cached_property
    def category_labels(self) -> dict[str, str]:
        return {category.key: category.label for category in self.project.categories.all()}

    @cached_property
    def sample_sizes(self) -> dict[str, int]:
        """The size of the sample of each sampled category."""
        rules = SampleRule.objects.of(self.project).filter(method=Method.TOP)
        return {rule.category.key: rule.size for rule in rules.select_related("category")}

    @cached_property
    def changed_at(self) -> datetime.datetime | None:
        revision = Revision.objects.filter(project=self.project).first()
        return revision.changed_at if revision else None

    @cached_property
    def _unsettled(self) -> dict[int, int]:
        found = sources.unsettled_posts(project=self.project)
        return {row["account"]: row["value"] for row in found}

    def period(self, key: str) -> Period:
        """The period of a key; UnknownWord lists the others."""
        if key not in self.periods:
            raise UnknownWord(
                _("“%(word)s” is not a period of the project; there are: %(allowed)s.")
                % {"word": key, "allowed": ", ".join(self.periods)}
            )
        return self.periods[key]

    # Questions --------------------------------------------------------------------------------

    def ask(
        self,
        measure: str,
        *,
        by: Iterable[str] = (),
        where: Where | None = None,
        period: str = "entire",
        scope: str = "all",
    ) -> Result:
        """Rows with a key per dimension and ``value``.

        Actors and accounts with nothing are rows too: a zero is a finding. ``spend`` is an interval
        (``low``, ``high``); its ``value`` is None where the bounds differ. Rates are fractions,
        ``share`` is in percent. Raises UnknownWord for a word outside the vocabulary.
        """
        by, where = tuple(by), dict(where or {})
        check_question(measure=measure, by=by, where=where, scope=scope)
        if measure in AD_MEASURES:
            return self._ask_ads(measure, by, where, self.period(period))
        if measure in CODING_MEASURES:
            return self._ask_codings(measure, by, where, self.period(period))
        result = self.table([measure], by=by, where=where, period=period, scope=scope)
        for row in result.rows:
            row["value"] = row.pop(measure)
        return result

    def table(
        self,
        measures: Sequence[str],
        *,
        by: Iterable[str] = (),
        where: Where | None = None,
        period: str = "entire",
        scope: str = "all",
    ) -> Result:
        """Several measures of posts side by side; rows are sorted by the first."""
        by, where = tuple(by), dict(where or {})
        for measure in measures:
            check_question(measure=measure, by=by, where=where, scope=scope)
            if measure in AD_MEASURES or measure in CODING_MEASURES:
                raise UnknownWord(_("Only measures of posts stand side by side."))
        chosen = self.period(period)
        groups = self._post_groups(by, where, chosen, scope)
        posts = sum(group.sums["posts"] for group in groups.values())
        provisional = sum(group.sums["provisional_posts"] for group in groups.values())
        rows = []
        for key, group in groups.items():
            row = self._described(by, key)
            for measure in measures:
                row[measure] = group.value(measure, chosen, posts)
            rows.append(row)
        base = self._base(
            MEASURES[measures[0]], where, chosen, scope, n=posts, provisional=provisional
        )
        return Result(measures[0], by, _sorted(rows, by, measures[0]), base)

    # Posts ------------------------------------------------------------------------------------

    def _account_totals(self, period: Period, scope: str) -> dict[int, Row]:
        """All sums of every account over a period; most charts are made of this."""
        if (period.key, scope) not in self._totals:
            found = sources.post_totals(
                project=self.project,
                window=Window(period.start, period.end),
                scope=scope,
                labels={account: account for account in self.directory.accounts},
            )
            self._totals[period.key, scope] = {row["label"]: row for row in found}
        return self._totals[period.key, scope]

    def _post_groups(
        self, by: tuple[str, ...], where: Where, period: Period, scope: str
    ) -> dict[Key, "_Group"]:
        accounts = self.directory.accounts_where(where)
        types = values_of(where, "type")
        if types is None and set(by) <= set(ACCOUNT_DIMENSIONS):
            groups = self._empty_groups(by, where, accounts)
            totals = self._account_totals(period, scope)
            for account in accounts:
                groups[_key_of(account, by)].add(totals.get(account.id))
            return groups
        if "period" in by:
            groups = {}
            for key, one in self.periods.items():
                rest = tuple(dimension for dimension in by if dimension != "period")
                for part, group in self._post_groups(rest, where, one, scope).items():
                    groups[_inserted(part, by.index("period"), key)] = group
            return groups
        return self._detailed_groups(by, where, period, scope, accounts)

    def _empty_groups(
        self, by: tuple[str, ...], where: Where, accounts: list[AccountEntry]
    ) -> dict[Key, "_Group"]:
        groups: dict[Key, _Group] = defaultdict(_Group)
        if not by:
            groups[()].add(None, counts=False)
        about_accounts = {"platform", "account"} & set(by) or {"platform", "kind", "account"} & set(
            where
        )
        if not about_accounts:
            for actor in self.directory.actors_where(where):
                groups[tuple(getattr(actor, _ACTOR_FIELDS[name]) for name in by)].add(
                    None, counts=False
                )
        for account in accounts:
            groups[_key_of(account, by)].add(None, counts=False)
        return groups

    def _detailed_groups(
        self,
        by: tuple[str, ...],
        where: Where,
        period: Period,
        scope: str,
        accounts: list[AccountEntry],
    ) -> dict[Key, "_Group"]:
        """Groups by time or type, summed by the database."""
        who = tuple(name for name in by if name in ACCOUNT_DIMENSIONS)
        time = next((name for name in by if name in TIME_DIMENSIONS), "")
        types = values_of(where, "type")
        keys = sorted({_key_of(account, who) for account in accounts}, key=repr)
        number = {key: index for index, key in enumerate(keys)}
        found = sources.post_totals(
            project=self.project,
            window=Window(period.start, period.end),
            scope=scope,
            labels={account.id: number[_key_of(account, who)] for account in accounts},
            time=time,
            by_type="type" in by,
            types=None if types is None else sorted(types),
        )
        groups: dict[Key, _Group] = defaultdict(_Group)
        if by == ("day",):
            for day in range(period.days):
                groups[(period.start + datetime.timedelta(days=day),)].add(None, counts=False)
        elif set(by) <= set(ACCOUNT_DIMENSIONS):
            for key in keys:
                groups[key].add(None, counts=False)
        for row in found:
            parts = dict(zip(who, keys[row["label"]], strict=True))
            parts |= {time: row.get("time"), "type": row.get("type")}
            groups[tuple(parts[name] for name in by)].add(row)
        return groups

    # Codings ----------------------------------------------------------------------------------

    def _ask_codings(
        self, measure: str, by: tuple[str, ...], where: Where, period: Period
    ) -> Result:
        if "period" in by:
            return self._codings_by_period(measure, by, where)
        accounts = {account.id for account in self.directory.accounts_where(where)}
        columns = [name for name in by if name not in ACCOUNT_DIMENSIONS]
        found = self._coded(measure, tuple(columns), where, period)
        counted: dict[Key, int] = defaultdict(int)
        if not by:
            counted[()] = 0
        elif set(by) <= {"account", "actor"}:
            for account in accounts:
                counted[_key_of(self.directory.accounts[account], by)] = 0
        for row in found:
            if row["account"] in accounts:
                account = self.directory.accounts[row["account"]]
                counted[
                    tuple(
                        _part(account, name) if name in ACCOUNT_DIMENSIONS else row[name]
                        for name in by
                    )
                ] += row["value"]
        rows = [self._described(by, key) | {"value": value} for key, value in counted.items()]
        base = self._base(
            MEASURES[measure],
            where,
            period,
            "analysed",
            n=sum(counted.values()),
            unsettled=sum(self._unsettled.get(account, 0) for account in accounts),
        )
        return Result(measure, by, _sorted(rows, by, "value"), base)

    def _codings_by_period(self, measure: str, by: tuple[str, ...], where: Where) -> Result:
        rows = []
        rest = tuple(name for name in by if name != "period")
        for key, period in self.periods.items():
            result = self._ask_codings(measure, rest, where, period)
            rows += [{"period": key, **row} for row in result.rows]
        return Result(measure, by, _sorted(rows, by, "value"), result.base)

    def _coded(
        self, measure: str, columns: tuple[str, ...], where: Where, period: Period
    ) -> list[Row]:
        """Counts by account and ``columns``; about and tone are fetched together, once."""
        about = self._about(where)
        tones, topics, flags = (values_of(where, name) for name in ("tone", "topic", "flag"))
        together = ("about", "tone")
        if (
            measure == "mentions"
            and topics is None
            and flags is None
            and set(columns) <= {*together}
        ):
            found = self._fetched(measure, period, columns=("account", *together))
            return [
                row
                for row in found
                if (about is None or row["about"] in about)
                and (tones is None or row["tone"] in tones)
            ]
        return self._fetched(
            measure,
            period,
            columns=("account", *columns),
            about=None if about is None else tuple(sorted(about)),
            tones=None if tones is None else tuple(sorted(tones)),
            topics=None if topics is None else tuple(sorted(topics)),
            flags=None if flags is None else tuple(sorted(flags)),
        )

    def _fetched(self, measure: str, period: Period, **question: Any) -> list[Row]:
        key = (measure, period.key, *sorted(question.items(), key=lambda item: item[0]))
        if key not in self._answers:
            self._answers[key] = sources.answers(
                project=self.project,
                measure=measure,
                window=Window(period.start, period.end),
                **question,
            )
        return self._answers[key]

    def _about(self, where: Where) -> frozenset[int] | None:
        names = values_of(where, "about")
        categories = values_of(where, "about_category")
        if names is None and categories is None:
            return None
        return frozenset(
            actor.id
            for actor in self.directory.actors.values()
            if (names is None or actor.name in names)
            and (categories is None or actor.category in categories)
        )

    # Ads --------------------------------------------------------------------------------------

    def _ask_ads(self, measure: str, by: tuple[str, ...], where: Where, period: Period) -> Result:
        window = sources.ad_window(project=self.project, period=period)
        lines = sources.ad_lines(project=self.project, window=window) if window else []
        actors = {actor.id: actor for actor in self.directory.actors_where(where)}
        names = values_of(where, "advertiser")
        is_total = measure == "spend" and not by and not where
        wanted = [
            line
            for line in lines
            if line["kind"] == ("location" if is_total else "advertiser")
            and (not set(where) - {"advertiser"} or line["actor_id"] in actors)
            and (names is None or line["advertiser"] in names)
        ]
        if is_total and not wanted:
            wanted = [line for line in lines if line["kind"] == "advertiser"]
        groups: dict[Key, list[Row]] = defaultdict(list)
        if not by:
            groups[()] = []
        elif set(by) <= {"actor", "category"}:
            for actor in actors.values():
                groups[tuple(getattr(actor, _ACTOR_FIELDS[name]) for name in by)] = []
        for line in wanted:
            key = self._ad_key(line, by)
            if key is not None:
                groups[key].append(line)
        rows = [
            self._described(by, key) | _ad_values(measure, lines) for key, lines in groups.items()
        ]
        base = self._base(
            MEASURES[measure],
            where,
            period,
            "",
            n=int(sum(line["ads"] for line in lines if line["kind"] == "advertiser")),
            window=window,
        )
        return Result(measure, by, _sorted(rows, by, "value"), base)

    def _ad_key(self, line: Row, by: tuple[str, ...]) -> Key | None:
        actor = self.directory.actors.get(line["actor_id"])
        if actor is None and {"actor", "category"} & set(by):
            return None
        return tuple(
            (line["advertiser"], line["advertiser_id"])
            if name == "advertiser"
            else getattr(actor, _ACTOR_FIELDS[name])
            for name in by
        )

    # Rows and bases ---------------------------------------------------------------------------

    def _described(self, by: tuple[str, ...], key: Key) -> Row:
        """The dimensions of a row in words, and the ids that a page links to."""
        row: Row = {}
        for name, part in zip(by, key, strict=True):
            if name == "account":
                account = self.directory.accounts[part]
                row |= {
                    "account": account.name,
                    "account_id": account.id,
                    "handle": account.handle,
                    "actor": account.actor.name,
                    "actor_id": account.actor.id,
                    "category": account.actor.category,
                    "platform": account.platform,
                }
            elif name == "actor":
                actor = self.directory.actors[part]
                row |= {"actor": actor.name, "actor_id": actor.id, "category": actor.category}
            elif name == "about":
                row |= {"about": self.directory.actors[part].name, "about_id": part}
            elif name == "advertiser":
                row |= {"advertiser": part[0], "advertiser_id": part[1]}
            elif isinstance(part, datetime.date):
                row[name] = part.isoformat()
            else:
                row[name] = part
        return row

    def _base(
        self,
        counted: Any,
        where: Where,
        period: Period,
        scope: str,
        *,
        n: int,
        provisional: int = 0,
        unsettled: int = 0,
        window: Window | None = None,
    ) -> Base:
        return Base(
            counted=str(counted),
            where=", ".join(self._filters_in_words(where)),
            scope=scope,
            sample_rule=self._rule_in_words(where) if scope == "analysed" else "",
            start=window.start if window else period.start,
            end=window.end if window else period.end,
            n=int(n),
            as_of=self.changed_at,
            provisional=int(provisional),
            unsettled=unsettled,
        )

    def _filters_in_words(self, where: Where) -> Iterator[str]:
        kinds = {"page": _("pages"), "group": _("groups"), "profile": _("profiles")}
        fixed = {
            ("political", "true"): _("political subjects"),
            ("political", "false"): _("not political subjects"),
            ("individual", "true"): _("without public groups"),
            ("individual", "false"): _("public groups"),
        }
        for key in where:
            for value in sorted(values_of(where, key) or ()):
                if key == "platform" and value in PLATFORMS:
                    yield PLATFORMS[value].name
                elif key == "kind":
                    yield kinds.get(value, value)
                elif key == "category":
                    yield self.category_labels.get(value, value)
                elif key == "about_category":
                    yield _("about: %(category)s") % {
                        "category": self.category_labels.get(value, value)
                    }
                elif key == "about":
                    yield _("about: %(category)s") % {"category": value}
                else:
                    yield fixed.get((key, value), value)

    def _rule_in_words(self, where: Where) -> str:
        actors = self.directory.actors_where(
            {key: value for key, value in where.items() if key in _ACTOR_FILTERS}
        )
        sizes = {
            self.sample_sizes[actor.category]
            for actor in actors
            if actor.category in self.sample_sizes
        }
        if not sizes:
            return _("all posts")
        rule = ngettext(
            "the %(size)s post with most interactions per sampled category and platform",
            "the %(size)s posts with most interactions per sampled category and platform",
            max(sizes),
        ) % {"size": " / ".join(map(str, sorted(sizes)))}
        if all(actor.category in self.sample_sizes for actor in actors):
            return rule
        return _("%(rule)s; all posts of the others") % {"rule": rule}


_ACTOR_FIELDS = {"actor": "id", "category": "category"}
_ACTOR_FILTERS = ("category", "actor", "political", "individual")


def _part(account: AccountEntry, dimension: str) -> Any:
    if dimension == "account":
        return account.id
    if dimension == "platform":
        return account.platform
    return getattr(account.actor, _ACTOR_FIELDS[dimension])


def _key_of(account: AccountEntry, by: Iterable[str]) -> Key:
    return tuple(_part(account, dimension) for dimension in by)


def _inserted(key: Key, place: int, part: Any) -> Key:
    return (*key[:place], part, *key[place:])


class _Group:
    """The accounts of one row and what their posts add up to."""

    def __init__(self) -> None:
        self.sums: Row = dict.fromkeys(SUMS, 0)
        self.accounts = 0
        self.rates: list[Decimal] = []

    def add(self, totals: Row | None, *, counts: bool = True) -> None:
        """Add an account; ``counts`` is False where the row only has to exist."""
        self.accounts += counts
        if totals is None:
            return
        for name in SUMS:
            self.sums[name] += totals[name]
        if totals["rated_posts"]:
            self.rates.append(totals["rate_sum"] / totals["rated_posts"])

    def value(self, measure: str, period: Period, all_posts: int) -> Any:
        """A counter as an integer; a derived measure as a float, None where it is undefined."""
        if measure in SUMS:
            return int(self.sums[measure])
        if measure == "share":
            return float(100 * self.sums["posts"] / all_posts) if all_posts else None
        if not self.accounts:
            return None
        if measure == "avg_weekly_posts":
            return float(self.sums["posts"] / self.accounts / period.started_weeks)
        if measure == "avg_daily_interactions":
            return float(self.sums["interactions"] / self.accounts / period.days)
        return float(sum(self.rates) / len(self.rates)) if self.rates else None


def _ad_values(measure: str, lines: list[Row]) -> Row:
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


def _sorted(rows: list[Row], by: tuple[str, ...], measure: str) -> list[Row]:
    """Largest first; equal ones, and ones without a value, by name."""

    def place(row: Row) -> tuple[Any, ...]:
        value = row.get(measure)
        if value is None:
            value = row.get("low")
        names = [str(row.get(name, "")).casefold() for name in by]
        return (value is None, -(value or 0), *names)

    return sorted(rows, key=place)
