"""The words for what is compared: variables, their answers, actors and monitors."""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coding.models import FlagKind, Question, QuestionKind, ToneGrade, Topic, VersionState
from coding.reliability import NOTHING, Breakdown, Variable
from monitoring.models import Actor, Project


@dataclass(frozen=True)
class Words:
    """Labels by key; those of the newest version where several have the key.

    ``grades`` is the value of each tone, ``tones`` the label of each value from worst to best.
    ``flags_now`` are those of the published version, ``actors`` those merged into no other.
    """

    topics: dict[str, str]
    grades: dict[str, int]
    tones: dict[int, str]
    flags: dict[str, str]
    flags_now: list[str]
    questions: dict[str, Question]
    actors: dict[int, str]
    # Of actors that were merged into others, whom they count as.
    merged: dict[int, int]
    monitors: dict[int, str]

    def variables(self) -> list[Variable]:
        """The variables of the codebook: those of the report, each flag, each further question."""
        return [
            *(Variable(kind) for kind in ("tone", "topics", "mentions")),
            *(Variable("flag", key) for key in self.flags_now),
            *(
                Variable("extra", key, is_number=question.kind == QuestionKind.NUMBER)
                for key, question in self.questions.items()
            ),
        ]

    def variable(self, key: str) -> Variable | None:
        """The variable of a key such as ``tone`` or ``topic:economy``; None where there is none."""
        kind, _colon, part = key.partition(":")
        if kind == "mention":
            part = self.counted_actor(part)
        known: dict[str, set[str]] = {
            "tone": {""},
            "topics": {""},
            "mentions": {""},
            "flag": set(self.flags),
            "topic": set(self.topics),
            "mention": {str(actor) for actor in self.actors},
            "extra": set(self.questions),
        }
        if part not in known.get(kind, set()):
            return None
        is_number = kind == "extra" and self.questions[part].kind == QuestionKind.NUMBER
        return Variable(kind, part, is_number=is_number)

    def counted_actor(self, actor: str) -> str:
        """The id of an actor in an address, or that of the one it was merged into since."""
        heirs = {str(one): str(heir) for one, heir in self.merged.items()}
        return heirs.get(actor, actor)

    def name_of(self, variable: Variable) -> str:
        names = {"tone": _("Tone"), "topics": _("Topics"), "mentions": _("Who it is about")}
        if variable.kind in names:
            return names[variable.kind]
        if variable.kind == "mention":
            return self.actors[int(variable.part)]
        if variable.kind == "extra":
            return self.questions[variable.part].label
        labels = self.flags if variable.kind == "flag" else self.topics
        return labels[variable.part]

    def answer(self, variable: Variable, value: Hashable) -> str:
        """One answer to a variable; of a set, one that is in it."""
        if value == NOTHING:
            return _("nothing")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if variable.kind == "extra":
            return self._option(self.questions[variable.part], value)
        labels: dict[str, dict] = {
            "tone": self.tones,
            "topics": self.topics,
            "mentions": self.actors,
        }
        return labels[variable.kind].get(value, str(value))

    def _option(self, question: Question, value: Hashable) -> str:
        if question.kind == QuestionKind.YES_NO:
            return _("yes") if value == "yes" else _("no")
        named = {option["key"]: option["name"] for option in question.options}
        return named.get(value, f"{value:g}" if isinstance(value, float) else str(value))

    def part(self, by: Breakdown, part: Hashable) -> str:
        """The name of a part of a break-down."""
        if isinstance(part, datetime.date):
            return date_format(part, "j M Y")
        if isinstance(part, tuple):
            return " – ".join(self.monitors.get(monitor, "?") for monitor in part)
        return self.actors.get(part, "–") if isinstance(part, int) else "–"


def words_of(*, project: Project) -> Words:
    """The project's words, in the reader's language. Six queries."""
    of_project = {"version__codebook__project": project}
    in_order = ("version__published_at", "position")
    published = VersionState.PUBLISHED
    grades = list(ToneGrade.objects.filter(**of_project).order_by(*in_order))
    kinds = list(
        FlagKind.objects.filter(**of_project).order_by(*in_order).select_related("version")
    )
    questions = Question.objects.filter(**of_project).exclude(kind=QuestionKind.TEXT)
    labels = {grade.value: grade.label for grade in grades}
    actors = Actor.objects.of(project).order_by("name").values_list("id", "merged_into", "name")
    return Words(
        topics={
            row.key: row.label for row in Topic.objects.filter(**of_project).order_by(*in_order)
        },
        grades={grade.key: grade.value for grade in grades},
        tones=dict(sorted(labels.items())),
        flags={kind.key: kind.label for kind in kinds},
        flags_now=[kind.key for kind in kinds if kind.version.state == published],
        questions={row.key: row for row in questions.order_by(*in_order)},
        actors={pk: name for pk, into, name in actors if into is None},
        merged={pk: into for pk, into, _name in actors if into is not None},
        monitors=dict(
            User.objects.filter(codings__project=project).distinct().values_list("id", "username")
        ),
    )
