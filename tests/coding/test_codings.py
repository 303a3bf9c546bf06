"""Saving what people decide: once, in order, and with the answers that count kept in step."""

import datetime
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.models import (
    Assignment,
    AssignmentState,
    CodebookVersion,
    Coding,
    CodingKind,
    FinalCoding,
    FinalState,
)
from coding.services.codings import (
    AlreadySaved,
    Answers,
    CodingRefused,
    FlagAnswer,
    StaleBase,
    answers_of,
    save_coding,
    settle,
    skip,
    take_back,
    verify_history,
    withdraw,
)
from monitoring.models import Actor, Post, Project, Revision, Role
from tests import factories as make

ABOUT_MEDIA = Answers(topics=("media",))
ABOUT_POLITICS = Answers(topics=("politics",))


@dataclass
class Desk:
    """A post that two monitors are to code, and a lead who decides."""

    project: Project
    version: CodebookVersion
    actor: Actor
    post: Post
    monitors: list[User]
    lead: User

    def save(self, who: int = 0, answers: Answers = ABOUT_MEDIA, **others: Any) -> Coding:
        row = {"version": self.version, "seconds": 9, "answers": answers}
        return save_coding(**self._row(who), **{**row, **others})

    def skip(self, who: int = 0) -> Coding:
        return skip(**self._row(who), version=self.version, seconds=1, reason="no text")

    def withdraw(self, who: int = 0) -> Coding:
        return withdraw(**self._row(who))

    def take_back(self) -> Coding:
        row = self._row(2)
        return take_back(**row | {"lead": row.pop("coder")})

    def settle(self, answers: Answers = ABOUT_MEDIA, **others: Any) -> Coding:
        row = {
            "project": self.project,
            "post": self.post,
            "lead": self.lead,
            "version": self.version,
            "request_id": uuid.uuid4(),
            "answers": answers,
            "reason": "as the codebook says",
            "at": make.NOON,
        }
        return settle(**{**row, **others})

    def again(self, coding: Coding, answers: Answers, who: int = 0) -> Coding:
        """Send a stored coding's request once more."""
        return save_coding(
            project=self.project,
            post=self.post,
            coder=self.monitors[who],
            version=self.version,
            request_id=coding.request_id,
            base_number=0,
            answers=answers,
            seconds=9,
            at=make.NOON,
        )

    def final(self) -> tuple[str, int | None] | None:
        row = FinalCoding.objects.of(self.project).filter(post=self.post)
        return row.values_list("state", "coding").first()

    def state(self, who: int = 0) -> str:
        own = Assignment.objects.of(self.project).filter(monitor=self.monitors[who])
        return own.get(post=self.post).state

    def _row(self, who: int) -> dict[str, Any]:
        own = Coding.objects.of(self.project).filter(coder=self.monitors[who], post=self.post)
        return {
            "project": self.project,
            "post": self.post,
            "coder": self.monitors[who],
            "request_id": uuid.uuid4(),
            "base_number": own.count(),
            "at": make.NOON,
        }


def make_desk() -> Desk:
    project = make.project()
    actor = make.actor(project)
    desk = Desk(
        project=project,
        version=make.published_codebook(project),
        actor=actor,
        post=make.post(make.account(actor)),
        monitors=[make.member(project), make.member(project)],
        lead=make.member(project, Role.LEAD),
    )
    for monitor in desk.monitors:
        make.assignment(desk.post, monitor)
    return desk


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_what_was_answered_is_stored_whole(desk: Desk) -> None:
    answers = Answers(
        topics=("elections", "media"),
        mentions=((desk.actor.pk, "negative"),),
        flags=(FlagAnswer("manipulation", "сөз", "word"),),
    )
    coding = Coding.objects.of(desk.project).get(pk=desk.save(answers=answers, reason="hm").pk)
    assert answers_of(coding) == answers
    assert (coding.kind, coding.number, coding.reason) == (CodingKind.CODING, 1, "hm")
    assert desk.state() == AssignmentState.DONE


def test_a_change_of_mind_is_a_further_row(desk: Desk) -> None:
    desk.save()
    desk.save(answers=ABOUT_POLITICS)
    rows = Coding.objects.of(desk.project).order_by("number")
    assert [(row.number, answers_of(row)) for row in rows] == [
        (1, ABOUT_MEDIA),
        (2, ABOUT_POLITICS),
    ]
    assert Coding.objects.of(desk.project).current().get().number == 2


