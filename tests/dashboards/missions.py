"""Small random missions: a few actors, accounts and posts, and the totals that belong to them."""

import datetime
import random

from django.contrib.auth.models import User
from django.utils import timezone

from coding.models import Coding, FinalCoding, Method, Sample, SamplePost, SampleRule
from monitoring.models import (
    Account,
    Actor,
    AdReportLine,
    Advertiser,
    Category,
    Import,
    Language,
    Period,
    Post,
    Project,
)
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make

START = datetime.date(2020, 11, 19)
END = datetime.date(2020, 12, 2)
TYPES = ["photo", "link", "native_video"]
CATEGORIES = [
    # key, political, individual
    ("candidate", True, True),
    ("party", True, True),
    ("media", False, True),
    ("public_group", False, False),
]


def make_project(slug: str) -> Project:
    project = Project.objects.create(
        slug=slug, name=slug, country="Kyrgyzstan", timezone="Asia/Bishkek"
    )
    for key, start, end in [
        ("entire", START, END),
        ("pre_campaign", START, datetime.date(2020, 11, 25)),
        ("campaign", datetime.date(2020, 11, 26), END),
    ]:
        Period.objects.create(project=project, key=key, name=key, start=start, end=end)
    for position, (key, political, individual) in enumerate(CATEGORIES):
        Category.objects.create(
            project=project,
            key=key,
            name=key,
            is_political=political,
            is_individual=individual,
            position=position,
        )
    return project


def make_import(project: Project) -> Import:
    return Import.objects.create(
        project=project,
        file_name="posts.csv",
        stored_path="posts.csv",
        sha256=f"{project.pk:064d}",
        size=1,
        source="crowdtangle-facebook",
        exported_at=timezone.now(),
    )


def random_mission(seed: int) -> Project:
    """A project whose posts fall also on the days around it and at the edges of days."""
    dice = random.Random(seed)
    project = make_project(f"mission-{seed}")
    batch = make_import(project)
    categories = list(project.categories.all())
    posts = []
    for number in range(dice.randint(3, 8)):
        category = dice.choice(categories)
        actor = Actor.objects.create(project=project, category=category, name=f"Actor {number}")
        for place in range(dice.randint(0, 3)):
            is_group = category.key == "public_group"
            platform = "facebook" if is_group else dice.choice(["facebook", "instagram"])
            account = Account.objects.create(
                project=project,
                actor=actor,
                platform=platform,
                kind="group" if is_group else "page",
                native_id=f"{number}{place}",
                name=f"Page of {number}",
            )
            posts += [random_post(dice, batch, account) for _ in range(dice.randint(0, 12))]
    waiting = Account.objects.create(
        project=project,
        platform="facebook",
        kind="page",
        native_id="999",
        name="Nobody's",
        state="waiting",
    )
    posts.append(random_post(dice, batch, waiting))
    Post.objects.bulk_create(posts)
    rebuild_daily_totals(project=project)
    sample_media(project, size=dice.randint(1, 5))
    return project


def random_post(dice: random.Random, batch: Import, account: Account) -> Post:
    first = datetime.datetime.combine(START, datetime.time(), datetime.UTC)
    published = first + datetime.timedelta(minutes=dice.randint(-2000, 22000))
    counters = ["likes", "comments"]
    if account.platform == "facebook":
        counters += ["love", "wow", "haha", "sad", "angry", "care", "shares"]
    counters.append("views")
    number = dice.getrandbits(40)
    return Post(
        project_id=account.project_id,
        account=account,
        platform=account.platform,
        native_id=f"{account.native_id}-{number}",
        type=dice.choice(TYPES),
        language=["", *Language.values][number % 5],
        published_at=published,
        followers=dice.choice([None, 0, 1000, 2500]),
        counted_at=published,
        is_provisional=dice.random() < 0.2,
        first_import=batch,
        **{name: dice.choice([None, 0, dice.randint(1, 900)]) for name in counters},
    )


def sample_media(project: Project, *, size: int) -> None:
    """Sample the top posts of media, as the lead's rule says; all others are a census."""
    media = project.categories.get(key="media")
    SampleRule.objects.create(project=project, category=media, method=Method.TOP, size=size)
    for platform in ("facebook", "instagram"):
        sample = Sample.objects.create(
            project=project,
            category=media,
            platform=platform,
            method=Method.TOP,
            wanted=size,
            drawn_at=timezone.now(),
        )
        ranked = Post.objects.of(project).on_platform(platform).by_category("media")
        for rank, post in enumerate(ranked.most_interacted()[: size + 1], start=1):
            SamplePost.objects.create(
                sample=sample,
                post=post,
                rank=rank,
                interactions=post.interactions,
                left_at=timezone.now() if rank > size else None,
            )


def ad_library_report(project: Project) -> None:
    """A report of the whole mission: exact sums, one within bounds, one of a candidate."""
    batch = Import.objects.of(project).get()
    candidate = project.categories.get(key="candidate")
    asanov = Actor.objects.create(project=project, category=candidate, name="Asanov")
    spent: list[tuple[str, int, int, Actor | None]] = [
        ("Asanov's page", 1803, 1803, asanov),
        ("Asanov's second page", 0, 100, asanov),
        ("Somebody's page", 400, 1200, None),
    ]
    for place, (name, low, high, actor) in enumerate(spent):
        advertiser = Advertiser.objects.create(
            project=project, page_id=str(place + 1), name=name, actor=actor
        )
        AdReportLine.objects.create(
            project=project,
            kind="advertiser",
            advertiser=advertiser,
            covers_from=START,
            covers_to=END,
            currency="USD",
            spend_lower=low,
            spend_upper=high,
            ads=place + 1,
            source_import=batch,
        )


def coded_mission(seed: int) -> Project:
    """A random mission of which some posts are coded, and some of those not settled."""
    dice = random.Random(seed)
    project = random_mission(seed)
    version = make.codebook(project)
    coder = User.objects.create_user(f"coder-{seed}")
    actors = list(Actor.objects.of(project))
    posts = [post for post in Post.objects.of(project).order_by("pk") if dice.random() < 0.7]
    for number, post in enumerate(posts, start=1):
        if dice.random() < 0.15:
            FinalCoding.objects.create(project=project, post=post, state="unsettled")
            continue
        coding = Coding.objects.create(
            project=project,
            post=post,
            coder=coder,
            version=version,
            kind="coding",
            number=1,
            made_at=timezone.now(),
            chain_number=number,
            hash=f"{number:064d}",
        )
        for actor in dice.sample(actors, min(len(actors), dice.randint(0, 2))):
            coding.mentions.create(actor=actor, tone=dice.choice(list(version.tone_grades.all())))
        for topic in dice.sample(list(version.topics.all()), dice.randint(0, 2)):
            coding.coding_topics.create(topic=topic)
        if dice.random() < 0.3:
            coding.flags.create(kind=dice.choice(list(version.flag_kinds.all())))
        FinalCoding.objects.create(project=project, post=post, state="single", coding=coding)
    return project
