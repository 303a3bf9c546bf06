"""How far monitors agree: a line per variable, the parts of one, and the posts behind each cell."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coding.agreement import RELIABLE, TENTATIVE
from coding.models import Coding
from coding.reliability import Breakdown, Unit, Variable, confused, confusions, parted
from coding.services.agreement_tables import Line, Reliability, key_of
from coding.views.agreement_drawing import Drawn, place
from coding.views.own_posts import still_to_code
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Post
from monitoring.services.revisions import revision_of

MOST_ITEMS = 100
SHADES = 5  # of the cells of a matrix, in the style sheet


@dataclass(frozen=True)
class Cell:
    """How often two answers met: ``query`` asks for the posts; ``shade`` 0 to 5 as it is drawn."""

    count: int
    query: str
    shade: int
    is_agreement: bool


class Matrix(NamedTuple):
    """Answers by answers, each pair once, in the lower left half."""

    heads: list[str]
    rows: list[tuple[str, list[Cell | None]]]


class Asked:
    """A variable and the part of it that an address names. Raises Http404 for what is not there."""

    def __init__(self, request: ProjectRequest) -> None:
        self.project = request.project
        self.found = Reliability(request.project)
        variable = self.found.words.variable(request.GET.get("variable", "tone"))
        if variable is None:
            raise Http404
        self.variable: Variable = variable
        self.parts: dict[Breakdown, str] = {
            by: request.GET.get(by, "") for by in Breakdown if request.GET.get(by)
        }
        if actor := self.parts.get(Breakdown.ACTOR):
            self.parts[Breakdown.ACTOR] = self.found.words.counted_actor(actor)

    @cached_property
    def units(self) -> list[Unit]:
        units = self.found.units(self.variable)
        for by, wanted in self.parts.items():
            parts = {key_of(part): some for part, some in parted(units, by).items()}
            units = parts.get(wanted, [])
        return [unit for unit in units if len(unit.answers) > 1]

    def named_parts(self) -> dict[str, Any]:
        return {str(by): part for by, part in self.parts.items()}

    def query(self, **more: Any) -> str:
        return urlencode({"variable": self.variable.key} | self.named_parts() | more)

    def part_names(self) -> list[tuple[str, str]]:
        """Each part that was chosen, and the address without it."""
        names = []
        for by, wanted in self.parts.items():
            parts = parted(self.found.units(self.variable), by)
            name = next((self.found.words.part(by, p) for p in parts if key_of(p) == wanted), "?")
            others = {key: part for key, part in self.named_parts().items() if key != by}
            names.append((name, urlencode({"variable": self.variable.key} | others)))
        return names


@require_GET
@project_page(Action.VIEW_AGREEMENT)
def agreement(request: ProjectRequest) -> HttpResponse:
    """The table of variables, and one of them by actor, pair of monitors and week."""
    return render(request, "coding/agreement.html", content(request))


@require_GET
@project_page(Action.VIEW_AGREEMENT)
def changes(request: ProjectRequest) -> HttpResponse:
    """204 while ``?revision=`` is the newest, else the page's content anew."""
    if request.GET.get("revision") == str(revision_of(request.project)):
        return HttpResponse(status=204)
    return render(request, "coding/_agreement.html", content(request))


def content(request: ProjectRequest) -> dict[str, Any]:
    # Read before the answers: a change in between is asked for again, not missed.
    revision = revision_of(request.project)
    asked = Asked(request)
    found, variable = asked.found, asked.variable
    breakdowns = [
        (_("By pair of monitors"), Breakdown.PAIR, found.breakdown(variable, Breakdown.PAIR)),
        (_("By week"), Breakdown.WEEK, found.breakdown(variable, Breakdown.WEEK)),
        (_by_actor(variable), Breakdown.ACTOR, found.breakdown(variable, Breakdown.ACTOR)),
    ]
    return {
        "revision": revision,
        "lines": [Drawn(line, urlencode({"variable": line.key})) for line in found.lines()],
        "chosen": Drawn(found.line(variable), ""),
        "is_set": variable.is_set,
        "parts": [Drawn(line, urlencode({"variable": line.key})) for line in found.parts(variable)],
        "breakdowns": [
            (title, [Drawn(line, asked.query(**{by: line.key})) for line in _with_pairs(lines)])
            for title, by, lines in breakdowns
        ],
        "matrix": matrix_of(asked),
        "units": len(asked.units),
        "part_names": asked.part_names(),
        "marks": [(f"{mark:.3f}".lstrip("0"), place(mark)) for mark in (TENTATIVE, RELIABLE)],
        "query": asked.query(),
    }