class TestSendingTwice:
    def test_stores_one_row(self, desk: Desk) -> None:
        coding = desk.save()
        assert desk.again(coding, ABOUT_MEDIA) == coding
        assert Coding.objects.of(desk.project).count() == 1

    def test_is_the_same_whatever_the_order_of_the_answers(self, desk: Desk) -> None:
        coding = desk.save(answers=Answers(topics=("media", "politics")))
        assert desk.again(coding, Answers(topics=("politics", "media"))) == coding

    def test_with_other_answers_is_refused(self, desk: Desk) -> None:
        coding = desk.save()
        with pytest.raises(AlreadySaved):
            desk.again(coding, ABOUT_POLITICS)
        assert answers_of(Coding.objects.of(desk.project).get()) == ABOUT_MEDIA

    def test_with_another_reason_is_refused(self, desk: Desk) -> None:
        coding = desk.save(reason="a doubt")
        with pytest.raises(AlreadySaved):
            desk.again(coding, ABOUT_MEDIA)

    def test_by_another_person_is_refused(self, desk: Desk) -> None:
        coding = desk.save()
        with pytest.raises(AlreadySaved):
            desk.again(coding, ABOUT_MEDIA, who=1)

    def test_after_a_change_of_mind_changes_nothing(self, desk: Desk) -> None:
        coding = desk.save()
        latest = desk.save(answers=ABOUT_POLITICS)
        assert desk.again(coding, ABOUT_MEDIA) == coding
        assert Coding.objects.of(desk.project).current().get() == latest


@pytest.mark.django_db(transaction=True)
def test_one_request_sent_ten_times_at_once_is_stored_once() -> None:
    desk = make_desk()
    request = uuid.uuid4()

    def send(_turn: int) -> int:
        try:
            return _send(desk, request)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        stored = list(threads.map(send, range(10)))
    assert len(set(stored)) == 1
    assert Coding.objects.of(desk.project).count() == 1
    assert verify_history(project=desk.project).rows == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_begun", [False, True])
def test_people_who_save_at_once_make_one_unbroken_chain(*, has_begun: bool) -> None:
    desk = make_desk()
    if has_begun:
        desk.save()
    monitors = [make.member(desk.project) for _ in range(10)]
    for monitor in monitors:
        make.assignment(desk.post, monitor)

    def send(monitor: User) -> int:
        try:
            return _send(desk, uuid.uuid4(), monitor)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(send, monitors))
    verdict = verify_history(project=desk.project)
    assert (verdict.rows, verdict.first_broken) == (10 + has_begun, None)
    final = desk.final()
    assert final is not None
    assert final[0] == FinalState.AGREED


def _send(
    desk: Desk, request: uuid.UUID, monitor: User | None = None, *, base_number: int = 0
) -> int:
    return save_coding(
        project=desk.project,
        post=desk.post,
        coder=monitor or desk.monitors[0],
        version=desk.version,
        request_id=request,
        base_number=base_number,
        answers=ABOUT_MEDIA,
        seconds=9,
        at=make.NOON,
    ).pk


def test_whatever_the_order_in_which_two_tabs_work_no_answer_is_lost_or_overwritten(
    desk: Desk,
) -> None:
    """Tabs look at a post, save, undo and send again in 40 orders drawn by chance."""
    for seed in range(40):
        chance = random.Random(seed)
        desk.post = make.post(make.account(desk.actor))
        make.assignment(desk.post, desk.monitors[0])
        seen, stored = [0, 0], []
        for _step in range(5):
            tab, answers = chance.randrange(2), chance.choice([ABOUT_MEDIA, ABOUT_POLITICS])
            act = chance.choice(["look", "save", "save", "again"])
            if act == "look":
                seen[tab] = len(stored)
            elif act == "again" and stored:
                assert desk.again(stored[-1], answers_of(stored[-1])) == stored[-1]
            elif seen[tab] == len(stored):
                stored.append(desk.save(answers=answers))
                seen[tab] = len(stored)
            else:
                with pytest.raises(CodingRefused):
                    _send(desk, uuid.uuid4(), base_number=seen[tab])
        rows = Coding.objects.of(desk.project).filter(post=desk.post).order_by("number")
        assert list(rows) == stored
        assert desk.final() == ((FinalState.SINGLE, stored[-1].pk) if stored else None)
    assert verify_history(project=desk.project).first_broken is None


class TestTwoTabs:
    def test_cannot_overwrite_one_another(self, desk: Desk) -> None:
        stored = desk.save()
        with pytest.raises(StaleBase) as refusal:
            _send(desk, uuid.uuid4())
        assert refusal.value.current == stored
        assert Coding.objects.of(desk.project).get() == stored

    def test_cannot_be_based_on_what_does_not_exist(self, desk: Desk) -> None:
        with pytest.raises(CodingRefused) as refusal:
            _send(desk, uuid.uuid4(), base_number=3)
        assert refusal.value.code == "stale"

    def test_do_not_hinder_another_person(self, desk: Desk) -> None:
        desk.save(0)
        assert desk.save(1).number == 1


