"""What every answer needs to know of a project, fetched once for all questions of a request."""

import datetime
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from coding.models import Sample, SampleRule
from coding.sampling import Rule
from coding.services.sample_rules import rule_in_words
from dashboards.measures.base import Base
from dashboards.measures.directory import ACTOR_FILTERS, Directory, Where, values_of
from dashboards.measures.rows import Key, Row
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import NotInProject
from monitoring.interactions import PLATFORMS
from monitoring.models import Period, Project, Revision


class Background:
    """Actors, accounts, periods, categories and sample rules of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project

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
    def sample_rules(self) -> dict[str, Rule]:
        """The rule by which the posts of each sampled category were drawn, else are to be."""
        found: dict[str, Rule] = {}
        for rows in (SampleRule.objects.of(self.project), Sample.objects.of(self.project)):
            found |= {row.category.key: row.rule for row in rows.select_related("category")}
        return {category: rule for category, rule in found.items() if rule.size is not None}

    @cached_property
    def changed_at(self) -> datetime.datetime | None:
        revision = Revision.objects.filter(project=self.project).first()
        return revision.changed_at if revision else None

    def period(self, key: str) -> Period:
        """The period of a key; UnknownWord lists the others."""
        if key not in self.periods:
            raise NotInProject(
                _("“%(word)s” is not a period of the project; there are: %(allowed)s.")
                % {"word": key, "allowed": ", ".join(self.periods)}
            )
        return self.periods[key]

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
