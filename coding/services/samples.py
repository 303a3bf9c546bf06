"""Drawing the posts to be coded, and what drawing them again would change."""

import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from coding.models import Assignment, AssignmentState, Coding, Method, Sample, SampleRule
from coding.sampling import RANKING, Rule, default_rule
from coding.services.pool import end_leases
from coding.services.sample_rules import rule_in_words, rules_of
from monitoring.interactions import PLATFORMS
from monitoring.models import Account, Category, Period, Post, Project
from monitoring.services.revisions import note_change

# A table with a key of its own: how long storing takes does not hang on what the planner guesses.
# A post of two periods has the better of its ranks.
DRAWN = """
    SELECT DISTINCT ON (post_id) post_id, rank, interactions
    FROM ({chosen}) AS chosen (post_id, rank, interactions) ORDER BY post_id, rank
"""
# A post belongs to one sample: one whose actor changed category moves with it.
KEEP = """
    CREATE UNIQUE INDEX ON drawn (post_id);
    ANALYZE drawn;
    INSERT INTO coding_samplepost AS kept (sample_id, post_id, rank, interactions)
    SELECT %(sample)s, post_id, rank, interactions FROM drawn
    ON CONFLICT (post_id) DO UPDATE
    SET sample_id = excluded.sample_id, rank = excluded.rank,
        interactions = excluded.interactions, left_at = NULL
    WHERE (kept.sample_id, kept.rank, kept.interactions, kept.left_at)
        IS DISTINCT FROM (excluded.sample_id, excluded.rank, excluded.interactions, NULL);
    UPDATE coding_samplepost SET left_at = %(at)s
    WHERE sample_id = %(sample)s AND left_at IS NULL
        AND NOT EXISTS (SELECT FROM drawn WHERE drawn.post_id = coding_samplepost.post_id);
    DROP TABLE drawn
"""
COMPARE = """
    SELECT count(*) FILTER (WHERE kept.post_id IS NULL),
        count(*) FILTER (WHERE kept.rank <> drawn.rank),
        count(*) FILTER (WHERE drawn.post_id IS NULL),
        count(*) FILTER (WHERE drawn.post_id IS NULL AND EXISTS (
            SELECT FROM coding_coding coding WHERE coding.post_id = kept.post_id
        )),
        count(drawn.post_id)
    FROM ({drawn}) AS drawn
    FULL JOIN (
        SELECT post_id, rank FROM coding_samplepost
        WHERE sample_id = %s AND left_at IS NULL
    ) AS kept ON kept.post_id = drawn.post_id
"""


@transaction.atomic
def draw_samples(*, project: Project, at: datetime.datetime) -> list[Sample]:
    """Draw, or draw again, each category's posts on each platform where it has accounts.

    Only posts of the monitored period are drawn. Drawing again adds and ranks anew; a post that
    newer counters rank out is marked, never removed, so that no coding is lost, and whoever had it
    in their queue without having begun is rid of it. Frozen samples stay as they are.
    """
    # One drawing at a time; imports and codings, which only refer to the project, go on.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    frozen = {
        (sample.category_id, sample.platform): sample
        for sample in Sample.objects.of(project).filter(frozen_at__isnull=False)
    }
    rules = rules_of(project)
    samples = []
    for category, platform in _strata(project):
        sample = frozen.get((category.pk, platform))
        samples.append(sample or _draw(project, category, platform, rules[category.pk], at))
    _release(project, at)
    note_change(project_id=project.pk)
    return samples


@transaction.atomic
def freeze(*, project: Project, at: datetime.datetime | None) -> None:
    """Freeze the samples as they are drawn; ``None`` lets them be drawn again."""
    samples = Sample.objects.of(project)
    if at is None:
        samples.update(frozen_at=None)
    else:
        samples.filter(frozen_at__isnull=True).update(frozen_at=at)


class Redraw(NamedTuple):
    """What drawing a category's posts on a platform again would do: numbers of posts."""

    category: Category
    platform: str
    rule: Rule
    is_frozen: bool
    added: int = 0
    reranked: int = 0
    ranked_out: int = 0
    # Of those ranked out; their codings stay.
    coded: int = 0
    size: int = 0

    @property
    def words(self) -> str:
        return rule_in_words(self.rule)

    @property
    def platform_name(self) -> str:
        return PLATFORMS[self.platform].name