class TestSkipping:
    def test_takes_the_post_from_the_queue_and_counts_nothing(self, desk: Desk) -> None:
        desk.skip()
        assert desk.state() == AssignmentState.SKIPPED
        assert desk.final() is None

    def test_leaves_the_other_monitors_answers_to_count(self, desk: Desk) -> None:
        coding = desk.save(0)
        desk.skip(1)
        assert desk.final() == (FinalState.SINGLE, coding.pk)

    def test_after_answers_takes_them_out_of_what_counts(self, desk: Desk) -> None:
        desk.save()
        desk.skip()
        assert desk.final() is None


class TestWithdrawing:
    def test_brings_the_post_to_the_desk_again(self, desk: Desk) -> None:
        desk.save()
        desk.withdraw()
        assert desk.state() == AssignmentState.OPEN
        assert desk.final() is None
        assert Coding.objects.of(desk.project).count() == 2

    def test_leaves_the_other_monitors_answers_to_count(self, desk: Desk) -> None:
        desk.save(0, ABOUT_POLITICS)
        coding = desk.save(1)
        assert desk.final() == (FinalState.UNSETTLED, None)
        desk.withdraw(0)
        assert desk.final() == (FinalState.SINGLE, coding.pk)

    def test_lets_one_answer_anew(self, desk: Desk) -> None:
        desk.save()
        desk.withdraw()
        coding = desk.save(answers=ABOUT_POLITICS)
        assert coding.number == 3
        assert desk.final() == (FinalState.SINGLE, coding.pk)

    def test_twice_takes_back_once(self, desk: Desk) -> None:
        desk.save()
        desk.withdraw()
        with pytest.raises(CodingRefused, match="nothing to take back"):
            desk.withdraw()
        assert Coding.objects.of(desk.project).count() == 2

    def test_the_same_request_twice_gives_one_row(self, desk: Desk) -> None:
        desk.save()
        request = uuid.uuid4()
        row = {**desk._row(0), "request_id": request}
        assert withdraw(**row) == withdraw(**row)

    def test_a_settlement_leaves_the_disagreement_it_settled(self, desk: Desk) -> None:
        desk.save(0)
        desk.save(1, ABOUT_POLITICS)
        desk.settle()
        take_back(
            project=desk.project,
            post=desk.post,
            lead=desk.lead,
            request_id=uuid.uuid4(),
            base_number=1,
            at=make.NOON,
        )
        assert desk.final() == (FinalState.UNSETTLED, None)

    def test_nothing_is_refused(self, desk: Desk) -> None:
        with pytest.raises(CodingRefused, match="nothing to take back"):
            desk.withdraw()


class TestWhatCounts:
    def test_one_persons_answers(self, desk: Desk) -> None:
        coding = desk.save()
        assert desk.final() == (FinalState.SINGLE, coding.pk)

    def test_answers_that_agree_but_for_their_quotes(self, desk: Desk) -> None:
        first = desk.save(0, Answers(("media",), flags=(FlagAnswer("manipulation", "a"),)))
        desk.save(1, Answers(("media",), flags=(FlagAnswer("manipulation", "b"),)))
        assert desk.final() == (FinalState.AGREED, first.pk)

    @pytest.mark.parametrize("difference", ["topic", "tone", "mention", "flag"])
    def test_nothing_while_monitors_differ(self, desk: Desk, difference: str) -> None:
        one = Answers(("media",), ((desk.actor.pk, "positive"),))
        other = {
            "topic": Answers(("media", "politics"), one.mentions),
            "tone": Answers(("media",), ((desk.actor.pk, "negative"),)),
            "mention": Answers(("media",)),
            "flag": Answers(("media",), one.mentions, (FlagAnswer("manipulation"),)),
        }[difference]
        desk.save(0, one)
        desk.save(1, other)
        assert desk.final() == (FinalState.UNSETTLED, None)

    def test_the_answers_once_one_of_them_joins_the_other(self, desk: Desk) -> None:
        first = desk.save(0)
        desk.save(1, ABOUT_POLITICS)
        desk.save(1, ABOUT_MEDIA)
        assert desk.final() == (FinalState.AGREED, first.pk)

    def test_what_the_lead_decided(self, desk: Desk) -> None:
        desk.save(0)
        desk.save(1, ABOUT_POLITICS)
        decision = desk.settle(ABOUT_POLITICS)
        assert desk.final() == (FinalState.SETTLED, decision.pk)

    def test_what_the_lead_decided_even_when_a_monitor_answers_later(self, desk: Desk) -> None:
        desk.save(0)
        decision = desk.settle(ABOUT_POLITICS)
        desk.save(1)
        assert desk.final() == (FinalState.SETTLED, decision.pk)

    def test_what_the_lead_decided_even_when_the_lead_codes_the_post_later(
        self, desk: Desk
    ) -> None:
        desk.save(0)
        decision = desk.settle(ABOUT_POLITICS)
        make.assignment(desk.post, desk.lead)
        desk.monitors.append(desk.lead)
        desk.save(2)
        assert desk.final() == (FinalState.SETTLED, decision.pk)

    def test_the_later_of_a_leads_decisions(self, desk: Desk) -> None:
        desk.settle(ABOUT_POLITICS)
        later = desk.settle(ABOUT_MEDIA)
        assert desk.final() == (FinalState.SETTLED, later.pk)


