"""The posts behind a number: the same filters, asked of the posts themselves.

A page of them costs the same however many there are: of each account only its first posts are read,
from the index that ranks them, and those that were drawn or coded are found by their keys.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from coding.models import CodingTopic, CountedMention, Flag, Method, SamplePost
from dashboards.measures.background import Background
from dashboards.measures.directory import Where, values_of
from dashboards.measures.sources import counted_entries
from dashboards.measures.vocabulary import AD_MEASURES, UnknownWord, is_about_codings
from monitoring.coverage import merged
from monitoring.models import Period, Post, Project
from monitoring.models.posts import PostQuerySet

PAGE = 50
# Of each account its first posts, then the first of all.
_FIRST_OF_EACH = """
    SELECT post.id
    FROM unnest(%s::bigint[]) AS who (account_id) CROSS JOIN LATERAL ({of_one}) AS post
    ORDER BY post.interactions DESC, post.published_at, post.native_id LIMIT %s
"""


@dataclass(frozen=True)
class PostsBehind:
    """The posts that count in an answer, the most interacted first.

    ``posts`` are what filters on posts and days leave, of whichever account. Of the accounts
    ``whole`` all of them count, of others those that ``picked`` names.
    """

    project: Project
    posts: PostQuerySet
    whole: Collection[int]
    picked: PostQuerySet

    def all(self) -> PostQuerySet:
        return (self.posts.filter(account__in=self.whole) | self.picked).most_interacted()

    def without(self, hidden: Collection[int]) -> "PostsBehind":
        """All but some posts, by their ids."""
        if not hidden:
            return self
        posts, picked = (rows.exclude(pk__in=hidden) for rows in (self.posts, self.picked))
        return replace(self, posts=posts, picked=picked)

    def page(self, count: int, *, after: Post | None = None) -> list[Post]:
        """The first, or those that follow a post: pages that no new post shifts."""
        ids = [
            *_first_of_each(_following(self.posts, after), self.whole, count),
            *_following(self.picked, after).values_list("pk", flat=True)[:count],
        ]
        found = Post.objects.of(self.project).filter(pk__in=ids).select_related("account__actor")
        return list(found.most_interacted()[:count])


def _first_of_each(posts: PostQuerySet, accounts: Collection[int], count: int) -> list[int]:
    if not accounts:
        return []
    of_one = posts.filter(account_id=RawSQL("who.account_id", ())).most_interacted()
    columns = of_one.values("id", "interactions", "published_at", "native_id")[:count]
    sql, values = columns.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_OF_EACH.format(of_one=sql), [list(accounts), *values, count])
        return [row[0] for row in cursor.fetchall()]


def _following(posts: PostQuerySet, last: Post | None) -> PostQuerySet:
    posts = posts.most_interacted()
    if last is None:
        return posts
    later = Q(published_at__gt=last.published_at) | Q(
        published_at=last.published_at, native_id__gt=last.native_id
    )
    follows = Q(interactions__lt=last.interactions) | later
    # The first is what the index begins with.
    return posts.filter(interactions__lte=last.interactions).filter(follows)


def posts_behind(
    background: Background,
    measure: str,
    where: Where,
    period: Period,
    scope: str,
    *,
    counted: Mapping[int, int],
) -> PostsBehind:
    """The posts that count in the answer. Of pairs and flags they are the posts that carry them.

    ``counted`` says how many of each account count, by its id; of codings it is not asked. Raises
    UnknownWord for ads, which are no posts.
    """
    if measure in AD_MEASURES:
        raise UnknownWord(_("There are no posts behind ads."))
    posts = Post.objects.of(background.project).published_between(*period.bounds())
    for kind in ("type", "language"):
        if (kinds := values_of(where, kind)) is not None:
            posts = posts.filter(**{f"{kind}__in": kinds})
    if (days := background.days_where(where, period)) is not None:
        posts = posts.filter(_on_days(background, days))
    if is_about_codings(measure=measure, by=(), where=where):
        accounts = [account.id for account in background.directory.accounts_where(where)]
        answers = _is_coded(background, measure, where)
        return PostsBehind(
            background.project, posts, [], posts.filter(answers, account__in=accounts)
        )
    accounts = [account for account, number in counted.items() if number]
    if scope == "all":
        return PostsBehind(background.project, posts, accounts, posts.none())
    return _analysed(background, posts, accounts)


def _on_days(background: Background, days: Collection[datetime.date]) -> Q:
    """Published within them; as few runs of days as there are, which the index of time serves."""
    runs = merged((day, day) for day in days)
    bounds = [
        Period(project=background.project, start=start, end=end).bounds() for start, end in runs
    ]
    found = (Q(published_at__gte=start, published_at__lt=end) for start, end in bounds)
    return reduce(or_, found, Q(pk__in=[]))


def _analysed(
    background: Background, posts: PostQuerySet, accounts: Collection[int]
) -> PostsBehind:
    """All posts of the census categories; of the others those that were sampled for them."""
    directory, sampled = background.directory, background.outline.sampled_categories
    category = {account: directory.accounts[account].actor.category for account in accounts}
    drawn: dict[str, list[int]] = {}
    current = SamplePost.objects.current().filter(
        sample__project=background.project, sample__method=Method.TOP
    )
    for post, key in current.values_list("post", "sample__category__key"):
        drawn.setdefault(key, []).append(post)
    for_its_category = [
        Q(pk__in=ids, account__in=[account for account, of in category.items() if of == key])
        for key, ids in drawn.items()
        if key in sampled
    ]
    picked = posts.filter(reduce(or_, for_its_category, Q(pk__in=[])))
    whole = [account for account, key in category.items() if key not in sampled]
    return PostsBehind(background.project, posts, whole, picked)


def _is_coded(background: Background, measure: str, where: Where) -> Q:
    """The post has answers that count, and among them what the filters ask for."""
    condition = Q(final_coding__coding__isnull=False)
    coding = OuterRef("final_coding__coding")
    about, tones = background.about(where), values_of(where, "tone")
    if measure == "mentions" or about is not None or tones is not None:
        mentions = CountedMention.objects.filter(coding=coding)
        mentions = mentions if about is None else mentions.filter(actor__in=about)
        if tones is not None:
            mentions = mentions.filter(tone__in=_entries(background, "tones", tones))
        condition &= Q(Exists(mentions))
    if (topics := values_of(where, "topic")) is not None:
        entries = _entries(background, "topics", topics)
        condition &= Q(Exists(CodingTopic.objects.filter(coding=coding, topic__in=entries)))
    kinds = values_of(where, "flag")
    if measure == "flags" or kinds is not None:
        flags = Flag.objects.filter(coding=coding)
        if kinds is not None:
            flags = flags.filter(kind__in=_entries(background, "flags", kinds))
        condition &= Q(Exists(flags))
    return condition


def _entries(background: Background, section: str, keys: Collection[str]) -> list[int]:
    """The codebook entries that count as these keys: also those of versions before."""
    return counted_entries(project=background.project, section=section, keys=keys)
