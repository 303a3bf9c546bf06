"""Charts at 143,000 and 1,000,000 posts, and at 10,000,000 with ``BENCH_POSTS``.

The posts are made in the database itself: of the same 400 accounts, 52 days and 6 types
at every size, so that sizes differ in posts only. The samples are drawn; coded are as many posts of
each medium at every size, about the same candidates: a chart of tone that has more bars to draw
takes longer, whatever the size. Printed are, per chart, the 95th percentile and its ratio between
sizes, each measure against the same question asked of the posts, and what pictures of the report's
charts take.
"""

import datetime
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from coding.models import Coding, CodingTopic, FinalCoding, Mention
from coding.services.codebooks import load_codebook
from coding.services.samples import draw_samples
from config.warm import warm_up
from dashboards.charts import CHARTS, MORE, Chart
from dashboards.measures import Measures
from dashboards.measures.posts_behind import PAGE
from dashboards.measures.vocabulary import POST_MEASURES
from dashboards.pictures import FORMS, picture
from monitoring.models import Account, Actor, Import, Post, Project
from monitoring.services.projects import create_project
from monitoring.services.revisions import note_change
from monitoring.services.totals import rebuild_daily_totals

SIZES = [143_000, 1_000_000]
TIMES = 100
START = datetime.date(2020, 11, 19)
CAMPAIGN = datetime.date(2020, 12, 15)
END = datetime.date(2021, 1, 9)
ACCOUNTS = {
    "candidate": 36,
    "politician": 18,
    "party": 10,
    "authority": 6,
    "media": 30,
    "influencer": 100,
    "public_group": 200,
}
QUESTIONS = (("actor",), ("category",), ("platform",), ("type",), ("day",), ("category", "week"))
BY_LANGUAGE = (("language",), ("category", "language"))
# Rates are of accounts, and their sums.
OF_RATES = QUESTIONS[:3]
RAW_RATES = {
    "share": "count(*)",
    "avg_weekly_posts": "count(*)",
    "avg_daily_interactions": "sum(post.interactions)",
    "daily_interaction_rate": "sum(post.interactions::numeric / nullif(post.followers, 0))",
}
# One post of each medium every fourth day.
CODED_POSTS_OF_A_MEDIUM, CODED_EVERY = 13, datetime.timedelta(days=4)
# What a large fill is quicker without; made again after it.
INDEXES = {
    "post_by_interactions": "CREATE INDEX {} ON monitoring_post (account_id, interactions DESC)",
    "post_by_time": "CREATE INDEX {} ON monitoring_post (account_id, published_at)",
}
UNIQUE = {
    "post_native_id_is_unique_on_platform": "project_id, platform, native_id",
}
CORES = os.cpu_count() or 1
# Every so many posts of the project, by one of the cores.
POSTS = f"""
    INSERT INTO {Post._meta.db_table} (
        project_id, account_id, platform, native_id, type, published_at, text, url, link,
        link_text, link_description, image_text, media_url, sponsor, language, followers,
        likes, love, comments, shares, views, counted_at, is_provisional, first_import_id
    )
    SELECT %(project)s, account.ids[1 + n %% account.number], platform, n::text,
        (ARRAY['photo', 'link', 'status', 'native_video', 'youtube', 'album'])
            [1 + (n / 7) %% 6],
        '2020-11-19T00:00:00+06'::timestamptz + (n * 7919 %% (52 * 1440)) * '1 min'::interval,
        'A post about the election and its candidates', '', '', '', '', '', '', '',
        (ARRAY['ky', 'ru', 'en', 'other', ''])[1 + (n / 11) %% 5],
        1000 + n %% 50000, n %% 800,
        CASE WHEN platform = 'facebook' THEN n %% 60 END, n %% 90,
        CASE WHEN platform = 'facebook' THEN n %% 40 END, n %% 5000,
        '2021-01-20', false, %(batch)s
    FROM generate_series(1 + %(core)s, %(size)s::bigint, %(cores)s) AS n,
        (SELECT array_agg(id ORDER BY id) AS ids,
            array_agg(platform ORDER BY id) AS platforms, count(*)::int AS number
        FROM monitoring_account WHERE project_id = %(project)s) AS account,
        LATERAL (SELECT account.platforms[1 + n %% account.number]) AS of (platform)
"""


