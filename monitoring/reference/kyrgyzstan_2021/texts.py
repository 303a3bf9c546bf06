"""The texts of the posts, in Kyrgyz, Russian and English.

Real people are named here, so a reconstructed text holds no opinion: it says whose page it is on,
its topic, its subject, a place and a day, and who is named, and it begins with a mark that it is
reconstructed. Only the posts that the report itself shows have their printed text, without a mark.
"""

import datetime
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, TypeVar

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.posts import VIDEOS, Posts, Subject
from monitoring.reference.kyrgyzstan_2021.timeline import DAY
from monitoring.reference.kyrgyzstan_2021.top_posts import START, read_toml

Option = TypeVar("Option")

LONGEST = 600
MOST_DETAILS = 7

# How long a text grows, by category: one of these is drawn, and sentences are added up to it.
_LENGTHS = {
    "public_group": (60, 80, 100, 120, 140, 180, 260),
    "media": (120, 160, 200, 250, 320, 420),
}
_LENGTHS_OTHERS = (90, 140, 190, 260, 350, 480)

# Topics of the pages and groups that name persons: none of them could be read as an accusation.
_SUPPORTERS_TOPICS = (
    "elections", "elections", "elections", "elections", "elections", "elections", "politics",
    "politics", "politics", "referendum", "referendum", "society", "society", "business_economy",
    "social_issues", "media", "culture", "education_science",
)  # fmt: skip
_CAMPAIGN_TOPICS = (
    "elections", "elections", "elections", "politics", "politics", "referendum", "society",
    "business_economy", "social_issues", "education_science", "health_care", "agriculture",
    "covid_19", "culture", "transport_infrastructure", "it_digitalization", "environment",
    "media",
)  # fmt: skip
_NEWS_TOPICS = (
    "society", "society", "society", "politics", "politics", "politics", "elections", "elections",
    "business_economy", "business_economy", "catastrophes_incidents_accidents",
    "catastrophes_incidents_accidents", "crime", "crime", "covid_19", "covid_19", "health_care",
    "education_science", "culture", "sport", "foreign_affairs", "foreign_affairs", "agriculture",
    "transport_infrastructure", "social_issues", "environment", "judiciary", "corruption",
    "charity", "army_military", "it_digitalization", "media", "religion", "minorities",
    "referendum", "others",
)  # fmt: skip
_LIFE_TOPICS = (
    "society", "culture", "culture", "charity", "others", "others", "sport", "religion",
    "education_science", "health_care",
)  # fmt: skip
_POLITICAL = {"elections", "politics", "referendum"}

# The candidates whose supporters' groups are monitored.
_GROUP_CANDIDATES = {
    "Japarov Sadyr (group)": "Japarov Sadyr",
    "Kalmamatov Aktybek - Our president!": "Kalmamatov Baktybek",
    "Madumarov Adakhan (group)": "Madumarov Adahan",
    "President 2021 - Ravshan Djeenbekov": "Djeyenbekov Ravshan",
}


class Dice:
    """A large random number, spent choice by choice."""

    def __init__(self, number: int) -> None:
        self._number = number

    def below(self, bound: int) -> int:
        self._number, face = divmod(self._number, bound)
        return face

    def choose(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]