def preview(*, project: Project) -> list[Redraw]:
    """What ``draw_samples`` would change now. Stores nothing; one query per sample."""
    samples = {
        (sample.category_id, sample.platform): sample for sample in Sample.objects.of(project)
    }
    rules = {rule.category_id: rule.rule for rule in SampleRule.objects.of(project)}
    periods = _periods(project)
    found = []
    for category, platform in _strata(project):
        sample = samples.get((category.pk, platform))
        rule = rules.get(category.pk) or default_rule(is_political=category.is_political)
        if sample and sample.frozen_at:
            found.append(Redraw(category, platform, rule, is_frozen=True))
            continue
        chosen, bound = _chosen(project, category, platform, rule, periods)
        with connection.cursor() as cursor:
            statement = COMPARE.replace("{drawn}", DRAWN.replace("{chosen}", chosen))
            cursor.execute(statement, [*bound, sample.pk if sample else 0])
            found.append(Redraw(category, platform, rule, False, *cursor.fetchone()))
    return found


def _strata(project: Project) -> list[tuple[Category, str]]:
    """Each category with each platform it is drawn on, in order."""
    # Where all accounts left a category, its sample is drawn again too: it loses its posts.
    drawn = set(Sample.objects.of(project).values_list("category", "platform"))
    drawn.update(Account.objects.of(project).monitored().values_list("actor__category", "platform"))
    categories = list(project.categories.all())
    for category in categories:
        category.project = project
    return [
        (category, platform)
        for category in categories
        for place, platform in sorted(drawn)
        if place == category.pk
    ]


def _periods(project: Project) -> list[Period]:
    periods = list(project.periods.all())
    for period in periods:
        period.project = project
    return periods


def _draw(
    project: Project, category: Category, platform: str, rule: Rule, at: datetime.datetime
) -> Sample:
    sample, _created = Sample.objects.of(project).update_or_create(
        category=category,
        platform=platform,
        defaults={
            "project": project,
            "method": Method.CENSUS if rule.size is None else Method.TOP,
            "wanted": rule.size,
            "per_account": rule.per_account,
            "per_period": rule.per_period,
            "drawn_at": at,
        },
    )
    chosen, bound = _chosen(project, category, platform, rule, _periods(project))
    with connection.cursor() as cursor:
        create = "CREATE TEMP TABLE drawn ON COMMIT DROP AS " + DRAWN.replace("{chosen}", chosen)
        cursor.execute(create, bound)
        cursor.execute(KEEP, {"sample": sample.pk, "at": at})
    return sample


def _chosen(
    project: Project, category: Category, platform: str, rule: Rule, periods: list[Period]
) -> tuple[str, list[Any]]:
    """A query of (post, rank, interactions) by a rule, and its values."""
    posts = Post.objects.of(project).counted().on_platform(platform)
    posts = posts.filter(account__actor__category=category)
    entire = [period for period in periods if period.key == "entire"]
    parts = [period for period in periods if period.key != "entire"]
    # The top of each period, or of the whole; of everything where the project has no dates.
    spans = [period.bounds() for period in (parts if rule.per_period and parts else entire)]
    queries: list[str] = []
    bound: list[Any] = []
    for among in [posts.published_between(*span) for span in spans] or [posts]:
        ranked = among.annotate(
            rank=Window(
                RowNumber(),
                partition_by=[F("account")] if rule.per_account else None,
                order_by=RANKING,
            )
        )
        if rule.size is not None:
            ranked = ranked.filter(rank__lte=rule.size)
        sql, values = ranked.values_list("pk", "rank", "interactions").query.sql_with_params()
        queries.append(f"({sql})")
        bound += values
    return " UNION ALL ".join(queries), bound


def _release(project: Project, at: datetime.datetime) -> None:
    """Take posts that ranked out from the queues of those who have not begun with them.

    Begun is what lies in somebody's tab, and what they decided about before. What lay in a tab
    until its lease ended is stored when it arrives after all.
    """
    own = Coding.objects.of(project).filter(post=OuterRef("post"), coder=OuterRef("monitor"))
    in_a_tab = Q(leased_until__isnull=False, leased_until__gt=at)
    end_leases(
        Assignment.objects.of(project).filter(
            ~in_a_tab,
            ~Exists(own),
            state=AssignmentState.OPEN,
            post__sample_post__left_at__isnull=False,
        )
    )
