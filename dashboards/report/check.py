"""Compute every published figure through the measures, and compare.

Nothing here knows how the reference project was made: a figure is a question to the measures, or to
the ranking of posts, and its answer is compared with what the report prints.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from dashboards.measures import Measures
from dashboards.report.published import Figure
from monitoring.models import Post, Project

_PLATFORMS = {
    "": {},
    "facebook": {"platform": "facebook"},
    "facebook_page": {"platform": "facebook", "kind": "page"},
    "facebook_group": {"platform": "facebook", "kind": "group"},
    "instagram": {"platform": "instagram"},
}
_CATEGORIES = {"": {}, "political": {"political": "true"}, "individual": {"individual": "true"}}
# As many posts of a category as a printed post is looked for among.
_RANKED = 200


class NotComputable(Exception):
    """A figure that no measure answers; the message says what is missing."""


@dataclass(frozen=True)
class Verdict:
    """A printed figure, what was computed for it (None: nothing could be), and if they agree."""

    figure: Figure
    computed: Decimal | str | None
    agrees: bool
    reason: str = ""


class Checker:
    """Answers figures of one project; what was fetched for one serves the next."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.measures = Measures(project)
        self._ranked: dict[tuple[str, str], list[Post]] = {}

    def check(self, figures: Iterable[Figure]) -> list[Verdict]:
        """A verdict per figure, in their order; shares refer to other figures by id."""
        known = {figure.id: figure for figure in figures}
        computed: dict[str, Decimal | str] = {}
        verdicts = []
        for figure in known.values():
            try:
                value = self._compute(figure, known, computed)
            except NotComputable as problem:
                verdicts.append(Verdict(figure, None, agrees=False, reason=str(problem)))
            else:
                verdicts.append(Verdict(figure, value, agrees=figure.agrees_with(value)))
        return verdicts

    def _compute(
        self, figure: Figure, known: dict[str, Figure], computed: dict[str, Decimal | str]
    ) -> Decimal | str:
        if figure.id not in computed:
            if figure.measure == "share_pct":
                parts = [
                    self._compute(known[name], known, computed)
                    for name in (figure.numerator, figure.denominator)
                ]
                if not parts[1]:
                    raise NotComputable(f"{figure.denominator} is 0: there is no share of it")
                computed[figure.id] = 100 * Decimal(parts[0]) / Decimal(parts[1])
            else:
                answer = self._answer(figure)
                is_word = isinstance(answer, str)
                computed[figure.id] = answer if is_word else Decimal(str(answer))
        return computed[figure.id]

    def _answer(self, figure: Figure) -> Any:
        measure = figure.measure
        if measure in self._by_name:
            return self._by_name[measure](figure)
        if measure.startswith("top_post_"):
            return self._counter_of_top_post(figure)
        if found := re.fullmatch(r"posts_in_top_(\d+)", measure):
            top = self._ranking(figure)[: int(found[1])]
            return sum(_author(post) == figure.actor for post in top)
        if found := re.fullmatch(r"rank_by_(posts|interactions)", measure):
            return self._rank(figure, found[1])
        if found := re.fullmatch(
            r"actors_with_(at_least|over)_(\d+)_(posts|interactions)", measure
        ):
            least = int(found[2]) + (found[1] == "over")
            return sum(row["value"] >= least for row in self._actors(figure, found[3]))
        return self._counter(figure, measure)

    @cached_property
    def _by_name(self) -> dict[str, Callable[[Figure], Any]]:
        return {
            "actors": lambda figure: len(self._actors(figure, "posts")),
            "actors_on_both_platforms": lambda figure: len(
                self._on(figure, "facebook", "instagram")
            ),
            "actors_on_facebook_only": lambda figure: len(
                self._on(figure, "facebook") - self._on(figure, "instagram")
            ),
            "actors_on_instagram_only": lambda figure: len(
                self._on(figure, "instagram") - self._on(figure, "facebook")
            ),
            "daily_interaction_rate_pct": lambda figure: (
                100 * self._one("daily_interaction_rate", figure)
            ),
            "avg_weekly_posts": lambda figure: self._one("avg_weekly_posts", figure),
            "media_posts_about_candidates": self._pairs,
            "media_covering_candidates": lambda figure: sum(
                row["value"] > 0 for row in self._coverage(figure, "actor")
            ),
            "media_where_most_covered_is_japarov": self._led_by_japarov,
            "dominant_tone_about": self._dominant_tone,
            "ads": lambda figure: self._ads("ads", figure)["value"],
            "spend_usd": self._spend,
            "advertisers": lambda figure: len(self._advertisers(figure)),
            "advertisers_spending_100_to_350_usd": lambda figure: sum(
                row["low"] >= 100 and (row["high"] or row["low"]) <= 350
                for row in self._advertisers(figure)
            ),
            "candidates_advertising": lambda figure: sum(
                row["value"] > 0
                for row in self.measures.ask(
                    "ads", by=["actor"], where={"category": "candidate"}, period=figure.period
                ).rows
            ),
        }

    # Posts ------------------------------------------------------------------------------------

    def _where(self, figure: Figure) -> dict[str, Any]:
        category = _CATEGORIES.get(figure.category, {"category": figure.category})
        return {**_PLATFORMS[figure.platform], **category}

    def _one(self, measure: str, figure: Figure) -> Any:
        return self.measures.ask(measure, where=self._where(figure), period=figure.period).value

    def _actors(self, figure: Figure, measure: str) -> list[dict[str, Any]]:
        return self.measures.ask(
            measure, by=["actor"], where=self._where(figure), period=figure.period
        ).rows

    def _on(self, figure: Figure, *platforms: str) -> set[str]:
        """The actors that are on every one of the platforms."""
        found = [
            {
                row["actor"]
                for row in self.measures.ask(
                    "posts", by=["actor"], where={**self._where(figure), "platform": platform}
                ).rows
            }
            for platform in platforms
        ]
        return set.intersection(*found)

    def _counter(self, figure: Figure, measure: str) -> int:
        where = self._where(figure)
        if figure.actor:
            where["actor"] = figure.actor.split(" + ")
        rows = self.measures.ask(measure, by=["account"], where=where, period=figure.period).rows
        if figure.account:
            rows = [self._labelled(figure, rows)]
        if figure.actor and not rows:
            raise NotComputable(f"no account of {figure.actor}")
        return sum(row["value"] for row in rows)

    @staticmethod
    def _labelled(figure: Figure, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """The account of a printed label: cut at 16 characters; "(1)" is the silent one of two."""
        numbered = re.fullmatch(r"(.*) \((\d)\)", figure.account)
        label, number = numbered.groups() if numbered else (figure.account, "")
        name = "handle" if figure.platform == "instagram" else "account"
        start = label.split("...")[0]
        fitting = sorted(
            (row for row in rows if row[name].startswith(start)), key=lambda row: row["value"]
        )
        if not fitting:
            raise NotComputable(f"no account is labelled {figure.account}")
        return fitting[int(number) - 1 if number else -1]

    def _rank(self, figure: Figure, measure: str) -> int:
        values = {row["actor"]: row["value"] for row in self._actors(figure, measure)}
        if figure.actor not in values:
            raise NotComputable(f"no account of {figure.actor}")
        return 1 + sum(value > values[figure.actor] for value in values.values())

    # Top posts --------------------------------------------------------------------------------

    def _ranking(self, figure: Figure) -> list[Post]:
        """The most interacted posts of the figure's category and platform."""
        platform = _PLATFORMS[figure.platform]["platform"]
        key = (platform, figure.category)
        if key not in self._ranked:
            period = self.measures.background.period(figure.period)
            self._ranked[key] = list(
                Post.objects.of(self.project)
                .counted()
                .on_platform(platform)
                .by_category(figure.category)
                .published_between(*period.bounds())
                .most_interacted()
                .select_related("account__actor")[:_RANKED]
            )
        return self._ranked[key]

    def _counter_of_top_post(self, figure: Figure) -> int:
        post = self._top_post(figure)
        counter = figure.measure.removeprefix("top_post_")
        if counter == "views_total":
            value = post.views if post.views_total is None else post.views_total
        else:
            value = getattr(post, {"views_post": "views"}.get(counter, counter))
        if value is None:
            raise NotComputable(f"the post has no {counter}")
        return value

    def _top_post(self, figure: Figure) -> Post:
        """The post whose text is printed; one the report only describes is found by its rank."""
        ranking = self._ranking(figure)
        rank = int(found[1]) if (found := re.search(r"\.(\d+)\.", figure.id)) else 0
        own = [post for post in ranking if _author(post) == figure.actor]
        printed = _bare(re.split(r"\((?:video|live|IGTV)", figure.quote)[0])
        named = [post for post in own if printed and printed in _bare(post.text)]
        of_rank = ranking[rank - 1] if 0 < rank <= len(ranking) else None
        if of_rank in named or (not named and of_rank in own):
            return of_rank
        if named:
            return named[0]
        raise NotComputable(f"no such post of {figure.actor} among the {_RANKED} first")

    # Tone -------------------------------------------------------------------------------------

    def _coverage(self, figure: Figure, *by: str, **more: Any) -> list[dict[str, Any]]:
        where = {**self._where(figure), "about_category": "candidate", **more}
        return self.measures.ask("mentions", by=by, where=where, period=figure.period).rows

    def _pairs(self, figure: Figure) -> int:
        more = {"about": figure.about} if figure.about else {}
        left_out = figure.actor.removeprefix("all but ")
        is_rest = figure.actor.startswith("all but ")
        names = set(figure.actor.split(" + ")) if figure.actor else set()
        return sum(
            row["value"]
            for row in self._coverage(figure, "actor", **more)
            if not names or (row["actor"] != left_out if is_rest else row["actor"] in names)
        )

    def _led_by_japarov(self, figure: Figure) -> int:
        outlets: dict[str, dict[str, int]] = {}
        for row in self._coverage(figure, "actor", "about"):
            outlets.setdefault(row["actor"], {})[row["about"]] = row["value"]
        return sum(
            max(about.values()) == about.get("Japarov Sadyr")
            and list(about.values()).count(max(about.values())) == 1
            for about in outlets.values()
        )

    def _dominant_tone(self, figure: Figure) -> str:
        rows = self._coverage(figure, "tone", actor=figure.actor, about=figure.about)
        if not rows:
            raise NotComputable(f"no coded post of {figure.actor} about {figure.about}")
        return rows[0]["tone"]

    # Ads --------------------------------------------------------------------------------------

    def _ads(self, measure: str, figure: Figure) -> dict[str, Any]:
        where = {}
        if figure.account:
            where["advertiser"] = figure.account
        elif figure.actor:
            where["actor"] = figure.actor
        rows = self.measures.ask(measure, where=where, period=figure.period).rows
        return rows[0]

    def _spend(self, figure: Figure) -> int:
        row = self._ads("spend", figure)
        if row["value"] is None:
            raise NotComputable(f"spending is only known to be {row['low']} to {row['high']}")
        return row["value"]

    def _advertisers(self, figure: Figure) -> list[dict[str, Any]]:
        return self.measures.ask("spend", by=["advertiser"], period=figure.period).rows


def _author(post: Post) -> str:
    return str(post.account.actor)


def _bare(text: str) -> str:
    """Letters and digits of a text, so that quotation marks and line breaks do not matter."""
    return "".join(re.findall(r"\w+", text.casefold()))
