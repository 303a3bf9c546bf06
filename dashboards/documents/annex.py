"""The end of a report: how it was done, how far monitors agree, who was watched, which topics."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coding.models import CodebookVersion
from coding.sampling import default_rule
from coding.services.agreement_tables import Line, Reliability
from coding.services.sample_rules import rule_in_words
from dashboards.documents.content import TablePart
from dashboards.measures import Measures
from dashboards.numbers import count, in_language, percent
from monitoring.interactions import PLATFORMS
from monitoring.models import CountersRule, Period, Project

# A report is published: what fewer posts say of coders would be about single persons.
SMALLEST_CELL = 5


def days_of(period: Period) -> str:
    return f"{date_format(period.start, 'j E Y')} – {date_format(period.end, 'j E Y')}"


def methodology(project: Project, measures: Measures) -> Iterator[str]:
    """Sentences; the caveats on reach and paid posts are CrowdTangle's own (METHOD 2)."""
    for period in measures.background.periods.values():
        yield ngettext(
            "%(period)s: %(dates)s (%(days)s day), on the clock of %(zone)s.",
            "%(period)s: %(dates)s (%(days)s days), on the clock of %(zone)s.",
            period.days,
        ) % {
            "period": period.label,
            "dates": days_of(period),
            "days": period.days,
            "zone": project.timezone,
        }
    yield _(
        "Interactions are reactions, comments and shares on Facebook, likes and comments on"
        " Instagram; views are not among them."
    )
    yield _counters(project)
    yield _(
        "Only public posts were seen. How many people a post reached, and whether somebody paid for"
        " it to be shown, they do not tell."
    )
    rules = measures.background.outline.rules
    for category in measures.background.categories.values():
        rule = rules.get(category.key) or default_rule(is_political=category.is_political)
        yield f"{category.label}: {rule_in_words(rule)}."


def _counters(project: Project) -> str:
    if project.counters_rule == CountersRule.LATEST:
        return _("The counters of a post are the latest that were read.")
    return ngettext(
        "The counters of a post are those read %(days)s day after its publication.",
        "The counters of a post are those read %(days)s days after its publication.",
        project.stabilisation_days,
    ) % {"days": project.stabilisation_days}


def agreement(project: Project) -> TablePart | None:
    """Variables that two monitors answered blind; None where no post was coded twice."""
    lines = [line for line in Reliability(project).lines() if line.agreement.units]
    if not lines:
        return None
    return TablePart(
        _("Agreement between monitors"),
        [
            (_("Variable"), False),
            (_("Posts"), True),
            (_("Equal answers"), True),
            (_("Krippendorff's alpha"), True),
            (_("95 percent interval"), True),
        ],
        [_agreement_row(line) for line in lines],
        " ".join(_below_agreement(lines)),
    )


def _below_agreement(lines: list[Line]) -> Iterator[str]:
    yield _("Alpha is undefined where all answers were the same: nothing could differ.")
    if any(line.agreement.is_weighted for line in lines):
        yield _(
            "Flagged posts were drawn for double coding more often than others; "
            "each counts by how many posts of the sample it stands for."
        )
    if any(line.agreement.units < SMALLEST_CELL for line in lines):
        yield _(
            "Of fewer than %(posts)s posts nothing is told: it would be of single monitors."
        ) % {"posts": SMALLEST_CELL}


def _agreement_row(line: Line) -> list[str]:
    found = line.agreement
    if found.units < SMALLEST_CELL:
        return [str(line.label), f"<{SMALLEST_CELL}", "–", "–", "–"]
    known = found.alpha is not None and found.low is not None and found.high is not None
    return [
        str(line.label),
        count(found.units),
        percent(None if found.percent is None else 100 * found.percent, 1),
        _("undefined") if found.alpha is None else in_language(f"{found.alpha:.2f}"),
        in_language(f"{found.low:.2f} – {found.high:.2f}") if known else "–",
    ]


def actors(measures: Measures, names: Mapping[str, str]) -> list[TablePart]:
    """A table per category; ``names`` is what the readers of the language call the actors."""
    directory = measures.background.directory
    accounts: dict[int, list[str]] = defaultdict(list)
    for account in sorted(directory.accounts.values(), key=lambda one: (one.platform, one.name)):
        words = f"{PLATFORMS[account.platform].name}: {account.handle or account.name}"
        accounts[account.actor.id].append(words)
    rows: dict[str, list[list[str]]] = defaultdict(list)
    for actor in directory.actors.values():
        own = "; ".join(accounts[actor.id]) or _("no account")
        rows[actor.category].append([names.get(actor.name, actor.name), own])
    return [
        TablePart(str(label), [(_("Actor"), False), (_("Accounts"), False)], sorted(rows[key]))
        for key, label in measures.background.category_labels.items()
        if rows[key]
    ]


def codebook(version: CodebookVersion | None) -> str:
    """Which version the posts were coded by; empty before one is published."""
    if version is None:
        return ""
    return _("Codebook: %(name)s, version %(number)s.") % {
        "name": version.codebook.name,
        "number": version.number,
    }


def topics(version: CodebookVersion | None) -> list[str]:
    return [str(topic.label) for topic in version.topics.all()] if version else []
