"""Top posts: the most interacted posts of each platform and category (the report's chapter IV)."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from coding.models import SamplePost
from monitoring.models import Category, Post, Project
from monitoring.models.accounts import PLATFORM_CHOICES

SHOWN = 5


@dataclass(frozen=True)
class TopPosts:
    """The top posts of one category on one platform, the first first."""

    platform: str
    platform_name: str
    category: Category
    posts: list[Post]


def top_posts(*, project: Project, count: int = SHOWN) -> list[TopPosts]:
    """Groups by platform, then in the order of the categories; one query, of sampled posts only."""
    ranked = (
        SamplePost.objects.filter(sample__project=project, rank__lte=count)
        .current()
        .select_related("post__account__actor", "sample__category")
    )
    groups: dict[tuple[str, int], list[SamplePost]] = defaultdict(list)
    for row in ranked:
        groups[row.sample.platform, row.sample.category.position].append(row)
    names = dict(PLATFORM_CHOICES)
    return [
        TopPosts(
            platform,
            names[platform],
            rows[0].sample.category,
            list(islice(sorted((row.post for row in rows), key=_place), count)),
        )
        for (platform, _position), rows in sorted(groups.items())
    ]


def _place(post: Post) -> tuple[int, float, str]:
    return (-post.interactions, post.published_at.timestamp(), post.native_id)