class Writer:
    """Writes the text of any post of one account."""

    def __init__(self, account: Account, names: dict[str, Account]) -> None:
        self._account = account
        self._names = names
        self._label = f"@{account.handle}" if account.platform == "instagram" else account.name
        self._languages = [code for code, weight in account.languages for _ in range(weight)]
        self._lengths = _LENGTHS.get(account.category, _LENGTHS_OTHERS)
        self._vocabulary = _vocabulary()

    def text(self, posts: Posts, place: int, dice: Dice) -> str:
        """The printed text where there is one, else a reconstructed one."""
        if place in posts.texts:
            return posts.texts[place]
        if place < len(posts.tops) and posts.tops[place].subject:
            mark = self._vocabulary["languages"]["en"]["mark"]
            return f"{mark} {self._label}: {posts.tops[place].subject}."
        subject = posts.subjects.get(place) or self._drawn_subject(dice)
        return self._composed(subject, posts.types[place], int(posts.second[place]), dice)

    def _composed(self, subject: Subject, kind: str, second: int, dice: Dice) -> str:
        language = dice.choose(self._languages)
        words = self._vocabulary["languages"][language]
        topic, matters = _topic(subject.topics[0], language)
        matters = matters.copy()
        matter = matters.pop(dice.below(len(matters)))
        opening = dice.choose(words["group" if self._account.kind == "group" else "page"])
        sentences = [
            opening.format(account=self._label, topic=topic),
            dice.choose(words["subject"]).format(subject=matter),
            *self._naming(subject, language, dice),
            dice.choose(words["where"]).format(
                place=dice.choose(self._vocabulary["places"][language]),
                date=_date(second // DAY, language),
            ),
        ]
        text = f"{words['mark']} " + " ".join(map(_capitalised, sentences))
        details = list(words["details"])
        details += [words["video"] if kind in VIDEOS else words["photo"]]
        return _lengthened(text, details, matters, dice.choose(self._lengths), dice)

    def _naming(self, subject: Subject, language: str, dice: Dice) -> list[str]:
        """Who is named: candidates, then others."""
        words = self._vocabulary["languages"][language]
        actors = [actor for actor, _ in subject.mentions] + list(subject.named)
        candidates = [a for a in actors if self._names[a].category == "candidate"]
        others = [a for a in actors if a not in candidates]
        sentences = []
        if candidates:
            form = words["one"] if len(candidates) == 1 else words["many"]
            names = words["and"].join(self._name(actor, language) for actor in candidates)
            sentences.append(dice.choose(form).format(names=names))
        if others:
            names = ", ".join(self._name(actor, language) for actor in others)
            sentences.append(words["also"].format(names=names))
        return sentences

    def _name(self, actor: str, language: str) -> str:
        """The first alias is the name in Cyrillic, the second in Latin letters."""
        return self._names[actor].aliases[1 if language == "en" else 0]

    def _drawn_subject(self, dice: Dice) -> Subject:
        topic = dice.choose(self._topics)
        about = _GROUP_CANDIDATES.get(self._account.actor)
        if self._account.category == "candidate":
            about = self._account.actor
        named = [about] if about and dice.below(100) < 65 else []
        speaks_of_others = self._account.category in ("media", "public_group")
        if speaks_of_others and topic in _POLITICAL and dice.below(100) < (15 if about else 45):
            other = dice.choose(self._candidates)
            named += [other] if other not in named else []
        return Subject((topic,), named=tuple(named))

    @cached_property
    def _topics(self) -> tuple[str, ...]:
        if self._account.category == "influencer":
            return _LIFE_TOPICS
        if self._account.category == "media" or self._account.actor in (
            "Last News",
            "News of Kyrgyzstan",
        ):
            return _NEWS_TOPICS
        if self._account.actor in _GROUP_CANDIDATES:
            return _SUPPORTERS_TOPICS
        return _CAMPAIGN_TOPICS

    @cached_property
    def _candidates(self) -> list[str]:
        """Every candidate; the frontrunner as often as ten others."""
        names = [actor for actor, each in self._names.items() if each.category == "candidate"]
        return names + ["Japarov Sadyr"] * 9


@cache
def _vocabulary() -> dict[str, Any]:
    return read_toml("vocabulary.toml")


def _lengthened(text: str, details: list[str], matters: list[str], length: int, dice: Dice) -> str:
    """Sentences added to ``text`` until it has the length, none of them twice."""
    for _ in range(MOST_DETAILS):
        if len(text) >= length or not details:
            break
        detail = details.pop(dice.below(len(details)))
        if "{subject}" in detail and not matters:
            continue
        sentence = _capitalised(
            detail.format(
                subject=matters.pop(dice.below(len(matters))) if "{subject}" in detail else "",
                number=2 + dice.below(14),
            )
        )
        if len(text) + 1 + len(sentence) <= LONGEST:
            text = f"{text} {sentence}"
    return text


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@cache
def _topic(key: str, language: str) -> tuple[str, list[str]]:
    """A topic's name and its subjects; the table has them in Kyrgyz, Russian and English."""
    topic = _vocabulary()["topics"][key]
    column = ("ky", "ru", "en").index(language)
    return topic["names"][language], [each[column] for each in topic["subjects"]]


@cache
def _date(day: int, language: str) -> str:
    words = _vocabulary()["languages"][language]
    date = START + datetime.timedelta(days=day)
    return str(words["date"].format(day=date.day, month=words["months"][str(date.month)]))
