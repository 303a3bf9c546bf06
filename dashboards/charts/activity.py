"""How much was published: charts 1, 2, 7, 8, 14, 16, 17, 21 and 22."""

from django.utils.translation import gettext_lazy as _

from dashboards.charts.bases import (
    FACEBOOK_GROUPS,
    FACEBOOK_PAGES,
    INSTAGRAM,
    posts_of_accounts,
)
from dashboards.charts.drawing import Drawing
from dashboards.charts.registry import chart
from dashboards.measures import Measures


@chart(
    number=1,
    platform="facebook",
    title=_("Number of posts (entire period)"),
    subject=_("Candidates"),
)
def facebook_posts_of_candidates(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**FACEBOOK_PAGES, "category": "candidate"}, heads=True)


@chart(
    number=2, platform="facebook", title=_("Number of posts (campaign)"), subject=_("Candidates")
)
def facebook_posts_of_candidates_in_the_campaign(measures: Measures) -> Drawing:
    where = {**FACEBOOK_PAGES, "category": "candidate"}
    return posts_of_accounts(measures, where, period="campaign", heads=True)


@chart(number=7, platform="facebook", title=_("Number of posts"), subject=_("Parties"))
def facebook_posts_of_parties(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**FACEBOOK_PAGES, "category": "party"})


@chart(number=8, platform="facebook", title=_("Number of posts"), subject=_("Authorities"))
def facebook_posts_of_authorities(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**FACEBOOK_PAGES, "category": "authority"})


@chart(number=14, platform="facebook", title=_("Number of posts"), subject=_("Public groups"))
def facebook_posts_of_groups(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**FACEBOOK_GROUPS, "category": "public_group"})


@chart(
    number=16,
    platform="instagram",
    title=_("Number of posts (entire period)"),
    subject=_("Candidates"),
)
def instagram_posts_of_candidates(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**INSTAGRAM, "category": "candidate"}, heads=True)


@chart(
    number=17, platform="instagram", title=_("Number of posts (campaign)"), subject=_("Candidates")
)
def instagram_posts_of_candidates_in_the_campaign(measures: Measures) -> Drawing:
    where = {**INSTAGRAM, "category": "candidate"}
    return posts_of_accounts(measures, where, period="campaign", heads=True)


@chart(number=21, platform="instagram", title=_("Number of posts"), subject=_("Parties"))
def instagram_posts_of_parties(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**INSTAGRAM, "category": "party"})


@chart(number=22, platform="instagram", title=_("Number of posts"), subject=_("Authorities"))
def instagram_posts_of_authorities(measures: Measures) -> Drawing:
    return posts_of_accounts(measures, {**INSTAGRAM, "category": "authority"})
