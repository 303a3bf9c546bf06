"""What is not right, or no longer right, in the findings of a report."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from dashboards.findings import claims, shares, spelling, typed
from dashboards.findings.names import names_in_language
from dashboards.findings.remarks import Remark
from dashboards.findings.sections import Sentence
from dashboards.measures.outline import outline_of
from dashboards.models import Finding
from monitoring.models import Account, ActorName, Project


class Linter:
    """Reads sentences beside one another, in every language in which they are written."""

    def __init__(self, project: Project, sentences: Iterable[Sentence]) -> None:
        self.project = project
        self.sentences = list(sentences)

    def remarks(self) -> dict[int, list[Remark]]:
        """By the position of a finding: what is wrong first; what was dismissed is left out."""
        spelt = spelling.compared(
            self._typed_texts, printed=self._printed_names, known=self._known_names
        )
        return {
            one.finding.position: _ordered(
                one.finding, [*on_sentence(one, self._spoken), *spelt.get(one.finding.position, [])]
            )
            for one in self.sentences
        }

    @cached_property
    def _typed_texts(self) -> Mapping[int, list[str]]:
        return {
            one.finding.position: [text for text in one.finding.texts.values() if text]
            for one in self.sentences
        }

    @cached_property
    def _spoken(self) -> Mapping[str, list[str]]:
        """What placeholders call each monitored actor, by the name that the project writes."""
        directory = outline_of(self.project)[1].directory
        names = [names_in_language(directory, language) for language in ("en", "ru")]
        return {
            actor.name: [spoken[actor.name] for spoken in names if actor.name in spoken]
            for actor in directory.actors.values()
        }

    @cached_property
    def _printed_names(self) -> list[str]:
        return [name for own, spoken in self._spoken.items() for name in (own, *spoken)]

    @cached_property
    def _known_names(self) -> list[str]:
        """Whatever else they and their accounts are called."""
        accounts = Account.objects.of(self.project).values_list("name", flat=True)
        aliases = ActorName.objects.filter(actor__project=self.project)
        merged = outline_of(self.project)[1].directory.heirs
        return [*accounts, *aliases.values_list("text", flat=True), *merged]


def on_sentence(sentence: Sentence, spoken: Mapping[str, list[str]]) -> list[Remark]:
    """What can be said of a sentence by itself; ``spoken`` as ``claims.worded`` has it."""
    found = [*_changed(sentence), *_unanswered(sentence), *claims.bound(sentence.readings)]
    found += shares.remarks(sentence)
    for language, text in sentence.finding.texts.items():
        if text:
            found += claims.worded(text, sentence.readings, spoken)
            found += typed.remarks(text, sentence.readings, language)
            found += shares.typed(text, sentence.readings)
    return list({remark.key: remark for remark in reversed(found)}.values())[::-1]


def _ordered(finding: Finding, remarks: list[Remark]) -> list[Remark]:
    kept = [remark for remark in remarks if remark.key not in finding.dismissed]
    return sorted(kept, key=lambda remark: not remark.is_wrong)


def _changed(sentence: Sentence) -> Iterable[Remark]:
    for name, was in sentence.changed.items():
        now = sentence.printed[name]
        yield Remark(
            f"changed:{name}:{now}",
            _("%(number)s was %(was)s when the sentence was confirmed, and is %(now)s now.")
            % {"number": f"{{{name}}}", "was": was, "now": now},
        )


def _unanswered(sentence: Sentence) -> Iterable[Remark]:
    for name, why in sentence.unanswered.items():
        yield Remark(f"unanswered:{name}", f"{{{name}}}: {why}", is_wrong=True)
