"""Ask a project a question and get rows with their base."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from dashboards.measures.ad_answers import AdAnswers, AdsBehind
from dashboards.measures.background import Background
from dashboards.measures.coding_answers import CodingAnswers
from dashboards.measures.directory import Where
from dashboards.measures.post_answers import PostAnswers
from dashboards.measures.posts_behind import PostsBehind, posts_behind
from dashboards.measures.rows import Result, Row, compared, sorted_rows
from dashboards.measures.sources import Window
from dashboards.measures.values import check_values
from dashboards.measures.vocabulary import (
    AD_MEASURES,
    CODING_FILTERS,
    POST_MEASURES,
    TIME_DIMENSIONS,
    UnknownWord,
    Withheld,
    check_question,
    is_about_codings,
)
from monitoring.models import Project


class Measures:
    """The questions of one request: what was fetched for one is used for the next.

    ``with_codings`` is whether sums of codings are for the one who asks. ``spoken`` is what the
    readers of a document call actors, by the name that the project writes; answers keep to that.
    """

    def __init__(self, project: Project, *, with_codings: bool = True) -> None:
        self.with_codings = with_codings
        self.spoken: Mapping[str, str] = {}
        self.background = Background(project)
        self._posts = PostAnswers(self.background)
        self._codings = CodingAnswers(self.background)
        self._ads = AdAnswers(self.background)

    def called(self, actor: str) -> str:
        """An actor's name as it is printed."""
        return self.spoken.get(actor, actor)

    def ask(
        self,
        measure: str,
        *,
        by: Iterable[str] = (),
        where: Where | None = None,
        period: str = "entire",
        scope: str = "all",
        against: str = "",
    ) -> Result:
        """Rows with a key per dimension and ``value``.

        Actors and accounts with nothing are rows too: a zero is a finding. ``spend`` is an interval
        (``low``, ``high``); its ``value`` is None where the bounds differ. Rates are fractions,
        ``share`` is in percent. ``against`` names a second period, or ``previous``: the rows then
        have ``before``, ``change`` and ``change_percent`` too. Raises UnknownWord for a word
        outside the vocabulary, Withheld for sums of codings where they are not for the asker.
        """
        by, where = tuple(by), self._counted(where)
        check_question(measure=measure, by=by, where=where, scope=scope)
        if against:
            return self._compared(measure, by, where, period, scope, against)
        result = self._over_periods([measure], by, where, period, scope)
        for row in result.rows:
            if measure in row:
                row["value"] = row.pop(measure)
        return result

    def check_values(self, where: Where) -> None:
        """Raise UnknownWord for a value that nothing in the project has: for who asks by hand."""
        check_values(self.background, self._counted(where))

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
        by, where = tuple(by), self._counted(where)
        for measure in measures:
            check_question(measure=measure, by=by, where=where, scope=scope)
            if measure not in POST_MEASURES or set(CODING_FILTERS) & {*by, *where}:
                raise UnknownWord(_("Only measures of posts stand side by side."))
        return self._over_periods(measures, by, where, period, scope)

    @property
    def ad_windows(self) -> list[Window]:
        """The days that the project's Ad Library reports cover, the widest first."""
        return self._ads.windows

    @property
    def other_ad_reports(self) -> dict[str, Window]:
        """Of each country whose reports are not counted unless they are asked for, the widest."""
        _counted, *others = self._ads.reports or [""]
        return {country: self._ads.reports[country][0] for country in others}

    @property
    def ad_period(self) -> str | None:
        """The period whose ads there are to be shown; None where none were imported."""
        return self._ads.period

    def ad_lines(self, period: str) -> list[Row]:
        """The lines of the period's Ad Library report: one per advertiser, one of all locations.

        Without a report those of the single ads that ran in the period.
        """
        return self._ads.report(self.background.period(period))[1]

    def posts_behind(
        self,
        measure: str,
        *,
        where: Where | None = None,
        period: str = "entire",
        scope: str = "all",
    ) -> PostsBehind:
        """The posts that an answer without dimensions counts, the most interacted first."""
        where, counted = self._counted(where), {}
        check_question(measure=measure, by=(), where=where, scope=scope)
        if is_about_codings(measure=measure, by=(), where=where):
            self._refuse_who_codes_blind()
        elif measure in POST_MEASURES:
            posts = self.ask("posts", by=["account"], where=where, period=period, scope=scope)
            counted = {row["account_id"]: row["value"] for row in posts.rows}
        chosen = self.background.period(period)
        return posts_behind(self.background, measure, where, chosen, scope, counted=counted)

    def ads_behind(self, measure: str, *, where: Where | None = None, period: str) -> AdsBehind:
        """The ads an answer without dimensions counts. Raises UnknownWord for other numbers."""
        where = self._counted(where)
        check_question(measure=measure, by=(), where=where, scope="all")
        if measure not in AD_MEASURES:
            raise UnknownWord(_("There are no ads behind this number."))
        return self._ads.behind(where, self.background.period(period))

    def _counted(self, where: Where | None) -> Where:
        """The filters as they are meant now: charts may name an actor that was merged since."""
        return self.background.directory.counted(where or {})

    def _over_periods(
        self, measures: Sequence[str], by: tuple[str, ...], where: Where, period: str, scope: str
    ) -> Result:
        """The answer, or one per period of the project under each other; their days overlap."""
        if "period" not in by:
            return self._answer(measures, by, where, period, scope)
        rest = tuple(name for name in by if name != "period")
        rows = [
            {"period": key, **row}
            for key in self.background.periods
            for row in self._answer(measures, rest, where, key, scope).rows
        ]
        counted = self._answer(measures, (), where, period, scope)
        value = "value" if rows and "value" in rows[0] else measures[0]
        return replace(counted, by=by, rows=sorted_rows(rows, by, value))

    def _answer(
        self, measures: Sequence[str], by: tuple[str, ...], where: Where, period: str, scope: str
    ) -> Result:
        chosen = self.background.period(period)
        if measures[0] in AD_MEASURES:
            result = self._ads.ask(measures[0], by, where, chosen)
        elif is_about_codings(measure=measures[0], by=by, where=where):
            self._refuse_who_codes_blind()
            result = self._codings.ask(measures[0], by, where, chosen)
        else:
            result = self._posts.table(measures, by, where, chosen, scope)
        return replace(result, where=where, period=period, scope=scope)

    def _refuse_who_codes_blind(self) -> None:
        if not self.with_codings:
            raise Withheld(_("What codings add up to is not shown to those who code blind."))

    def _compared(
        self,
        measure: str,
        by: tuple[str, ...],
        where: Where,
        period: str,
        scope: str,
        against: str,
    ) -> Result:
        if measure == "spend" or set(by) & set(TIME_DIMENSIONS):
            raise UnknownWord(_("Amounts that are intervals, and days, have no second period."))
        other = (
            self.background.period_before(self.background.period(period)).key
            if against == "previous"
            else against
        )
        now = self.ask(measure, by=by, where=where, period=period, scope=scope)
        then = self.ask(measure, by=by, where=where, period=other, scope=scope)
        days = then.base.start, then.base.end
        rows = sorted_rows(compared(now.rows, then.rows, by), by, "value")
        return replace(now, rows=rows, base=replace(now.base, against=days))