def run() -> None:
    sizes = [*SIZES, *(int(size) for size in os.environ.get("BENCH_POSTS", "").split())]
    projects = {size: project_of(size) for size in sizes}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    warm_up()
    compared = [
        compare_sizes(chart, list(projects.values()))
        for chart in [*CHARTS.values(), *MORE.values()]
        if not chart.key.startswith("ads-")
    ]
    slowest, ratios, of_medians = zip(*compared, strict=True)
    print(
        f"{len(compared)} charts: the slowest p95 {max(slowest):.1f} ms, the largest ratio of p95"
        f" {max(ratios):.2f}, of medians {max(of_medians):.2f}"
    )
    for size, project in projects.items():
        print(f"{size:,} posts, the first reader after a change: {first_reader(project):.0f} ms")
        took = statistics.median(milliseconds(lambda p=project: list_behind(p), times=5))
        print(f"{size:,} posts, a page of those behind a whole category: {took:.0f} ms")
    against_posts(projects[SIZES[1]])
    as_pictures(projects[SIZES[0]])


def compare_sizes(chart: Chart, projects: list[Project]) -> tuple[float, float, float]:
    """The slowest p95 in milliseconds, and the ratios between sizes of p95 and of medians.

    The sizes take turns, so that a busy moment of the machine is one of all of them.
    """
    spent: dict[int, list[float]] = {project.pk: [] for project in projects}
    for turn in range(TIMES + 1):
        for project in projects if turn % 2 else reversed(projects):
            began = time.perf_counter()
            chart.draw(Measures(project))
            if turn:
                spent[project.pk].append(1000 * (time.perf_counter() - began))
    worst = [percentile_95(times) for times in spent.values()]
    middle = [statistics.median(times) for times in spent.values()]
    shown = " · ".join(f"{one:.1f}" for one in worst)
    ratio, of_medians = max(worst) / min(worst), max(middle) / min(middle)
    print(
        f"chart {chart.key}: p95 {shown} ms, ratio {ratio:.2f};"
        f" ratio of medians {of_medians:.2f}, {middle[-1]:.1f} ms"
    )
    return max(worst), ratio, of_medians


def first_reader(project: Project) -> float:
    """All charts of the report, when nothing is remembered."""
    note_change(project_id=project.pk)
    measures = Measures(project)
    began = time.perf_counter()
    for chart in CHARTS.values():
        chart.draw(measures)
    return 1000 * (time.perf_counter() - began)


def list_behind(project: Project) -> None:
    """The first page of the list that a click on the largest category opens."""
    Measures(project).posts_behind("posts", where={"category": "public_group"}).page(PAGE)


