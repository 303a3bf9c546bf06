"""A project in which two monitors coded the same posts, for the tests of agreement and review."""

import datetime
import uuid
from typing import Any

from django.contrib.auth.models import User

from coding.models import Coding
from coding.services import codings
from monitoring.models import Post
from tests.coding.desk_project import NOON, DeskProject, make_desk_project

TONES = ["positive", "neutral", "negative"]


def code(
    made: DeskProject,
    coder: User,
    post: Post,
    *,
    topics: tuple[str, ...] = ("elections",),
    tone: str = "neutral",
    **others: Any,
) -> Coding:
    """Save one person's answers; ``tone`` is that toward the first actor, "" for none."""
    last = Coding.objects.filter(post=post, coder=coder).order_by("-number").first()
    mentions = ((made.actors[0].pk, tone),) if tone else ()
    flags = tuple(codings.FlagAnswer(kind) for kind in others.pop("flags", ()))
    return codings.save_coding(
        **{
            "project": made.project,
            "post": post,
            "coder": coder,
            "version": made.version,
            "request_id": uuid.uuid4(),
            "base_number": last.number if last else 0,
            "answers": codings.Answers(topics=topics, mentions=mentions, flags=flags),
            "seconds": 20,
            "at": NOON,
            **others,
        }
    )


def settle(
    made: DeskProject, lead: User, post: Post, *, tone: str = "neutral", **others: Any
) -> Coding:
    return codings.settle(
        **{
            "project": made.project,
            "post": post,
            "lead": lead,
            "version": made.version,
            "request_id": uuid.uuid4(),
            "answers": codings.Answers(
                topics=("elections",), mentions=((made.actors[0].pk, tone),)
            ),
            "reason": "The praise is a quote.",
            "at": NOON,
            **others,
        }
    )


def make_coded_twice(posts: int = 8) -> tuple[DeskProject, User, User]:
    """Aida and Bakyt agree on the topics of all posts, and on the tone of all but each fourth."""
    made = make_desk_project(texts=[f"Айнура Асанова № {number}" for number in range(posts)])
    aida, bakyt = made.member("aida"), made.member("bakyt")
    for place, user in enumerate((aida, bakyt)):
        made.assign(user)
        for number, post in enumerate(made.posts):
            differs = place == 1 and number % 4 == 0
            at = NOON + datetime.timedelta(days=7 * (number // 4), minutes=number)
            code(made, user, post, tone=TONES[(number + differs) % 3], at=at)
    return made, aida, bakyt
