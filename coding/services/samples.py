"""Drawing the posts to be coded."""

import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg2.sql import SQL

from coding.models import Method, Sample, SampleRule
from coding.sampling import RANKING, Rule, default_rule
from monitoring.models import Account, Category, Post, Project
from monitoring.services.revisions import note_change

# A table with a key of its own: how long storing takes does not hang on what the planner guesses.
DRAWN = "CREATE TEMP TABLE drawn (post_id, rank, interactions) ON COMMIT DROP AS {chosen}"
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


@transaction.atomic
def draw_samples(*, project: Project, at: datetime.datetime) -> list[Sample]:
    """Draw, or draw again, each category's posts on each platform where it has accounts.

    Only posts of the monitored period are drawn. Drawing again adds and ranks anew; a post that
    newer counters rank out is marked, never removed, so that no coding is lost.
    """
    # One drawing at a time; imports and codings, which only refer to the project, go on.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    # Where all accounts left a category, its sample is drawn again too: it loses its posts.
    drawn = set(Sample.objects.of(project).values_list("category", "platform"))
    drawn.update(Account.objects.of(project).monitored().values_list("actor__category", "platform"))
    samples = []
    for category in project.categories.all():
        rule = rule_for(category)
        samples += [
            _draw(project, category, platform, rule, at)
            for place, platform in sorted(drawn)
            if place == category.pk
        ]
    note_change(project_id=project.pk)
    return samples


def rule_for(category: Category) -> Rule:
    """The rule of a category; the report's where the lead set none."""
    set_rule = SampleRule.objects.of(category.project).filter(category=category).first()
    if set_rule is None:
        rule = default_rule(is_political=category.is_political)
        SampleRule.objects.create(
            project=category.project,
            category=category,
            method=Method.CENSUS if rule.size is None else Method.TOP,
            size=rule.size,
            per_account=rule.per_account,
        )
        return rule
    return Rule(set_rule.size, set_rule.per_account)


def rule_in_words(sample: Sample) -> str:
    """The rule as it is printed beside numbers that rest on it."""
    if sample.wanted is None:
        return _("all posts")
    return ngettext(
        "the %(size)s post with most interactions",
        "the %(size)s posts with most interactions",
        sample.wanted,
    ) % {"size": sample.wanted}


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
            "drawn_at": at,
        },
    )
    entire = project.periods.filter(key="entire").first()
    posts = Post.objects.of(project).counted().on_platform(platform)
    posts = posts.filter(account__actor__category=category)
    if entire is not None:
        entire.project = project
        posts = posts.published_between(*entire.bounds())
    ranked = posts.annotate(
        rank=Window(
            RowNumber(),
            partition_by=[F("account")] if rule.per_account else None,
            order_by=RANKING,
        )
    )
    if rule.size is not None:
        ranked = ranked.filter(rank__lte=rule.size)
    _keep(sample, ranked.values_list("pk", "rank", "interactions"))
    return sample


def _keep(sample: Sample, drawn: QuerySet) -> None:
    """Store a drawing (post, rank, interactions) and mark what it left out."""
    chosen, bound = drawn.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SQL(DRAWN).format(chosen=SQL(chosen)).as_string(None), bound)
        cursor.execute(KEEP, {"sample": sample.pk, "at": sample.drawn_at})
