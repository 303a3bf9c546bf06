"""What counts for a post is what all rows of its history add up to, whatever is taken back."""

import random

import pytest

from coding.models import Coding, FinalState
from coding.services.codings import answers_of, verify_history
from tests import factories as make
from tests.coding.test_codings import ABOUT_MEDIA, ABOUT_POLITICS, Desk, make_desk

pytestmark = pytest.mark.django_db
LEAD = 2  # the place of the lead, who codes too, among those who code


class Post:
    """A post to which two monitors and a lead do things by chance; what stands is kept in step."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.answers: dict[int, Coding] = {}
        self.decision: Coding | None = None

    def step(self) -> None:
        acts = [self.save, self.save, self.skip, self.withdraw, self.settle, self.take_back]
        self.chance.choice(acts)(self.chance.randrange(3))

    def save(self, who: int) -> None:
        given = self.chance.choice([ABOUT_MEDIA, ABOUT_POLITICS])
        self.answers[who] = self.desk.save(who, given)

    def skip(self, who: int) -> None:
        self.desk.skip(who)
        self.answers.pop(who, None)

    def withdraw(self, who: int) -> None:
        if who in self.answers and who != LEAD:
            self.desk.withdraw(who)
            del self.answers[who]

    def settle(self, _who: int) -> None:
        self.decision = self.desk.settle()

    def take_back(self, _who: int) -> None:
        if self.decision is not None:
            self.desk.take_back()
            self.decision = None

    @property
    def counts(self) -> tuple[str, int | None] | None:
        """As DESIGN says: the settled one, else what all agree on, else the only one."""
        if self.decision is not None:
            return FinalState.SETTLED, self.decision.pk
        rows = sorted(self.answers.values(), key=lambda row: row.chain_number)
        if not rows:
            return None
        if len({answers_of(row) for row in rows}) > 1:
            return FinalState.UNSETTLED, None
        return (FinalState.AGREED if len(rows) > 1 else FinalState.SINGLE), rows[0].pk


def test_is_the_sum_of_all_rows() -> None:
    desk = make_desk()
    desk.monitors.append(desk.lead)
    for seed in range(8):
        desk.post = make.post(make.account(desk.actor))
        for person in desk.monitors:
            make.assignment(desk.post, person)
        post = Post(desk, random.Random(seed))
        for _step in range(7):
            post.step()
            assert desk.final() == post.counts
    assert verify_history(project=desk.project).first_broken is None
