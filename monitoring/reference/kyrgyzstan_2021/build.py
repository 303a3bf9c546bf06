"""The Kyrgyzstan 2021 reference project: files that meet every figure the report prints.

The report (Media Development Center and MEMO 98, 8 February 2021) prints 551 figures of 67 actors'
posts, interactions, tone and advertising; its data are gone with CrowdTangle. This package builds a
set of posts, ads and codings of which all those figures are true, as the files a team would have
had: CrowdTangle's CSV exports of 2020, Meta's Ad Library report, and the codings in their order.

What is printed, and taken from `published_figures.csv`, `top_posts.toml`, `advertisers.csv` and
`documented_examples.toml`:
  posts of most accounts, of the campaign and of the final week; interactions, exactly of categories
  and rounded of accounts, with their reactions, comments and shares; the posts shown in chapter IV
  with their texts and counters; advertisers and their sums; the posts quoted in the last chapter.

What is inferred, and held in `inferences.csv` and `media_coverage.csv`:
  the posts of the other accounts (their sums are printed); a weight for sharing interactions that
  are printed for a category only (printed ranks are kept); followers (so that the printed daily
  interaction rates hold); how many of the 200 sampled posts are whose; which outlet covered whom in
  which tone (the sums, the leaders and the prevailing tones are printed; elsewhere the tone is
  neutral). A candidate without posts in the campaign has none at all. Handles, ids, days, hours,
  kinds of posts and views are plausible, not real.

How the numbers are made, a module a step:
  1. `totals`: a printed rounding is a range of whole numbers; a point in every range is drawn, and
     moved until each account's parts add up to its total and the accounts to their category's.
     Splitting a whole number so that its parts add up exactly is `apportion`.
  2. `engagement`: an account's totals go to its posts: first to those the report shows, then to
     those that belong to the category's top 200, then to the rest by a heavy-tailed draw below the
     ranks that are printed; comments and shares are split over the posts in the same way.
  3. `timeline`: days and hours, in Bishkek, within the counts of each period.
  4. `posts`: kinds, views, followers, ids.
  5. `coverage`: which sampled posts are about whom; `codings`: who coded them, and how.
  6. `texts`: neutral sentences, marked as reconstructed; `exports` and `ads`: the files.

Every draw comes from a stream named after its purpose (`draws`), so the same seed gives the same
bytes on any machine, and a change of one account leaves the others as they are.
"""

from dataclasses import dataclass
from pathlib import Path

from monitoring.reference.kyrgyzstan_2021 import ads, codings, coverage, exports
from monitoring.reference.kyrgyzstan_2021.accounts import DATA, Account, read_accounts
from monitoring.reference.kyrgyzstan_2021.figures import Published
from monitoring.reference.kyrgyzstan_2021.known import Known
from monitoring.reference.kyrgyzstan_2021.posts import Posts, lay_out
from monitoring.reference.kyrgyzstan_2021.top_posts import read_examples, read_top_posts
from monitoring.reference.kyrgyzstan_2021.totals import solve

# What the package brings as data, for whoever sets up the project.
PROJECT = DATA / "project.toml"
ACTORS = DATA / "actors.csv"
PUBLISHED_FIGURES = DATA / "published_figures.csv"


@dataclass(frozen=True)
class Reference:
    """The files that were written, and how much is in them."""

    pages: Path
    groups: Path
    instagram: Path
    advertisers: Path
    locations: Path
    codings: Path
    page_posts: int
    group_posts: int
    instagram_posts: int
    advertiser_lines: int
    coding_lines: int

    @property
    def imports(self) -> list[Path]:
        """The files that go through the import pipeline, in a sensible order."""
        return [self.pages, self.instagram, self.groups, self.advertisers, self.locations]


def build(directory: Path, *, seed: int = 2021) -> Reference:
    """Write the reference project's files into ``directory``, the same bytes for the same seed."""
    directory.mkdir(parents=True, exist_ok=True)
    accounts = read_accounts()
    known = Known(accounts, Published(), read_top_posts(), seed)
    every = lay_out(known, solve(known))
    made = _codings(every, seed)
    names = _names(accounts)
    paths, counts = {}, {}
    for surface in ("facebook_page", "facebook_group", "instagram"):
        paths[surface] = directory / exports.file_name(surface)
        counts[surface] = exports.write_export(paths[surface], every, surface, names, seed)
    advertisers, locations, lines = ads.write_ads(directory, accounts, seed)
    codings.write_codings(directory / codings.CODINGS_FILE, made, seed)
    return Reference(
        pages=paths["facebook_page"],
        groups=paths["facebook_group"],
        instagram=paths["instagram"],
        advertisers=advertisers,
        locations=locations,
        codings=directory / codings.CODINGS_FILE,
        page_posts=counts["facebook_page"],
        group_posts=counts["facebook_group"],
        instagram_posts=counts["instagram"],
        advertiser_lines=lines,
        coding_lines=len(made),
    )


def _codings(every: list[Posts], seed: int) -> list[codings.Coding]:
    """Decides what the coded posts are about, which their texts then say."""
    facebook = coverage.cover(every, "facebook_page", seed)
    instagram = coverage.cover(every, "instagram", seed)
    examples = read_examples()
    placed = coverage.place_examples(every, examples, seed)
    return [
        *codings.code_sample(facebook, "facebook_page", seed),
        *codings.code_examples(placed, examples),
        *codings.code_sample(instagram, "instagram", seed),
    ]


def _names(accounts: list[Account]) -> dict[str, Account]:
    """An account of each actor, for the names that are written in texts."""
    names: dict[str, Account] = {}
    for account in accounts:
        names.setdefault(account.actor, account)
    return names