ROWS: dict[str, Callable[[Desk], dict[str, Any]]] = {
    "an unknown topic": lambda desk: {"answers": Answers(("gossip",))},
    "an unknown tone": lambda desk: {"answers": Answers(("media",), ((desk.actor.pk, "sour"),))},
    "an unknown flag": lambda desk: {"answers": Answers(("media",), (), (FlagAnswer("typo"),))},
    "two tones for one actor": lambda desk: {
        "answers": Answers(("media",), ((desk.actor.pk, "neutral"), (desk.actor.pk, "negative")))
    },
    "one flag twice": lambda desk: {
        "answers": Answers(("media",), (), (FlagAnswer("manipulation", "a"),) * 2)
    },
    "an actor who is not there": lambda desk: {"answers": Answers(("media",), ((0, "neutral"),))},
    "an actor beyond all numbers": lambda desk: {
        "answers": Answers(("media",), ((2**70, "neutral"),))
    },
    "an actor of another project": lambda desk: {
        "answers": Answers(("media",), ((make.actor(make.project("elsewhere")).pk, "neutral"),))
    },
    "a codebook of another project": lambda desk: {
        "version": make.published_codebook(make.project("elsewhere"))
    },
    "a codebook that is a draft": lambda desk: {"version": make.codebook(desk.project)},
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_what_the_project_does_not_know_is_refused_and_nothing_is_stored(
    desk: Desk, row: Callable[[Desk], dict[str, Any]]
) -> None:
    wrong = row(desk)
    with pytest.raises(CodingRefused):
        desk.save(**wrong)
    with pytest.raises(CodingRefused):
        desk.settle(**wrong)
    assert Coding.objects.of(desk.project).count() == 0
    assert desk.final() is None
    assert desk.state() == AssignmentState.OPEN
    assert verify_history(project=desk.project).first_broken is None


def test_a_post_that_is_not_ones_own_to_code_is_refused_and_nothing_is_stored(desk: Desk) -> None:
    Assignment.objects.of(desk.project).filter(monitor=desk.monitors[0]).delete()
    with pytest.raises(CodingRefused) as refusal:
        desk.save(0)
    assert refusal.value.code == "not_assigned"
    assert Coding.objects.of(desk.project).count() == 0
    assert desk.final() is None


def test_a_post_of_another_project_is_refused_to_a_lead_too(desk: Desk) -> None:
    foreign = make.post(make.account(make.actor(make.project("elsewhere"))))
    with pytest.raises(CodingRefused, match="no such post"):
        desk.settle(post=foreign)


def test_a_version_that_was_retired_meanwhile_still_takes_what_was_begun_under_it(
    desk: Desk,
) -> None:
    CodebookVersion.objects.filter(pk=desk.version.pk).update(state="retired")
    desk.version.refresh_from_db()
    assert desk.save().version == desk.version


def test_saving_tells_open_dashboards(desk: Desk) -> None:
    def number() -> int:
        return sum(Revision.objects.filter(project=desk.project).values_list("number", flat=True))

    before = number()
    desk.save()
    assert number() == before + 1


def test_saving_asks_four_queries_however_much_is_said_and_five_where_another_answered(
    desk: Desk,
) -> None:
    def queries(who: int, answers: Answers) -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.save(who, answers)
        statements = [query["sql"] for query in captured]
        return len([sql for sql in statements if "SAVEPOINT" not in sql])

    much = Answers(
        topics=("elections", "politics", "media"),
        mentions=((desk.actor.pk, "neutral"), (make.actor(desk.project).pk, "negative")),
        flags=(FlagAnswer("manipulation", "a"), FlagAnswer("hate_speech", "b")),
    )
    desk.save(0)
    for answers in (ABOUT_MEDIA, much, ABOUT_MEDIA, much):
        # The count of one's own rows is asked by the test.
        assert queries(0, answers) - 1 == 4
    for answers in (ABOUT_MEDIA, much):
        assert queries(1, answers) - 1 == 5


def test_a_moment_is_stored_as_it_was_given(desk: Desk) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=6))
    coding = desk.settle(at=make.NOON.astimezone(zone))
    assert Coding.objects.of(desk.project).get(pk=coding.pk).made_at == make.NOON
    assert verify_history(project=desk.project).first_broken is None
