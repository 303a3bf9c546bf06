"""A codebook changes under open tabs: answers stay as given, and who must look again is asked."""

import random
import uuid
from typing import NamedTuple

import pytest

from coding.models import CodebookVersion, Coding
from coding.services.codings import Answers, save_coding, verify_history
from coding.services.drafts import merge_entries, remove_entry, split_entry, start_draft
from coding.services.publishing import publish
from coding.services.rechecks import rechecks_for
from tests import factories as make

pytestmark = pytest.mark.django_db

SEEDS, STEPS = 8, 14


class Change(NamedTuple):
    """What a version did to one topic of the version before; ``heir`` is the one it went into."""

    topic: str
    heir: str = ""


class Mission:
    """A lead who publishes, and monitors whose tabs are as old as they like."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.project = make.project(f"mission-{chance.random()}"[:20].replace(".", ""))
        self.account = make.account(make.actor(self.project))
        self.monitor = make.member(self.project)
        self.versions = [make.published_codebook(self.project)]
        self.changes: list[Change] = []  # each version's after the first
        self.given: dict[int, tuple[int, str]] = {}  # by coding: place of its version, and topic

    def publish(self) -> None:
        draft = start_draft(project=self.project)
        topics = list(draft.topics.order_by("pk"))
        topic, other = self.chance.sample(topics, 2)
        act = self.chance.choice(["split", "merge", "define", "remove"])
        heir = ""
        if act == "split" or len(topics) == 2:
            number = len(self.versions)
            split_entry(entry=topic, names=[f"One {number}", f"Other {number}"])
        elif act == "merge":
            merge_entries(entry=topic, into=other)
            heir = other.key
        elif act == "define":
            draft.topics.filter(pk=topic.pk).update(definition=f"Anew {len(self.versions)}.")
        else:
            remove_entry(entry=topic)
        self.versions.append(publish(version=draft, at=make.NOON))
        self.changes.append(Change(topic.key, heir))

    def save(self) -> None:
        place = self.chance.randrange(max(0, len(self.versions) - 3), len(self.versions))
        version = CodebookVersion.objects.get(pk=self.versions[place].pk)
        topic = self.chance.choice(list(version.topics.order_by("pk"))).key
        post = make.post(self.account)
        make.assignment(post, self.monitor)
        coding = save_coding(
            project=self.project,
            post=post,
            coder=self.monitor,
            version=version,
            request_id=uuid.uuid4(),
            base_number=0,
            answers=Answers(topics=(topic,)),
            seconds=1,
            at=make.NOON,
        )
        self.given[coding.pk] = place, topic

    def is_asked_again(self, place: int, topic: str) -> bool:
        """Whether a later version divided, removed or defined anew what the answer counts as."""
        for change in self.changes[place:]:
            if change.topic == topic and not change.heir:
                return True
            topic = change.heir if change.topic == topic else topic
        return False


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_answer_stays_as_given_and_only_what_changed_is_asked_again(seed: int) -> None:
    mission = Mission(random.Random(seed))
    for _step in range(STEPS):
        mission.chance.choice([mission.save, mission.save, mission.publish])()
        asked = {row.coding_id for row in rechecks_for(project=mission.project)}
        assert asked == {
            coding for coding, answer in mission.given.items() if mission.is_asked_again(*answer)
        }
    stored = Coding.objects.of(mission.project).prefetch_related("topics")
    assert {row.pk: (row.version_id, [t.key for t in row.topics.all()]) for row in stored} == {
        coding: (mission.versions[place].pk, [topic])
        for coding, (place, topic) in mission.given.items()
    }
    assert verify_history(project=mission.project).first_broken is None