def _with_pairs(lines: list[Line]) -> list[Line]:
    """Without the parts in which nothing can be compared."""
    return [line for line in lines if line.agreement.units]


def _by_actor(variable: Variable) -> str:
    if variable.kind in ("tone", "mention"):
        return _("By actor it is about")
    return _("By whose post it is")


def matrix_of(asked: Asked) -> Matrix:
    """How often each two answers met; the higher of two grades stands on top."""
    counts = confusions(asked.units)
    values = sorted({value for pair in counts for value in pair}, key=_order_of(asked))
    rank = {value: number for number, value in enumerate(values)}
    # Against the most frequent cell of all: dark is where they disagree as often as they agree.
    most = max(counts.values(), default=1)
    by_rank = {
        (max(rank[one], rank[other]), min(rank[one], rank[other])): count
        for (one, other), count in counts.items()
    }
    rows = []
    for row, value in enumerate(values):
        cells: list[Cell | None] = []
        for column, other in enumerate(values[: row + 1]):
            count = by_rank.get((row, column), 0)
            query = asked.query(one=value, other=other)
            shade = 0 if row == column else -(-SHADES * count // most)
            cells.append(Cell(count, query, shade, row == column))
        cells += [None] * (len(values) - row - 1)
        rows.append((asked.found.words.answer(asked.variable, value), cells))
    return Matrix([name for name, _cells in rows], rows)


def _order_of(asked: Asked) -> Any:
    words, variable = asked.found.words, asked.variable
    if variable.kind == "tone":
        return lambda value: -value
    if variable.is_set:
        labels = list(words.topics) if variable.kind == "topics" else list(words.actors)
        places = {label: number for number, label in enumerate(labels)}
        return lambda value: (places.get(value, len(places)), str(value))
    return lambda value: (isinstance(value, str), value)


@require_GET
@project_page(Action.VIEW_AGREEMENT)
def items(request: ProjectRequest) -> HttpResponse:
    """The posts behind a cell of the matrix, with every blind answer to the variable.

    Without those that the lead has still to code.
    """
    asked, own = Asked(request), still_to_code(request)
    wanted = {request.GET.get("one", ""), request.GET.get("other", "")}
    units = [unit for unit in asked.units if unit.post not in own and _met(unit, wanted)]
    posts = {
        post.pk: post
        for post in Post.objects.of(request.project)
        .filter(pk__in={unit.post for unit in units[:MOST_ITEMS]})
        .select_related("account")
    }
    words, variable = asked.found.words, asked.variable
    comments = _comments(asked, posts)
    named = {
        str(value): words.answer(variable, value)
        for unit in units
        for pair in confused(unit)
        for value in pair
    }
    context = {
        "chosen": asked.found.line(variable),
        "answers": sorted(named[value] for value in wanted if value in named),
        "part_names": asked.part_names(),
        "count": len(units),
        "rows": [
            (
                posts[unit.post],
                words.actors.get(unit.actor or 0, "") if variable.kind == "tone" else "",
                [
                    (words.monitors[coder], _said(asked, answer), comments.get((unit.post, coder)))
                    for coder, answer in unit.answers.items()
                ],
            )
            for unit in units[:MOST_ITEMS]
        ],
        "query": asked.query(),
    }
    return render(request, "coding/agreement_items.html", context)


def _met(unit: Unit, wanted: set[str]) -> bool:
    return any({str(one), str(other)} == wanted for one, other in confused(unit))


def _said(asked: Asked, answer: Hashable) -> str:
    name = asked.found.words.answer
    if isinstance(answer, frozenset):
        return ", ".join(sorted(name(asked.variable, each) for each in answer)) or _("nothing")
    return name(asked.variable, answer)


def _comments(asked: Asked, posts: dict[int, Post]) -> dict[tuple[int, int], str]:
    """What monitors wrote beside their blind answers, by post and monitor."""
    written = [one.id for one in asked.found.codings if one.post in posts]
    rows = Coding.objects.of(asked.project).filter(pk__in=written).exclude(reason="")
    return {
        (post, coder): reason for post, coder, reason in rows.values_list("post", "coder", "reason")
    }
