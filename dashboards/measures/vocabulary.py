"""The words a question may use: measures, dimensions, filters, scopes."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from monitoring.interactions import PLATFORMS
from monitoring.models import AccountKind, Language

COUNTER_MEASURES = {
    "posts": gettext_lazy("posts"),
    "interactions": gettext_lazy("interactions"),
    "reactions": gettext_lazy("reactions"),
    "likes": gettext_lazy("likes"),
    "love": pgettext_lazy("reaction", "love"),
    "wow": pgettext_lazy("reaction", "wow"),
    "haha": pgettext_lazy("reaction", "haha"),
    "sad": pgettext_lazy("reaction", "sad"),
    "angry": pgettext_lazy("reaction", "angry"),
    "care": pgettext_lazy("reaction", "care"),
    "other_reactions": gettext_lazy("other reactions"),
    "comments": gettext_lazy("comments"),
    "shares": gettext_lazy("shares"),
    "views": gettext_lazy("views"),
}
DERIVED_MEASURES = {
    "share": gettext_lazy("share of posts, percent"),
    "avg_weekly_posts": gettext_lazy("average weekly posts per account"),
    "avg_daily_interactions": gettext_lazy("average daily interactions per account"),
    "daily_interaction_rate": gettext_lazy("daily interaction rate"),
}
POST_MEASURES = {**COUNTER_MEASURES, **DERIVED_MEASURES}
CODING_MEASURES = {
    "mentions": gettext_lazy("mentions of actors in coded posts"),
    "codings": gettext_lazy("coded posts"),
    "flags": gettext_lazy("flags on coded posts"),
}
AD_MEASURES = {"ads": gettext_lazy("ads"), "spend": gettext_lazy("spending on ads")}
MEASURES = {**POST_MEASURES, **CODING_MEASURES, **AD_MEASURES}

# What the tones of the report's codebook are called.
TONES = {
    "positive": gettext_lazy("Positive"),
    "neutral": gettext_lazy("Neutral"),
    "negative": gettext_lazy("Negative"),
}
# In which posts are written, in the order of charts.
LANGUAGES = {**dict(Language.choices), "": gettext_lazy("without words")}
# Who published: each is a function of the account.
ACCOUNT_DIMENSIONS = ("platform", "category", "actor", "account")
TIME_DIMENSIONS = ("period", "day", "week", "month")
CODING_DIMENSIONS = ("about", "tone", "topic", "flag")
DIMENSIONS = (
    *ACCOUNT_DIMENSIONS,
    "type",
    "language",
    *TIME_DIMENSIONS,
    *CODING_DIMENSIONS,
    "advertiser",
)
# Of other counters no totals by language are kept.
_IN_A_LANGUAGE = ("posts", "interactions", "share", *CODING_MEASURES)
# What a coding says of a post: asked of counters, they count the coded posts only.
CODING_FILTERS = (*CODING_DIMENSIONS, "about_category")
_POST_DIMENSIONS = (*ACCOUNT_DIMENSIONS, "type", *TIME_DIMENSIONS)
DIMENSION_LABELS = {
    "platform": gettext_lazy("platform"),
    "category": gettext_lazy("category"),
    "actor": gettext_lazy("actor"),
    "account": gettext_lazy("account"),
    "type": gettext_lazy("type of post"),
    "language": gettext_lazy("language of post"),
    "period": gettext_lazy("period"),
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week from"),
    "month": gettext_lazy("month from"),
    "about": gettext_lazy("about whom"),
    "tone": gettext_lazy("tone"),
    "topic": gettext_lazy("topic"),
    "flag": gettext_lazy("flag"),
    "advertiser": gettext_lazy("advertiser"),
}
_DIMENSIONS_OF = {
    **dict.fromkeys(COUNTER_MEASURES, (*_POST_DIMENSIONS, *CODING_DIMENSIONS)),
    **dict.fromkeys(CODING_MEASURES, (*_POST_DIMENSIONS, *CODING_DIMENSIONS)),
    **dict.fromkeys(AD_MEASURES, ("category", "actor", "advertiser", "period")),
    **dict.fromkeys(DERIVED_MEASURES, (*ACCOUNT_DIMENSIONS, "period")),
    "share": _POST_DIMENSIONS,
}
_DIMENSIONS_OF |= {name: (*_DIMENSIONS_OF[name], "language") for name in _IN_A_LANGUAGE}
ACCOUNT_FILTERS = ("platform", "kind", "category", "actor", "account", "political", "individual")
_ACTOR_FILTERS = ("category", "actor", "political", "individual")
MOMENTS = ("day", "week", "month")
_FILTERS_OF = {
    **dict.fromkeys(COUNTER_MEASURES, (*ACCOUNT_FILTERS, "type", *MOMENTS, *CODING_FILTERS)),
    **dict.fromkeys(CODING_MEASURES, (*ACCOUNT_FILTERS, "type", *MOMENTS, *CODING_FILTERS)),
    **dict.fromkeys(AD_MEASURES, (*_ACTOR_FILTERS, "advertiser", "country")),
    **dict.fromkeys(DERIVED_MEASURES, (*ACCOUNT_FILTERS, "type")),
    "share": (*ACCOUNT_FILTERS, "type", *MOMENTS),
}
_FILTERS_OF |= {name: (*_FILTERS_OF[name], "language") for name in _IN_A_LANGUAGE}
# Of all measures together.
FILTERS = (*ACCOUNT_FILTERS, "type", "language", *MOMENTS, *CODING_FILTERS, "advertiser", "country")
_FIXED_VALUES = {
    "platform": tuple(PLATFORMS),
    "kind": tuple(AccountKind.values),
    "political": ("true", "false"),
    "individual": ("true", "false"),
    "language": tuple(LANGUAGES),
}
SCOPES = ("all", "analysed")


class UnknownWord(ValueError):
    """A question used a word that is not in the vocabulary; the message lists the right ones."""


class NotInProject(UnknownWord):
    """The word is one that projects may have, such as a campaign, but this one has not."""


class Withheld(UnknownWord):
    """The answer is made of codings, and who asks codes blind."""


# Words of refusal are looked up only when something is refused: pages ask hundreds of questions.
_REFUSED = {
    "measure": gettext_lazy("“%(word)s” is not a measure; there are: %(allowed)s."),
    "dimension": gettext_lazy(
        "“%(word)s” is not a dimension of this measure; there are: %(allowed)s."
    ),
    "filter": gettext_lazy("“%(word)s” is not a filter of this measure; there are: %(allowed)s."),
    "value": gettext_lazy("“%(word)s” is not a value of this filter; there are: %(allowed)s."),
    "scope": gettext_lazy("“%(word)s” is not a scope; there are: %(allowed)s."),
}


def _check(word: str, allowed: Collection[str], kind: str) -> None:
    if word not in allowed:
        right = ", ".join(filter(None, allowed))
        raise UnknownWord(_REFUSED[kind] % {"word": word, "allowed": right})


def check_value(word: str, allowed: Collection[str]) -> None:
    """Raise UnknownWord unless the word is one of a filter's values."""
    _check(word, allowed, "value")


def check_question(
    *, measure: str, by: Sequence[str], where: Mapping[str, str | Iterable[str]], scope: str
) -> None:
    """Raise UnknownWord unless the measure can be asked by these dimensions and filters."""
    _check(measure, MEASURES, "measure")
    for dimension in by:
        _check(dimension, _DIMENSIONS_OF[measure], "dimension")
    if len(by) > len(set(by)):
        raise UnknownWord(_("A dimension can be named once only."))
    if len(set(by) & set(MOMENTS)) > 1:
        raise UnknownWord(_("Of day, week and month one can be a dimension."))
    if {"type", "language"} <= {*by, *where}:
        raise UnknownWord(_("Types and languages of posts are counted apart: ask for one of them."))
    for key, wanted in where.items():
        _check(key, _FILTERS_OF[measure], "filter")
        for value in [wanted] if isinstance(wanted, str) else wanted:
            _check(value, _FIXED_VALUES.get(key, (value,)), "value")
    _check(scope, SCOPES, "scope")


def is_about_codings(*, measure: str, by: Iterable[str], where: Iterable[str]) -> bool:
    """Whether the answer is made of final codings."""
    return measure in CODING_MEASURES or bool({*by, *where} & set(CODING_FILTERS))
