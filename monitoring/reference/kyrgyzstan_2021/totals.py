"""What each account published and drew in all.

A printed rounding ("66.7K") is a range of whole numbers. Within these ranges the parts of each
account add up to the account's total, and the accounts of a category to the category's.
"""

from dataclasses import dataclass

from monitoring.reference.kyrgyzstan_2021 import interaction_totals, post_totals
from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.known import Known


@dataclass(frozen=True)
class Totals:
    """An account's posts and what they drew, in the whole period."""

    posts: int
    pre_campaign: int
    # Of the campaign; None where the report prints no figure of the final week.
    final_week: int | None
    parts: dict[str, int]


def solve(known: Known) -> dict[Account, Totals]:
    """The totals of every account. Raises ValueError where figures and inferences contradict."""
    posts = post_totals.entire(known)
    before = post_totals.pre_campaign(known, posts)
    final_week = post_totals.final_week(known, posts, before)
    interactions = interaction_totals.entire(known)
    return {
        account: Totals(
            posts=posts[account],
            pre_campaign=before[account],
            final_week=final_week.get(account),
            parts=interaction_totals.parts(known, account, interactions[account]),
        )
        for account in known.accounts
    }
