"""What the leads' board shows of each monitor."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, FloatField, Max, OuterRef, Q
from django.db.models.functions import Length

from coding.agreement import alpha_of
from coding.models import Assignment, AssignmentState, Coding, CodingKind, Flag
from coding.pace import LETTERS_A_SECOND, WINDOW, Speed, TooFast, end_of, too_fast
from coding.reliability import Unit, Variable, counted_units
from coding.services.agreement_tables import Reliability
from monitoring.models import Membership, Project, Role


class Median(Aggregate):
    """The middle value."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Teammate:
    """One monitor's work. ``recent`` are the posts of the last 3 days; ``seconds`` a median.

    ``tone`` and ``topics`` are alphas of their blind answers with everybody else's.
    """

    id: int
    name: str
    may_code: bool
    done: int
    left: int
    skipped: int
    flagged: int
    recent: int
    last_at: datetime.datetime | None
    end: datetime.datetime | None
    seconds: float | None
    too_fast: TooFast | None
    tone: float | None
    topics: float | None


@dataclass(frozen=True)
class Team:
    """Everybody who codes, and all of them together."""

    people: list[Teammate]
    done: int
    left: int
    skipped: int
    recent: int
    end: datetime.datetime | None

    @property
    def part_done(self) -> int:
        """Percent of the posts that nobody has to code any more."""
        settled = self.done + self.skipped
        return 100 * settled // (settled + self.left) if settled + self.left else 0


def team_of(*, project: Project, now: datetime.datetime) -> Team:
    """The board. A constant number of queries, whatever the number of monitors."""
    states = _states(project, now)
    work = _work(project, now)
    alphas = _alphas(Reliability(project))
    people = [
        _teammate(member, states[member.user_id], work, alphas, now)
        for member in _members(project, states.keys() | work.keys())
    ]
    left, recent = sum(one.left for one in people), sum(one.recent for one in people)
    return Team(
        people=people,
        done=sum(one.done for one in people),
        left=left,
        skipped=sum(one.skipped for one in people),
        recent=recent,
        end=end_of(left, recent=recent, now=now),
    )


def _members(project: Project, at_work: Iterable[int]) -> list[Membership]:
    """The monitors, and whoever else codes."""
    return list(
        Membership.objects.filter(project=project)
        .filter(Q(role=Role.MONITOR) | Q(user__in=list(at_work)))
        .select_related("user")
        .order_by("user__username")
    )


def _states(project: Project, now: datetime.datetime) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Assignment.objects.of(project).held(now).values_list("monitor", "state")
    for monitor, state, count in rows.annotate(count=Count("pk")).order_by():
        counts[monitor][state] = count
    return counts


def _work(project: Project, now: datetime.datetime) -> dict[int, dict[str, Any]]:
    """Pace, time per post and flags of everybody who answered."""
    timed = Q(kind=CodingKind.CODING, seconds__gt=0)
    flagged = Exists(Flag.objects.filter(coding=OuterRef("pk")))
    skimming = Length("post__text") / float(LETTERS_A_SECOND)
    rows = (
        Coding.objects.of(project)
        .filter(kind__in=[CodingKind.CODING, CodingKind.SKIP])
        .values("coder")
        .annotate(
            recent=Count("post", distinct=True, filter=Q(made_at__gte=now - WINDOW)),
            last_at=Max("made_at"),
            timed=Count("pk", filter=timed),
            typical=Median("seconds", filter=timed),
            spare=Median(F("seconds") - skimming, filter=timed),
            flagged=Count("post", distinct=True, filter=Q(flagged, kind=CodingKind.CODING)),
        )
        .order_by()
    )
    return {row["coder"]: dict(row) for row in rows}


def _alphas(found: Reliability) -> dict[str, dict[int, float | None]]:
    """By variable and monitor: alpha of the units the monitor answered."""
    alphas: dict[str, dict[int, float | None]] = {}
    for kind in ("tone", "topics"):
        variable = Variable(kind)
        answered: dict[int, list[Unit]] = defaultdict(list)
        for unit in found.units(variable):
            if len(unit.answers) > 1:
                for coder in unit.answers:
                    answered[coder].append(unit)
        alphas[kind] = {
            coder: alpha_of(counted_units(units, variable, grades=found.grades), variable.scale)
            for coder, units in answered.items()
        }
    return alphas


def _teammate(
    member: Membership,
    states: dict[str, int],
    work: dict[int, dict[str, Any]],
    alphas: dict[str, dict[int, float | None]],
    now: datetime.datetime,
) -> Teammate:
    own = work.get(member.user_id, {})
    others = [row["typical"] for row in work.values() if row is not own and row["typical"]]
    speed = Speed(own.get("timed", 0), own.get("typical"), own.get("spare"))
    left, recent = states.get(AssignmentState.OPEN, 0), own.get("recent", 0)
    return Teammate(
        id=member.user_id,
        name=member.user.get_username(),
        may_code=member.user.is_active and member.role != Role.VIEWER,
        done=states.get(AssignmentState.DONE, 0),
        left=left,
        skipped=states.get(AssignmentState.SKIPPED, 0),
        flagged=own.get("flagged", 0),
        recent=recent,
        last_at=own.get("last_at"),
        end=end_of(left, recent=recent, now=now),
        seconds=speed.seconds,
        too_fast=too_fast(speed, team=median(others) if others else None),
        tone=alphas["tone"].get(member.user_id),
        topics=alphas["topics"].get(member.user_id),
    )
