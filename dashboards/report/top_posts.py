"""Top posts: the most interacted posts of each platform and category (the report's chapter IV)."""

from dataclasses import dataclass, field

from dashboards.measures.background import Background
from dashboards.measures.sources import top_posts as ranked
from dashboards.models import PostTranslation
from monitoring.interactions import PLATFORMS
from monitoring.models import Category, Period, Post, Project

SHOWN = 5


@dataclass(frozen=True)
class TopPosts:
    """The top posts of one category on one platform, the first first."""

    platform: str
    platform_name: str
    category: Category
    posts: list[Post]
    # The text in the reader's language, by the id of a post, where a lead translated it.
    translations: dict[int, str] = field(default_factory=dict)


def top_posts(
    *,
    project: Project,
    count: int = SHOWN,
    platform: str = "",
    category: str = "",
    period: Period | None = None,
    language: str = "en",
    background: Background | None = None,
) -> list[TopPosts]:
    """Groups by platform, then in the order of the categories; posts of monitored accounts only.

    Nothing has to be sampled for it. ``language`` is that of the translations. ``background`` is
    what a page that asks for more already knows of the project.
    """
    background = background or Background(project)
    wanted = {"platform": platform, "category": category}
    accounts = background.directory.accounts_where({k: v for k, v in wanted.items() if v})
    categories = background.categories
    groups = sorted(
        {(account.platform, account.actor.category) for account in accounts},
        key=lambda group: (group[0], categories[group[1]].position, group[1]),
    )
    number = {group: place for place, group in enumerate(groups)}
    start, end = (period or background.period("entire")).bounds()
    found = ranked(
        project=project,
        accounts={one.id: number[one.platform, one.actor.category] for one in accounts},
        start=start,
        end=end,
        count=count,
    )
    ids = [row["id"] for row in found]
    posts = Post.objects.of(project).select_related("account__actor").in_bulk(ids)
    translations = dict(
        PostTranslation.objects.filter(post__in=ids, language=language).values_list(
            "post_id", "text"
        )
    )
    return [
        TopPosts(
            key,
            PLATFORMS[key].name,
            categories[of_category],
            [posts[row["id"]] for row in found if row["label"] == place],
            translations,
        )
        for (key, of_category), place in number.items()
        if any(row["label"] == place for row in found)
    ]
