"""Which posts the monitors coded, and whom these posts are about.

`media_coverage.csv` says how many sampled posts of an outlet are about whom, in which tone. The
report prints the sums, the leaders and the prevailing tones; the split over outlets is inferred,
and where the report is silent on a tone it is neutral.
"""

from dataclasses import dataclass

import numpy as np

from monitoring.reference.kyrgyzstan_2021.accounts import rows
from monitoring.reference.kyrgyzstan_2021.draws import Draws, Ints
from monitoring.reference.kyrgyzstan_2021.posts import Posts, Subject
from monitoring.reference.kyrgyzstan_2021.timeline import CAMPAIGN, DAY
from monitoring.reference.kyrgyzstan_2021.top_posts import Example

SAMPLE_SIZE = 200
FRONTRUNNER = "Japarov Sadyr"
EXAMPLES_GROUP = "Japarov Sadyr (group)"
DISPUTED_PER_PLATFORM = 3

Pair = tuple[str, str]

# Topics of the posts about candidates, and of the others; the more often, the likelier.
_ELECTION_TOPICS = ("elections",) * 12 + ("politics",) * 5 + ("referendum",) * 2 + ("media",)
_SECOND_TOPICS = (
    "politics", "referendum", "business_economy", "society", "judiciary", "foreign_affairs",
    "social_issues", "covid_19",
)  # fmt: skip
_OTHER_TOPICS = (
    "society", "society", "society", "sport", "culture", "catastrophes_incidents_accidents",
    "catastrophes_incidents_accidents", "crime", "crime", "covid_19", "health_care",
    "education_science", "transport_infrastructure", "social_issues", "business_economy",
    "foreign_affairs", "environment", "charity",
)  # fmt: skip
_OTHERS_NAMED = (
    "Central Commission for Elections and Referenda", "Tekebaev Omurbek", "Nikitenko Natalia",
    "Mamytov Talant", "Parliament (Jogorku Kenesh)",
)  # fmt: skip


@dataclass(frozen=True)
class Sampled:
    """One sampled post, and what the report's monitors found in it."""

    posts: Posts
    place: int

    @property
    def subject(self) -> Subject:
        return self.posts.subjects[self.place]

    @property
    def native_id(self) -> str:
        return self.posts.ids[self.place]


def sample(every: list[Posts], surface: str, category: str) -> list[Sampled]:
    """The 200 posts of a category with most interactions; ties by earlier time, then id."""
    candidates = []
    for posts in every:
        if (posts.account.surface, posts.account.category) == (surface, category):
            interactions = posts.interactions
            # A post outside its account's first 200 and their ties cannot be in the category's.
            floor = np.sort(interactions)[-SAMPLE_SIZE:][:1]
            for place in np.flatnonzero(interactions >= floor).tolist() if floor.size else ():
                rank = (-int(interactions[place]), int(posts.second[place]), posts.ids[place])
                candidates.append((rank, Sampled(posts, place)))
    candidates.sort(key=lambda each: each[0])
    return [sampled for _, sampled in candidates[:SAMPLE_SIZE]]


def cover(every: list[Posts], surface: str, seed: int) -> list[Sampled]:
    """Decide the subject of every sampled media post of a platform; returns them by rank."""
    sampled = sample(every, surface, "media")
    free = [each for each in sampled if each.place not in each.posts.subjects]
    outlets = sorted({each.posts.account.actor for each in free})
    unrelated: list[Sampled] = []
    for outlet in outlets:
        mine = [each for each in free if each.posts.account.actor == outlet]
        draws = Draws(seed, surface, outlet, "coverage")
        mine = [mine[place] for place in draws.order(len(mine)).tolist()]
        for each, pairs in zip(mine, _pairs(outlet, surface, len(mine), draws), strict=True):
            each.posts.subjects[each.place] = _subject(pairs, draws)
            if not pairs:
                unrelated.append(each)
    _dispute(unrelated, Draws(seed, surface, "disputed"))
    return sampled


def place_examples(every: list[Posts], examples: list[Example], seed: int) -> list[Sampled]:
    """Put the report's examples among the most popular posts of the group they come from."""
    sampled = [
        each
        for each in sample(every, "facebook_group", "public_group")
        if each.posts.account.actor == EXAMPLES_GROUP
        and each.place not in each.posts.texts
        and each.posts.second[each.place] >= CAMPAIGN * DAY
    ]
    order = Draws(seed, "examples").order(len(sampled))[: len(examples)]
    chosen = [sampled[place] for place in order.tolist()]
    for each, example in zip(chosen, examples, strict=True):
        each.posts.texts[each.place] = example.text
        each.posts.subjects[each.place] = Subject(example.topics, example.mentions)
        each.posts.retype(each.place, example.type)
    return chosen


def _pairs(outlet: str, surface: str, n: int, draws: Draws) -> list[list[Pair]]:
    """Whom each of an outlet's ``n`` sampled posts is about.

    Posts about the frontrunner come first; half of the other pairs have posts of their own, half
    share one with the frontrunner; what remains is about no candidate.
    """
    platform = surface.partition("_")[0]
    lead: list[Pair] = []
    others: list[Pair] = []
    for row in rows("media_coverage.csv"):
        if (row["platform"], row["outlet"]) == (platform, outlet):
            pairs = lead if row["about"] == FRONTRUNNER else others
            for tone in ("positive", "neutral", "negative"):
                pairs += [(row["about"], tone)] * int(row[tone])
    if len(lead) > n:
        raise ValueError(f"{outlet} on {surface}: {n} sampled posts for {len(lead)} pairs")
    own = min(max(len(others) - len(lead), (len(others) + 1) // 2), n - len(lead))
    others = [others[place] for place in draws.order(len(others)).tolist()]
    lead = [lead[place] for place in draws.order(len(lead)).tolist()]
    found: list[list[Pair]] = [[pair] for pair in lead + others[:own]]
    for pairs, pair in zip(found, others[own:], strict=False):
        pairs.append(pair)
    return found + [[] for _ in range(n - len(found))]


def _subject(pairs: list[Pair], draws: Draws) -> Subject:
    first, second, named = draws.below(1000, 3).tolist()
    if not pairs:
        return Subject((_OTHER_TOPICS[first % len(_OTHER_TOPICS)],))
    topics = [_ELECTION_TOPICS[first % len(_ELECTION_TOPICS)]]
    extra = _SECOND_TOPICS[second % len(_SECOND_TOPICS)]
    if second < 350 and extra not in topics:
        topics.append(extra)
    if named < 100:
        pairs = [*pairs, (_OTHERS_NAMED[named % len(_OTHERS_NAMED)], "neutral")]
    return Subject(tuple(topics), tuple(pairs))


def _dispute(unrelated: list[Sampled], draws: Draws) -> None:
    """Some posts name the frontrunner in passing: are they about him? Monitors did not agree."""
    places: Ints = draws.order(len(unrelated))[:DISPUTED_PER_PLATFORM]
    for place in places.tolist():
        each = unrelated[place]
        each.posts.subjects[each.place] = Subject(
            ("politics",), named=(FRONTRUNNER,), disputed=True
        )