def project_of(size: int) -> Project:
    """A project with so many posts, spread over accounts, days and types."""
    project = create_project(
        slug=f"bench-{size}",
        name=f"Bench {size}",
        country="Kyrgyzstan",
        timezone="Asia/Bishkek",
        start=START,
        end=END,
        campaign_start=CAMPAIGN,
    )
    categories = {one.key: one for one in project.categories.all()}
    for key, number in ACCOUNTS.items():
        actors = Actor.objects.bulk_create(
            Actor(project=project, category=categories[key], name=f"{key} {place}")
            for place in range(number)
        )
        Account.objects.bulk_create(
            Account(
                project=project,
                actor=actor,
                platform="facebook" if key == "public_group" or place % 2 else "instagram",
                kind="group" if key == "public_group" else "page",
                native_id=f"{size}-{key}-{place}",
                name=actor.name,
            )
            for place, actor in enumerate(actors)
        )
    began = time.perf_counter()
    fill(project, size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE monitoring_post")
    rebuild_daily_totals(project=project)
    draw_samples(project=project, at=timezone.now())
    code(project)
    print(f"{size:,} posts made in {time.perf_counter() - began:.0f} s")
    return project


def fill(project: Project, size: int) -> None:
    """Posts without the checks of rows: they are made here, by a statement for each core."""
    batch = Import.objects.create(
        project=project,
        file_name="bench.csv",
        stored_path="bench.csv",
        sha256=f"{size:064d}",
        size=1,
        source="crowdtangle-facebook",
        exported_at="2021-02-01T00:00:00Z",
    )
    values = {"project": project.pk, "batch": batch.pk, "size": size}
    with without_indexes(), ThreadPoolExecutor(CORES) as cores:
        list(cores.map(lambda core: fill_part({**values, "core": core}), range(CORES)))


def fill_part(values: dict[str, int]) -> None:
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(POSTS, {**values, "cores": CORES})


@contextmanager
def without_indexes() -> Iterator[None]:
    """The indexes of posts are made anew after what is done inside."""
    with connection.cursor() as cursor:
        for name in INDEXES:
            cursor.execute(f"DROP INDEX {name}")
        for name in UNIQUE:
            cursor.execute(f"ALTER TABLE monitoring_post DROP CONSTRAINT {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for name, statement in INDEXES.items():
            cursor.execute(statement.format(name))
        for name, columns in UNIQUE.items():
            cursor.execute(f"ALTER TABLE monitoring_post ADD CONSTRAINT {name} UNIQUE ({columns})")


def code(project: Project) -> None:
    """As many posts of each medium at every size, each about two candidates."""
    version = load_codebook(project=project)
    coder = User.objects.create_user(f"coder-{project.slug}")
    candidates = list(Actor.objects.of(project).filter(category__key="candidate"))
    tones, topics = list(version.tone_grades.all()), list(version.topics.all())
    media = Account.objects.of(project).filter(actor__category__key="media").order_by("pk")
    first = datetime.datetime.combine(START, datetime.time(), project.zone)
    posts = [
        Post.objects.of(project)
        .filter(account=account, published_at__gte=first + place * CODED_EVERY)
        .order_by("published_at")[0]
        for account in media
        for place in range(CODED_POSTS_OF_A_MEDIUM)
    ]
    codings = Coding.objects.bulk_create(
        Coding(
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
        for number, post in enumerate(posts, start=1)
    )
    Mention.objects.bulk_create(
        Mention(
            coding=coding,
            actor=candidates[(7 * (place // CODED_POSTS_OF_A_MEDIUM) + step) % 36],
            tone=tones[place % len(tones)],
        )
        for place, coding in enumerate(codings)
        # Six candidates of each medium: the report's cover four to eight.
        for step in (place % 5, 5)
    )
    CodingTopic.objects.bulk_create(
        CodingTopic(coding=coding, topic=topics[place % len(topics)])
        for place, coding in enumerate(codings)
    )
    FinalCoding.objects.bulk_create(
        FinalCoding(project=project, post_id=coding.post_id, state="single", coding=coding)
        for coding in codings
    )


def against_posts(project: Project) -> None:
    """Each measure against the question that a dashboard over raw tables would ask."""
    worst = None
    for measure in POST_MEASURES:
        for by in _questions(measure):
            # The quickest of each: what a busy machine adds says nothing of either.
            ours = min(
                milliseconds(lambda m=measure, by=by: Measures(project).ask(m, by=by), times=5)
            )
            theirs = min(milliseconds(lambda m=measure, by=by: raw(project, m, by), times=2))
            ratio = theirs / ours
            question = f"{measure} by {' x '.join(by)}"
            print(f"{question}: {ours:.1f} ms, of the posts {theirs:.0f} ms, {ratio:.0f}x")
            worst = min(worst or ratio, ratio)
    print(f"the least gain over the posts table: {worst:.0f}x")


def _questions(measure: str) -> tuple[tuple[str, ...], ...]:
    if measure in RAW_RATES:
        return OF_RATES
    return QUESTIONS + BY_LANGUAGE if measure in ("posts", "interactions") else QUESTIONS


COLUMNS = {
    "actor": "actor.name",
    "category": "category.key",
    "platform": "post.platform",
    "type": "post.type",
    "language": "post.language",
    "day": "(post.published_at AT TIME ZONE 'Asia/Bishkek')::date",
    "week": "date_trunc('week', post.published_at AT TIME ZONE 'Asia/Bishkek')",
}


def raw(project: Project, measure: str, by: tuple[str, ...]) -> None:
    keys = ", ".join(COLUMNS[name] for name in by)
    value = RAW_RATES.get(measure, "count(*)" if measure == "posts" else f"sum(post.{measure})")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {keys}, {value} FROM monitoring_post post
            JOIN monitoring_account account ON account.id = post.account_id
            JOIN monitoring_actor actor ON actor.id = account.actor_id
            JOIN monitoring_category category ON category.id = actor.category_id
            WHERE post.project_id = %s AND post.published_at >= '2020-11-19T00:00+06'
                AND post.published_at < '2021-01-10T00:00+06'
            GROUP BY {keys}
            """,
            [project.pk],
        )
        cursor.fetchall()


def milliseconds(act: Callable[[], object], *, times: int = TIMES) -> list[float]:
    act()
    spent = []
    for _time in range(times):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    return spent


def percentile_95(spent: list[float]) -> float:
    return sorted(spent)[int(0.95 * len(spent)) - 1]


def as_pictures(project: Project) -> None:
    """The report's charts as SVG and PNG, after the first, which loads matplotlib."""
    measures = Measures(project)
    figures = [chart.draw(measures).figure for chart in CHARTS.values()]
    picture(figures[0])
    for form in FORMS:
        took = []
        for figure in figures:
            begin = time.perf_counter()
            picture(figure, form=form)
            took.append(1000 * (time.perf_counter() - begin))
        print(f"{len(took)} charts as {form}: {sum(took):.0f} ms, the slowest {max(took):.0f} ms")
