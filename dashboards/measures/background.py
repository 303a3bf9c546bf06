"""What every answer needs to know of a project, fetched once for all questions of a request."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coding.models import FlagKind, Method, Sample, SampleRule, Topic
from coding.sampling import Rule
from coding.services.sample_rules import rule_in_words
from dashboards.measures.base import Base, moment_in_words
from dashboards.measures.directory import ACTOR_FILTERS, Directory, Where, values_of
from dashboards.measures.memory import Memory
from dashboards.measures.rows import Key, Row
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import LANGUAGES, MOMENTS, NotInProject, UnknownWord
from monitoring.coverage import DAY, Days, gaps
from monitoring.interactions import PLATFORMS
from monitoring.models import Category, Period, Project, Revision
from monitoring.services.coverage import covered_days, holds_exports

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
    """Actors, accounts, periods, categories and sample rules of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._lacking: dict[Days, frozenset[int]] = {}

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
    def categories(self) -> dict[str, Category]:
        """In the project's order."""
        return {category.key: category for category in self.project.categories.all()}

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
    def set_rules(self) -> list[SampleRule]:
        """What leads decided; categories without one follow the usual rule."""
        return list(SampleRule.objects.of(self.project).select_related("category"))

    @cached_property
    def sampled_categories(self) -> frozenset[str]:
        """The categories of which only what was drawn is analysed."""
        return frozenset(row.category.key for row in self.set_rules if row.method == Method.TOP)

    @cached_property
    def sample_rules(self) -> dict[str, Rule]:
        """The rule by which the posts of each sampled category were drawn, else are to be."""
        found: dict[str, Rule] = {}
        for rows in (self.set_rules, Sample.objects.of(self.project).select_related("category")):
            found |= {row.category.key: row.rule for row in rows}
        return {category: rule for category, rule in found.items() if rule.size is not None}

    @cached_property
    def revision(self) -> Revision | None:
        """Read before any row: what is read after it is at least as new."""
        return Revision.objects.filter(project=self.project).first()

    @property
    def changed_at(self) -> datetime.datetime | None:
        return self.revision.changed_at.astimezone(self.project.zone) if self.revision else None

    @cached_property
    def memory(self) -> Memory:
        revision = self.revision
        accounts = sorted(
            (account.id, account.actor.id, account.actor.category)
            for account in self.directory.accounts.values()
        )
        rules = sorted(self.sampled_categories)
        shape = repr((accounts, rules, self.project.timezone))
        return Memory(self.project.pk, revision.number if revision else None, shape)

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

    @cached_property
    def _covered(self) -> dict[int, list[Days]]:
        """The days that exports cover, by account."""
        found: dict[int, list[Days]] = defaultdict(list)
        for row in self.memory.rows("coverage", self._fetch_covered):
            start, end = (datetime.date.fromisoformat(row[name]) for name in ("start", "end"))
            found[row["account"]].append((start, end))
        return found

    @cached_property
    def _holds_exports(self) -> bool:
        """Whether posts came in by imports at all; else nobody can tell what is missing."""
        return bool(self._covered) or holds_exports(project=self.project)

    def _fetch_covered(self) -> list[Row]:
        return [
            {"account": account, "start": start.isoformat(), "end": end.isoformat()}
            for account, runs in covered_days(project=self.project).items()
            for start, end in runs
        ]

    def _uncovered(self, where: Where, period: Period) -> int:
        """How many of the accounts have days in the period of which no export says anything."""
        if not self._holds_exports:
            return 0
        # Of the day of the last change, and of later ones, no export could hold the whole.
        last = min(period.end, self.changed_at.date() - DAY) if self.changed_at else period.end
        key = period.start, last
        if key not in self._lacking:
            self._lacking[key] = frozenset(
                account
                for account in self.directory.accounts
                if gaps(self._covered.get(account, ()), start=period.start, end=last)
            )
        lacking = self._lacking[key]
        if not lacking:
            return 0
        return sum(account.id in lacking for account in self.directory.accounts_where(where))

    def _filters_in_words(self, where: Where) -> Iterator[str]:
        for key in where:
            for value in sorted(values_of(where, key) or ()):
                if key == "platform" and value in PLATFORMS:
                    yield PLATFORMS[value].name
                elif key == "category":
                    yield self.category_labels.get(value, value)
                elif key == "about_category":
                    yield _("about: %(category)s") % {
                        "category": self.category_labels.get(value, value)
                    }
                elif key == "about":
                    yield _("about: %(category)s") % {"category": value}
                else:
                    yield str(_IN_WORDS.get((key, value), value))

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
