"""What the leads' board shows of each monitor."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Aggregate, Count, Exists, F, FloatField, Max, Min, OuterRef, Q
from django.db.models.functions import Length

from coding.agreement import alpha_of
from coding.models import Assignment, AssignmentState, Coding, CodingKind, Flag
from coding.pace import LETTERS_A_SECOND, WINDOW, Speed, TooFast, end_of, too_fast
from coding.reliability import Variable, counted_units, with_others
from coding.services.agreement_tables import Reliability
from coding.services.unheld import Unheld, unheld
from monitoring.access import Action, may
from monitoring.models import Membership, Project, Role


class Median(Aggregate):
    """The middle value."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Teammate:
    """One monitor's work. ``recent`` are the posts of the last 3 days; ``seconds`` a median.

    ``has_left``: no member of the project any more. ``tone`` and ``topics`` are alphas of their
    blind answers with everybody else's.
    """

    id: int
    name: str
    may_code: bool
    has_left: bool
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
    """Everybody who codes, and all of them together; ``left`` is what lies with nobody too."""

    people: list[Teammate]
    unheld: Unheld
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
        _teammate(person, role, states[person.pk], work, alphas, now)
        for person, role in _people(project, states.keys() | work.keys())
    ]
    nobodys = unheld(project=project, at=now)
    left = sum(one.left for one in people) + sum(nobodys)
    recent = sum(one.recent for one in people)
    began = min((row["first_at"] for row in work.values()), default=None)
    return Team(
        people=people,
        unheld=nobodys,
        done=sum(one.done for one in people),
        left=left,
        skipped=sum(one.skipped for one in people),
        recent=recent,
        end=end_of(left, recent=recent, now=now, began=began),
    )


def _people(project: Project, at_work: Iterable[int]) -> list[tuple[User, str]]:
    """The monitors and whoever else codes, with their roles: "" for who is no member any more."""
    members = Membership.objects.filter(project=project)
    roles = dict(members.values_list("user", "role"))
    monitors = {user for user, role in roles.items() if role == Role.MONITOR}
    found = User.objects.filter(pk__in=monitors.union(at_work)).order_by("username")
    return [(person, roles.get(person.pk, "")) for person in found]


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
            first_at=Min("made_at"),
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
    """By variable and monitor: alpha of the monitor's answers with those of the others."""
    return {
        kind: {
            coder: alpha_of(counted_units(units, variable, grades=found.grades), variable.scale)
            for coder, units in with_others(found.units(variable)).items()
        }
        for kind, variable in ((kind, Variable(kind)) for kind in ("tone", "topics"))
    }


def _teammate(
    person: User,
    role: str,
    states: dict[str, int],
    work: dict[int, dict[str, Any]],
    alphas: dict[str, dict[int, float | None]],
    now: datetime.datetime,
) -> Teammate:
    own = work.get(person.pk, {})
    others = [row["typical"] for row in work.values() if row is not own and row["typical"]]
    speed = Speed(own.get("timed", 0), own.get("typical"), own.get("spare"))
    left, recent = states.get(AssignmentState.OPEN, 0), own.get("recent", 0)
    return Teammate(
        id=person.pk,
        name=person.get_username(),
        may_code=person.is_active and may(role, Action.CODE),
        has_left=not role,
        done=states.get(AssignmentState.DONE, 0),
        left=left,
        skipped=states.get(AssignmentState.SKIPPED, 0),
        flagged=own.get("flagged", 0),
        recent=recent,
        last_at=own.get("last_at"),
        end=end_of(left, recent=recent, now=now, began=own.get("first_at")),
        seconds=speed.seconds,
        too_fast=too_fast(speed, team=median(others) if others else None),
        tone=alphas["tone"].get(person.pk),
        topics=alphas["topics"].get(person.pk),
    )
