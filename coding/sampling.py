"""Which posts are coded: all of a category, or the top N by interactions.

Source of the rule: the report's methodology, "For categories of media, influencers, and groups,
only the top200 posts (according to their interaction) were analyzed"; read as per category and
platform, of the whole period, unless the rule says per account or per period.
"""

from dataclasses import dataclass

# The report's number of posts.
DEFAULT_SIZE = 200
# Ties by earlier time, then by native id: the same counters always give the same ranks.
RANKING = ("-interactions", "published_at", "native_id")


@dataclass(frozen=True)
class Rule:
    """A census where ``size`` is None, else the top ``size`` of the category or each account."""

    size: int | None
    per_account: bool = False
    per_period: bool = False

    def takes(self, rank: int) -> bool:
        """Whether the post of this rank (from 1) is in the sample."""
        return self.size is None or rank <= self.size


def default_rule(*, is_political: bool) -> Rule:
    """Every post of political subjects, the top 200 of all others."""
    return Rule(None) if is_political else Rule(DEFAULT_SIZE)
