"""What every answer needs to know of a project, fetched once for all questions of a request."""

import datetime
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coding.models import FlagKind, Topic
from coding.sampling import Rule
from coding.services.sample_rules import rule_in_words
from dashboards.measures.base import Base, moment_in_words
from dashboards.measures.directory import ACTOR_FILTERS, Directory, Key, Where, values_of
from dashboards.measures.memory import Memory
from dashboards.measures.outline import Moment, Outline, outline_of
from dashboards.measures.rows import Row
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import LANGUAGES, MOMENTS, NotInProject, UnknownWord
from monitoring.coverage import DAY, Days, gaps
from monitoring.interactions import PLATFORMS
from monitoring.models import Category, Period, Project
from monitoring.services.coverage import covered_days

# Values of filters whose words are the same in every project.
_IN_WORDS = {
    ("kind", "page"): gettext_lazy("pages"),
    ("kind", "group"): gettext_lazy("groups"),
    ("kind", "profile"): gettext_lazy("profiles"),
    ("political", "true"): gettext_lazy("political subjects"),
    ("political", "false"): gettext_lazy("not political subjects"),
    ("individual", "true"): gettext_lazy("without public groups"),
    ("individual", "false"): gettext_lazy("public groups"),
    **{("language", key): label for key, label in LANGUAGES.items()},
}
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def day_of(text: str) -> datetime.date:
    """A day from its ISO form; UnknownWord for any other."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise UnknownWord(
            _("“%(word)s” is not a day; write it as 2021-01-09.") % {"word": text}
        ) from problem


def start_of(name: str, day: datetime.date) -> datetime.date:
    """The first day of the day, week (from Monday) or month in which a day lies."""
    if name == "week":
        return day - datetime.timedelta(days=day.weekday())
    return day.replace(day=1) if name == "month" else day


class Background:
    """What the answers of one request know of their project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._lacking: dict[Days, frozenset[int]] = {}

    @cached_property
    def _read(self) -> tuple[Moment, Outline]:
        """Read before any row: what is read after it is at least as new."""
        return outline_of(self.project)

    @cached_property
    def outline(self) -> Outline:
        return self._read[1]

    @cached_property
    def directory(self) -> Directory:
        return self.outline.directory

    @cached_property
    def periods(self) -> dict[str, Period]:
        return self.outline.periods_of(self.project)

    @cached_property
    def categories(self) -> dict[str, Category]:
        """In the project's order."""
        return self.outline.categories_of(self.project)

    @cached_property
    def category_labels(self) -> dict[str, str]:
        return {key: category.label for key, category in self.categories.items()}

    @cached_property
    def topics(self) -> dict[str, str]:
        # A later version's word for a key is the one in use.
        topics = Topic.objects.filter(version__codebook__project=self.project)
        return {topic.key: topic.label for topic in topics.order_by("version__number")}

    @cached_property
    def flags(self) -> dict[str, str]:
        kinds = FlagKind.objects.filter(version__codebook__project=self.project)
        return {kind.key: kind.label for kind in kinds.order_by("version__number")}

    def topic_label(self, key: str) -> str:
        return self.topics.get(key, key)

    def flag_label(self, key: str) -> str:
        return self.flags.get(key, key)

    @cached_property
    def sample_rules(self) -> dict[str, Rule]:
        """The rule by which the posts of each sampled category were drawn, else are to be."""
        found = {**self.outline.rules, **self.outline.drawn}
        return {category: rule for category, rule in found.items() if rule.size is not None}

    @cached_property
    def changed_at(self) -> datetime.datetime | None:
        moment = self._read[0].changed_at
        return moment.astimezone(self.project.zone) if moment else None

    @cached_property
    def memory(self) -> Memory:
        """Of what codings do not change."""
        return self._memory(self._read[0].beside_codings)

    @cached_property
    def memory_of_codings(self) -> Memory:
        return self._memory(self._read[0].number)

    def _memory(self, revision: int | None) -> Memory:
        shape = f"{self.outline.shape}:{self.project.timezone}"
        return Memory(self.project.pk, revision, shape)

    @property
    def moment(self) -> str:
        """As of when the answers are, in words."""
        return moment_in_words(self.changed_at)

    def period(self, key: str) -> Period:
        """The period of a key, or the days of ``2020-12-15..2021-01-09``, both inclusive.

        Raises NotInProject, which lists the periods there are.
        """
        if key in self.periods:
            return self.periods[key]
        if found := _RANGE.fullmatch(key):
            start, end = day_of(found[1]), day_of(found[2])
            if start <= end:
                return self._days(start, end)
        raise NotInProject(
            _("“%(word)s” is not a period of the project; there are: %(allowed)s.")
            % {"word": key, "allowed": ", ".join([*self.periods, "2021-01-01..2021-01-09"])}
        )

    def period_before(self, period: Period) -> Period:
        """As many days, just before."""
        end = period.start - datetime.timedelta(days=1)
        return self._days(end - datetime.timedelta(days=period.days - 1), end)

    def _days(self, start: datetime.date, end: datetime.date) -> Period:
        key = f"{start.isoformat()}..{end.isoformat()}"
        return Period(project=self.project, key=key, name=key, start=start, end=end)

    def about(self, where: Where) -> frozenset[int] | None:
        """The actors that the filters on who is spoken of leave; None where there are none."""
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

    def days_where(self, where: Where, period: Period) -> frozenset[datetime.date] | None:
        """The days of the period that the filters on time leave; None where there are none."""
        wanted = [name for name in MOMENTS if name in where]
        if not wanted:
            return None
        days = [period.start + datetime.timedelta(days=number) for number in range(period.days)]
        for name in wanted:
            starts = {day_of(value) for value in values_of(where, name) or ()}
            days = [day for day in days if start_of(name, day) in starts]
        return frozenset(days)

    def described(self, by: tuple[str, ...], key: Key) -> Row:
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

    def base(
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
            uncovered=0 if window else self._uncovered(where, period),
        )

    def _uncovered(self, where: Where, period: Period) -> int:
        """How many of the accounts have days in the period of which no export says anything."""
        if not self.outline.holds_exports:
            return 0
        # Of the day of the last change, and of later ones, no export could hold the whole.
        last = min(period.end, self.changed_at.date() - DAY) if self.changed_at else period.end
        key = period.start, last
        if key not in self._lacking:
            found = self.memory.rows(("lacking", *key), lambda: self._find_lacking(*key))
            self._lacking[key] = frozenset(row["account"] for row in found)
        lacking = self._lacking[key]
        if not lacking:
            return 0
        return sum(account.id in lacking for account in self.directory.accounts_where(where))

    def _find_lacking(self, start: datetime.date, end: datetime.date) -> list[Row]:
        covered = covered_days(project=self.project)
        return [
            {"account": account}
            for account in self.directory.accounts
            if gaps(covered.get(account, ()), start=start, end=end)
        ]

    def _filters_in_words(self, where: Where) -> Iterator[str]:
        for key in where:
            for value in sorted(values_of(where, key) or ()):
                yield self._filter_in_words(key, value)

    def _filter_in_words(self, key: str, value: str) -> str:
        if key == "platform" and value in PLATFORMS:
            return PLATFORMS[value].name
        if key == "category":
            return self.category_labels.get(value, value)
        if key == "account":
            account = self.directory.accounts.get(int(value) if value.isdecimal() else 0)
            return account.name if account else value
        if key in ("about", "about_category"):
            name = self.category_labels.get(value, value) if key == "about_category" else value
            return _("about: %(category)s") % {"category": name}
        if key == "country":
            return _("Ad Library of %(country)s") % {"country": value}
        return str(_IN_WORDS.get((key, value), value))

    def _rule_in_words(self, where: Where) -> str:
        actors = self.directory.actors_where(
            {key: value for key, value in where.items() if key in ACTOR_FILTERS}
        )
        sampled = {actor.category for actor in actors} & self.sample_rules.keys()
        if not sampled:
            return rule_in_words(Rule(None))
        words = {rule_in_words(self.sample_rules[category]) for category in sampled}
        rule = "; ".join(sorted(words))
        if all(actor.category in self.sample_rules for actor in actors):
            return rule
        return _("%(rule)s; all posts of the others") % {"rule": rule}
