"""A small project with a published codebook and posts to code, for the tests of the pages."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from coding.models import (
    Assignment,
    Codebook,
    CodebookVersion,
    FlagKind,
    Question,
    ToneGrade,
    Topic,
    VersionState,
)
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

NOON = datetime.datetime(2021, 1, 5, 6, 0, tzinfo=datetime.UTC)  # 12:00 in Bishkek
# As many as the report's list, so that the page is as full as it will be.
TOPICS = [
    ("elections", "Elections", "Выборы", "Шайлоо"),
    ("politics", "Politics", "Политика", "Саясат"),
    ("referendum", "Referendum", "Референдум", "Референдум"),
    ("economy", "Economy", "Экономика", "Экономика"),
    ("corruption", "Corruption", "Коррупция", "Коррупция"),
    ("judiciary", "Judiciary", "Судебная система", "Сот системасы"),
    ("crime", "Crime", "Преступность", "Кылмыштуулук"),
    ("health", "Health care", "Здравоохранение", "Саламаттык сактоо"),
    ("education", "Education", "Образование", "Билим берүү"),
    ("social", "Social issues", "Социальные вопросы", "Социалдык маселелер"),
    ("media", "Media", "СМИ", "ММК"),
    ("culture", "Culture", "Культура", "Маданият"),
    ("sports", "Sports", "Спорт", "Спорт"),
    ("religion", "Religion", "Религия", "Дин"),
    ("environment", "Environment", "Экология", "Экология"),
    ("agriculture", "Agriculture", "Сельское хозяйство", "Айыл чарба"),
    ("energy", "Energy", "Энергетика", "Энергетика"),
    ("foreign-russia", "Foreign affairs: Russia", "Внешняя политика: Россия", ""),
    ("foreign-china", "Foreign affairs: China", "Внешняя политика: Китай", ""),
    ("foreign-other", "Foreign affairs: other", "Внешняя политика: другое", ""),
    ("human-rights", "Human rights", "Права человека", "Адам укуктары"),
    ("minorities", "Minorities", "Меньшинства", "Азчылыктар"),
    ("gender", "Gender", "Гендер", "Гендер"),
    ("security", "Army and security", "Армия и безопасность", "Армия жана коопсуздук"),
    ("protests", "Protests", "Протесты", "Нааразылык"),
    ("history", "History", "История", "Тарых"),
    ("other", "Other", "Другое", "Башка"),
]
GRADES = [(1, "positive", "Positive"), (0, "neutral", "Neutral"), (-1, "negative", "Critical")]
FLAGS = ["Disinformation", "Manipulation", "Inauthentic behaviour", "Inflammatory language"]
ACTORS = [
    ("Asanova Ainura", "Айнура Асанова"),
    ("Bekov Nurlan", "Нурлан Беков"),
    ("Sydykova Gulnara", "Гүлнара Сыдыкова"),
    ("Toktogulov Bakyt", "Бакыт Токтогулов"),
]
PLACES = [{"key": "village", "name": "Village"}, {"key": "town", "name": "Town"}]
TEXT = "Айнура Асанова жана Нурлан Беков Бишкекте шайлоочулар менен жолугушту. https://example.kg/1"


@dataclass
class DeskProject:
    """What ``make_desk_project`` made."""

    project: Project
    version: CodebookVersion
    account: Account
    actors: list[Actor]
    posts: list[Post]

    def member(self, name: str, role: str = Role.MONITOR) -> User:
        user = User.objects.create_user(name, password="a long password")
        Membership.objects.create(project=self.project, user=user, role=role)
        return user

    def assign(self, monitor: User, posts: list[Post] | None = None) -> None:
        Assignment.objects.bulk_create(
            Assignment(project=self.project, post=post, monitor=monitor, position=place)
            for place, post in enumerate(self.posts if posts is None else posts)
        )


def make_desk_project(slug: str = "mission", texts: list[str] | None = None) -> DeskProject:
    project = Project.objects.create(
        slug=slug, name="Test mission", country="Kyrgyzstan", timezone="Asia/Bishkek"
    )
    candidates = Category.objects.create(
        project=project, key="candidate", name="Candidate", is_political=True
    )
    media = Category.objects.create(project=project, key="media", name="Media")
    actors = [
        Actor.objects.create(project=project, category=candidates, name=name) for name, _ in ACTORS
    ]
    ActorName.objects.bulk_create(
        ActorName(actor=actor, text=name, script="cyrillic")
        for actor, (_, name) in zip(actors, ACTORS, strict=True)
    )
    outlet = Actor.objects.create(project=project, category=media, name="Kabar Online")
    account = Account.objects.create(
        project=project, actor=outlet, platform="facebook", kind="page", native_id="1", name="Кабар"
    )
    batch = Import.objects.create(
        project=project,
        file_name="posts.csv",
        stored_path="posts.csv",
        sha256="0" * 64,
        size=1,
        source="crowdtangle-facebook",
        exported_at=NOON,
    )
    posts = [
        Post.objects.create(
            project=project,
            account=account,
            platform="facebook",
            native_id=f"{slug}-{number}",
            published_at=NOON + datetime.timedelta(hours=number),
            text=text,
            url=f"https://www.facebook.com/1/posts/{number}",
            likes=1065 - number,
            comments=17,
            shares=4,
            counted_at=NOON,
            is_provisional=False,
            first_import=batch,
        )
        for number, text in enumerate(texts or [f"{TEXT} № {n}" for n in range(8)])
    ]
    return DeskProject(project, publish_codebook(project), account, actors, posts)


def publish_codebook(
    project: Project,
    questions: Sequence[dict[str, Any]] = (),
    grades: Sequence[tuple[int, str, str]] = GRADES,
) -> CodebookVersion:
    codebook, _made = Codebook.objects.get_or_create(project=project, name="Report")
    number = 1 + codebook.versions.count()
    version = CodebookVersion.objects.create(codebook=codebook, number=number)
    Topic.objects.bulk_create(
        Topic(
            version=version,
            key=key,
            name=name,
            name_ru=ru,
            name_ky=ky,
            position=place,
            definition=f"Posts mainly about: {name}.",
            use_when="It is what the author wants the reader to think about.",
            do_not_use_when="It is only touched upon.",
        )
        for place, (key, name, ru, ky) in enumerate(TOPICS)
    )
    ToneGrade.objects.bulk_create(
        ToneGrade(
            version=version,
            key=key,
            name=name,
            value=value,
            position=place,
            definition=f"The post is {name.lower()} toward the actor.",
            use_when="The author’s own words say so.",
        )
        for place, (value, key, name) in enumerate(grades)
    )
    FlagKind.objects.bulk_create(
        FlagKind(version=version, key=name.split()[0].lower(), name=name, position=place)
        for place, name in enumerate(FLAGS)
    )
    Question.objects.bulk_create(
        Question(
            version=version,
            position=place,
            options=PLACES if given["kind"] == "choice" else [],
            **given,
        )
        for place, given in enumerate(questions)
    )
    version.state = VersionState.PUBLISHED
    version.published_at = NOON
    version.save()
    return version
