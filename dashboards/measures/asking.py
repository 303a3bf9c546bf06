"""Ask a project a question and get rows with their base."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from dashboards.measures.ad_answers import AdAnswers
from dashboards.measures.background import Background
from dashboards.measures.coding_answers import CodingAnswers
from dashboards.measures.directory import Where
from dashboards.measures.post_answers import PostAnswers
from dashboards.measures.rows import Result
from dashboards.measures.vocabulary import (
    AD_MEASURES,
    CODING_MEASURES,
    POST_MEASURES,
    UnknownWord,
    check_question,
)
from monitoring.models import Project


class Measures:
    """The questions of one request: what was fetched for one is used for the next."""

    def __init__(self, project: Project) -> None:
        self.background = Background(project)
        self._posts = PostAnswers(self.background)
        self._codings = CodingAnswers(self.background)
        self._ads = AdAnswers(self.background)

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
        chosen = self.background.period(period)
        if measure in AD_MEASURES:
            return self._ads.ask(measure, by, where, chosen)
        if measure in CODING_MEASURES:
            return self._codings.ask(measure, by, where, chosen)
        result = self._posts.table([measure], by, where, chosen, scope)
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
            if measure not in POST_MEASURES:
                raise UnknownWord(_("Only measures of posts stand side by side."))
        return self._posts.table(measures, by, where, self.background.period(period), scope)
