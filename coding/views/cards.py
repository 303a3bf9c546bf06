"""What a page shows of a post: its text in pieces, its counters, the actors it names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from coding.mentions import find_mentions
from coding.services.codings import Answers
from monitoring.models import Post, Project
from monitoring.numbers import count

URL = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)\]}'’…]")
COUNTER_LABELS = {
    "reactions": _("Reactions"),
    "likes": _("Likes"),
    "comments": _("Comments"),
    "shares": _("Shares"),
    "views": _("Views"),
}
SHOWN_COUNTERS = {"instagram": ("likes", "comments", "views")}
FACEBOOK_COUNTERS = ("reactions", "comments", "shares", "views")


@dataclass(frozen=True)
class Piece:
    """A run of text: plain, an address, or the name of an actor (or of one of several)."""

    text: str
    url: str = ""
    actors: tuple[int, ...] = ()


@dataclass(frozen=True)
class ActorRow:
    """An actor on the form: offered because the text names it, or answered before."""

    id: int
    name: str
    key: str = ""
    tone: str = ""


@dataclass(frozen=True)
class PostCard:
    """A post as the desk and the review show it."""

    post: Post
    # That of the project: its midnight ends a day.
    zone: ZoneInfo
    text: list[Piece]
    link_text: list[Piece]
    link_description: list[Piece]
    image_text: list[Piece]
    counters: list[tuple[str, str]]
    url: str
    link: str
    # A picture or video, as an address: nothing is loaded from foreign hosts.
    media: str
    # Why a lead gave the post back to its reader.
    returned_note: str = ""
    actors: list[ActorRow] = field(default_factory=list)


def card_of(
    post: Post,
    *,
    project: Project,
    actor_names: Mapping[int, list[str]],
    answers: Answers | None = None,
    also: Iterable[int] = (),
    returned_note: str = "",
) -> PostCard:
    """The card of a post whose account, actor and category are loaded.

    Its actors are those the text names, those of ``also``, and those answered beyond them.
    """
    text, link_text, link_description, image_text = (
        list(pieces_of(part, actor_names))
        for part in (post.text, post.link_text, post.link_description, post.image_text)
    )
    shown = (*text, *link_text, *link_description, *image_text)
    named = [actor for piece in shown for actor in piece.actors]
    return PostCard(
        post=post,
        zone=project.zone,
        text=text,
        link_text=link_text,
        link_description=link_description,
        image_text=image_text,
        counters=list(counters_of(post)),
        url=project.address_of(post.url),
        link=project.address_of(post.link),
        media=project.address_of(post.media_url),
        returned_note=returned_note,
        actors=actor_rows([*named, *also], actor_names=actor_names, answers=answers),
    )


def pieces_of(text: str, actor_names: Mapping[int, list[str]]) -> Iterator[Piece]:
    """The text cut where an address or an actor's name begins and ends."""
    marks: list[tuple[int, int, tuple[int, ...]]] = [
        (found.start(), found.end(), ()) for found in URL.finditer(text)
    ]
    marks += [(span.start, span.end, span.actor_ids) for span in find_mentions(text, actor_names)]
    place = 0
    for start, end, actors in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if start < place:
            continue
        if start > place:
            yield Piece(text[place:start])
        marked = text[start:end]
        yield Piece(marked, actors=actors) if actors else Piece(marked, url=marked)
        place = end
    if place < len(text):
        yield Piece(text[place:])


def actor_rows(
    named: Iterable[int],
    *,
    actor_names: Mapping[int, list[str]],
    answers: Answers | None = None,
) -> list[ActorRow]:
    """The actors the text names, in its order, then those answered beyond them; nine have keys."""
    tones = dict(answers.mentions) if answers else {}
    ids = list(dict.fromkeys([*named, *tones]))
    return [
        ActorRow(
            id=actor,
            name=actor_names[actor][0],
            key=str(place) if place <= 9 else "",
            tone=tones.get(actor, ""),
        )
        for place, actor in enumerate((one for one in ids if one in actor_names), start=1)
    ]


def counters_of(post: Post) -> Iterator[tuple[str, str]]:
    """Label and number of the counters that are known; one that is hidden is left out."""
    for name in SHOWN_COUNTERS.get(post.platform, FACEBOOK_COUNTERS):
        counter = getattr(post, name)
        if counter is not None:
            yield str(COUNTER_LABELS[name]), count(counter)
