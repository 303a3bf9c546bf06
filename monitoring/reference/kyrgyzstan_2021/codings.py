"""What the monitors answered: two of them, a blind overlap, and a lead who settles.

The final coding of a post is the settlement if there is one, else the answer all its coders gave.
The final codings give the report's tone figures. In the overlap the monitors disagree on some
posts; most are settled in favour of the answer that counts, a few are open and count nowhere.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from monitoring.reference.kyrgyzstan_2021.coverage import FRONTRUNNER, Pair, Sampled
from monitoring.reference.kyrgyzstan_2021.draws import Draws
from monitoring.reference.kyrgyzstan_2021.top_posts import Example

CODINGS_FILE = "codings.jsonl"
MONITORS = ("monitor-1", "monitor-2")
LEAD = "lead"
# Of a sample of 200: coded by both, and settled after they disagreed.
OVERLAP = 50
SETTLED = 5
# Of the documented examples: coded by both.
EXAMPLES_OVERLAP = 3

# Coding began when the exports were in, in Bishkek's working hours.
FIRST_MORNING = datetime.datetime(
    2021, 1, 14, 9, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=6))
)
EVENING = 18

# The topics a monitor may find touched upon.
_TOUCHED = ("politics", "society", "media")
_TONES = ("negative", "neutral", "positive")
_REASONS = {
    "tone": "The tone is the post's own, not that of the person it quotes.",
    "topic": "The second topic is only touched upon.",
    "mention": "The post is about this candidate; it does not only name the person.",
}


@dataclass(frozen=True)
class Answer:
    """One coder's answer for one post."""

    topics: tuple[str, ...]
    mentions: tuple[Pair, ...] = ()
    flags: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Coding:
    """One line of the file."""

    coder: str
    post: Sampled
    answer: Answer
    reason: str = ""


def write_codings(path: Path, codings: list[Coding], seed: int) -> None:
    """Write the codings in the order in which they were made."""
    spent = Draws(seed, "codings", "seconds").between(12, 90, len(codings)).tolist()
    clocks = dict.fromkeys(MONITORS, FIRST_MORNING)
    # The lead settles when the monitors are through.
    clocks[LEAD] = FIRST_MORNING + datetime.timedelta(days=1)
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for coding, seconds in zip(codings, spent, strict=True):
            made_at = _after(clocks[coding.coder], seconds)
            clocks[coding.coder] = made_at
            lines.write(json.dumps(_record(coding, seconds, made_at), ensure_ascii=False) + "\n")


def code_sample(sampled: list[Sampled], surface: str, seed: int) -> list[Coding]:
    """The codings of one platform's media sample, then the settlements."""
    draws = Draws(seed, surface, "codings")
    both = _overlap(sampled, draws)
    contested = [place for place in both if sampled[place].subject.mentions][:SETTLED]
    turns = draws.below(2, len(sampled)).tolist()
    answers: dict[int, list[Answer]] = {}
    for place, post in enumerate(sampled):
        if post.subject.disputed:
            answers[place] = _disputed(post)
        elif place in contested:
            answers[place] = [_agreed(post), _differing(post, contested.index(place))]
        else:
            answers[place] = [_agreed(post)] * (2 if place in both else 1)
    made = [
        Coding(MONITORS[(turn + number) % 2], sampled[place], answer)
        for place, turn in enumerate(turns)
        for number, answer in enumerate(answers[place])
    ]
    settled = [
        Coding(LEAD, sampled[place], _agreed(sampled[place]), _REASONS[_kind(number)])
        for number, place in enumerate(contested)
    ]
    return _in_turn(made) + settled


def code_examples(placed: list[Sampled], examples: list[Example]) -> list[Coding]:
    """The report's examples: the only codings with flags."""
    codings = []
    for number, (post, example) in enumerate(zip(placed, examples, strict=True)):
        evidence = {"quote": example.text, "translation": example.translation}
        flags = tuple({"flag": flag} | evidence for flag in example.flags)
        answer = Answer(example.topics, example.mentions, flags)
        coders = MONITORS if number < EXAMPLES_OVERLAP else (MONITORS[number % 2],)
        codings += [Coding(coder, post, answer) for coder in coders]
    return codings


def _overlap(sampled: list[Sampled], draws: Draws) -> list[int]:
    """Positions of the posts that both monitors code: those they disputed, and others at random."""
    disputed = [place for place, post in enumerate(sampled) if post.subject.disputed]
    order = [place for place in draws.order(len(sampled)).tolist() if place not in disputed]
    return disputed + order[: OVERLAP - len(disputed)]


def _agreed(post: Sampled) -> Answer:
    return Answer(post.subject.topics, post.subject.mentions)


def _disputed(post: Sampled) -> list[Answer]:
    """One monitor finds that the post only names the candidate, the other that it is about him."""
    about = Answer((*post.subject.topics, "elections"), ((FRONTRUNNER, "neutral"),))
    return [_agreed(post), about]


def _kind(number: int) -> str:
    """The kinds of disagreement take turns."""
    return tuple(_REASONS)[number % len(_REASONS)]


def _differing(post: Sampled, number: int) -> Answer:
    """The answer of a monitor who reads the post's tone, topic or subject otherwise."""
    answer = _agreed(post)
    (actor, tone), *rest = answer.mentions
    kind = _kind(number)
    if kind == "topic":
        extra = next(topic for topic in _TOUCHED if topic not in answer.topics)
        return replace(answer, topics=(*answer.topics, extra))
    if kind == "mention":
        return replace(answer, mentions=tuple(rest))
    near = "neutral" if tone != "neutral" else _TONES[2 * (number % 2)]
    return replace(answer, mentions=((actor, near), *rest))


def _in_turn(codings: list[Coding]) -> list[Coding]:
    """Both monitors work at the same time: their codings alternate."""
    queues = [[each for each in codings if each.coder == monitor] for monitor in MONITORS]
    return list(_alternating(*queues))


def _alternating(first: list[Coding], second: list[Coding]) -> Iterator[Coding]:
    for place in range(max(len(first), len(second))):
        yield from first[place : place + 1]
        yield from second[place : place + 1]


def _after(moment: datetime.datetime, seconds: int) -> datetime.datetime:
    """When work of so many seconds is done; what would pass the evening is done next morning."""
    done = moment + datetime.timedelta(seconds=seconds)
    if done.hour >= EVENING:
        next_day = moment.replace(hour=FIRST_MORNING.hour, minute=0, second=0)
        done = next_day + datetime.timedelta(days=1, seconds=seconds)
    return done


def _record(coding: Coding, seconds: int, made_at: datetime.datetime) -> dict[str, object]:
    return {
        "coder": coding.coder,
        "kind": "settlement" if coding.coder == LEAD else "coding",
        "platform": coding.post.posts.account.platform,
        "native_id": coding.post.native_id,
        "topics": list(coding.answer.topics),
        "mentions": [list(pair) for pair in coding.answer.mentions],
        "flags": list(coding.answer.flags),
        "seconds": seconds,
        "made_at": made_at.isoformat(),
        "reason": coding.reason,
    }
