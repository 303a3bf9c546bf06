"""Answers that arrive by a version of the codebook that was replaced meanwhile.

A tab that was open, or offline, while a lead published keeps the version it was opened with. What
it saves is kept as it is; where the new version divided, removed or defined anew what was answered,
it is put on the list to be looked at again, as all codings were that stood when it was published.
"""

from coding.answers import Answers
from coding.models import Coding, Recheck, Section, VersionState
from coding.services.codebooks import published_version
from coding.services.publishing import changes_of


def ask_again(coding: Coding, answers: Answers) -> None:
    """Compare the version of a coding with the one in force, in the caller's transaction."""
    if coding.version.state != VersionState.RETIRED:
        return
    in_force = published_version(project=coding.project)
    if in_force is None:
        return
    given = {
        Section.TOPICS: set(answers.topics),
        Section.TONES: {tone for _actor, tone in answers.mentions},
        Section.FLAGS: {flag.kind for flag in answers.flags},
        Section.QUESTIONS: {question for question, _answer in answers.extra},
    }
    Recheck.objects.bulk_create(
        Recheck(version=in_force, coding=coding, section=section, key=key, reason=reason)
        for section, change in changes_of(in_force, coding.version).items()
        for key, reason in change.to_recheck.items()
        if key in given[Section(section)]
    )
