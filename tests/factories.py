"""Small rows to test with: ``from tests import factories as make`` reads as a sentence."""

import datetime
import hashlib
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from coding.models import (
    Assignment,
    Codebook,
    CodebookVersion,
    FlagKind,
    ToneGrade,
    Topic,
    VersionState,
)
from monitoring.languages import language_of
from monitoring.models import (
    Account,
    Actor,
    ActorName,
    Category,
    Import,
    Membership,
    Post,
    Project,
    Role,
)
from monitoring.services.projects import create_project

START = datetime.date(2020, 11, 19)
END = datetime.date(2021, 1, 9)
NOON = datetime.datetime(2021, 1, 5, 6, 0, tzinfo=datetime.UTC)  # 12:00 in Bishkek
TOPICS = ("elections", "politics", "media")
TONES = {"positive": 1, "neutral": 0, "negative": -1}
FLAGS = ("manipulation", "hate_speech")

_numbers = count(1)


def project(slug: str = "mission", *, start: datetime.date = START) -> Project:
    """A project with the seven categories, from ``start`` to 9 January 2021."""
    return create_project(
        slug=slug,
        name=slug.title(),
        country="Kyrgyzstan",
        timezone="Asia/Bishkek",
        start=start,
        end=END,
    )


def user(name: str = "") -> User:
    return User.objects.create_user(name or f"person-{next(_numbers)}")


def member(project: Project, role: str = Role.MONITOR, *, name: str = "") -> User:
    person = user(name)
    Membership.objects.create(project=project, user=person, role=role)
    return person


def category(project: Project, key: str = "candidate") -> Category:
    return Category.objects.of(project).get(key=key)


def actor(
    project: Project, name: str = "", *, category: str = "candidate", names: Iterable[str] = ()
) -> Actor:
    made = Actor.objects.create(
        project=project,
        category=Category.objects.of(project).get(key=category),
        name=name or f"Actor {next(_numbers)}",
    )
    ActorName.objects.bulk_create(
        ActorName(actor=made, text=text, script="cyrillic") for text in names
    )
    return made


def account(actor: Actor, *, platform: str = "facebook", kind: str = "page") -> Account:
    return Account.objects.create(
        project_id=actor.project_id,
        actor=actor,
        platform=platform,
        kind=kind,
        native_id=str(next(_numbers)),
        name=f"Page of {actor.name}",
    )


def source_import(project: Project, file_name: str = "posts.csv") -> Import:
    return Import.objects.create(
        project=project,
        file_name=file_name,
        stored_path=file_name,
        sha256=hashlib.sha256(file_name.encode()).hexdigest(),
        size=1,
        source="crowdtangle-facebook",
        exported_at=NOON,
    )


def post(
    account: Account,
    *,
    native_id: str = "",
    likes: int = 0,
    published_at: datetime.datetime = NOON,
    **fields: Any,
) -> Post:
    project = account.project
    batch = Import.objects.of(project).first() or source_import(project)
    made = Post.objects.create(
        project=project,
        account=account,
        platform=account.platform,
        native_id=native_id or f"post-{next(_numbers)}",
        likes=likes,
        language=language_of(fields.get("text", "")),
        published_at=published_at,
        counted_at=published_at,
        is_provisional=False,
        first_import=batch,
        **fields,
    )
    made.refresh_from_db()  # the sums, which the database makes
    return made


def codebook(project: Project, *, name: str = "Small") -> CodebookVersion:
    """A draft of three topics, three tones and two flags."""
    book, _created = Codebook.objects.of(project).get_or_create(
        name=name, defaults={"project": project}
    )
    version = CodebookVersion.objects.create(codebook=book, number=book.versions.count() + 1)
    Topic.objects.bulk_create(
        Topic(version=version, key=key, name=key, position=place)
        for place, key in enumerate(TOPICS)
    )
    ToneGrade.objects.bulk_create(
        ToneGrade(version=version, key=key, name=key, value=value, position=-value + 1)
        for key, value in TONES.items()
    )
    FlagKind.objects.bulk_create(
        FlagKind(version=version, key=key, name=key, position=place)
        for place, key in enumerate(FLAGS)
    )
    return version


def published_codebook(project: Project, *, name: str = "Small") -> CodebookVersion:
    version = codebook(project, name=name)
    version.state = VersionState.PUBLISHED
    version.published_at = NOON
    version.save()
    return version


def assignment(post: Post, monitor: User, *, position: int = 0) -> Assignment:
    return Assignment.objects.create(
        project_id=post.project_id, post=post, monitor=monitor, position=position
    )
