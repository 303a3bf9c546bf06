"""What the numbers are worked out from: accounts, published figures, the posts shown, the seed."""

from dataclasses import dataclass

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.figures import Published
from monitoring.reference.kyrgyzstan_2021.top_posts import TopPost

# The beginnings of the figures' ids, and the surfaces they speak of.
SURFACES = {"fb": "facebook_page", "ig": "instagram"}
POLITICAL = ("candidate", "politician", "party", "authority")


@dataclass(frozen=True)
class Known:
    """Everything that totals and posts are worked out from."""

    accounts: list[Account]
    published: Published
    top_posts: list[TopPost]
    seed: int

    def of(self, surface: str, *categories: str) -> list[Account]:
        return [a for a in self.accounts if a.surface == surface and a.category in categories]
