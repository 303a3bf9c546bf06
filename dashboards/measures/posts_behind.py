"""The posts behind a number: the same filters, asked of the posts themselves."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from coding.models import CodingTopic, Flag, Mention, Method, SamplePost, SampleRule
from dashboards.measures.background import Background
from dashboards.measures.directory import Where, values_of
from dashboards.measures.sources import counted_entries
from dashboards.measures.vocabulary import AD_MEASURES, UnknownWord, is_about_codings
from monitoring.models import Period, Post
from monitoring.models.posts import PostQuerySet

PAGE = 50


def posts_behind(
    background: Background, measure: str, where: Where, period: Period, scope: str
) -> PostQuerySet:
    """The posts that count in the answer, the most interacted first.

    Of pairs and flags they are the posts that carry them. Raises UnknownWord for ads, which are no
    posts.
    """
    if measure in AD_MEASURES:
        raise UnknownWord(_("There are no posts behind ads."))
    accounts = [account.id for account in background.directory.accounts_where(where)]
    posts = (
        Post.objects.of(background.project)
        .filter(account__in=accounts)
        .published_between(*period.bounds())
    )
    for kind in ("type", "language"):
        if (kinds := values_of(where, kind)) is not None:
            posts = posts.filter(**{f"{kind}__in": kinds})
    if (days := background.days_where(where, period)) is not None:
        local_day = TruncDate("published_at", tzinfo=background.project.zone)
        posts = posts.annotate(local_day=local_day).filter(local_day__in=days)
    if is_about_codings(measure=measure, by=(), where=where):
        posts = posts.filter(_is_coded(background, measure, where))
    elif scope == "analysed":
        posts = posts.filter(_is_analysed(background))
    return posts.most_interacted()


def _is_analysed(background: Background) -> Q:
    """All posts of the census categories; of the others those that were sampled."""
    rules = SampleRule.objects.of(background.project).filter(method=Method.TOP)
    sampled = SamplePost.objects.current().filter(
        post=OuterRef("pk"),
        sample__method=Method.TOP,
        sample__category=OuterRef("account__actor__category"),
    )
    by_rule = Q(account__actor__category__in=rules.values("category"))
    return ~by_rule | (by_rule & Q(Exists(sampled)))


def _is_coded(background: Background, measure: str, where: Where) -> Q:
    """The post has answers that count, and among them what the filters ask for."""
    condition = Q(final_coding__coding__isnull=False)
    coding = OuterRef("final_coding__coding")
    about, tones = background.about(where), values_of(where, "tone")
    if measure == "mentions" or about is not None or tones is not None:
        mentions = Mention.objects.filter(coding=coding)
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


def after(posts: PostQuerySet, last: Post | None) -> PostQuerySet:
    """What follows a post in the order of ``most_interacted``: pages that no new post shifts."""
    if last is None:
        return posts.select_related("account__actor")
    same = Q(interactions=last.interactions)
    later = Q(published_at__gt=last.published_at) | Q(
        published_at=last.published_at, native_id__gt=last.native_id
    )
    follows = Q(interactions__lt=last.interactions) | (same & later)
    return posts.filter(follows).select_related("account__actor")
