"""Every figure the report prints is true of the files that the builder writes.

The figures are computed anew by a small calculator, which knows the files and the report's method
and nothing of the builder.
"""

import collections
import datetime
import hashlib
import tomllib
from pathlib import Path

import pytest

from monitoring.reference.kyrgyzstan_2021.build import Reference
from tests.monitoring.reference.calculator import (
    FIGURES,
    answer,
    chosen,
    compute,
    final_codings,
    holds,
)
from tests.monitoring.reference.files import DATA, Post, Reading

MARKS = ("[калыбына келтирилген] ", "[реконструкция] ", "[reconstructed] ")

# The bytes of seed 2021, on every machine. Whoever changes the reference on purpose renews them.
DIGESTS = {
    "pages": "c0d48172ea8aceed",
    "groups": "000ebeb65c78e0eb",
    "instagram": "a20f8ce3ae540703",
    "advertisers": "db071df4e020769e",
    "locations": "b762bf04dafa0fd0",
    "codings": "e2b5efc5c3232ce2",
}


# -- the figures ------------------------------------------------------------------------------


def test_the_report_prints_551_figures() -> None:
    assert len(FIGURES) == 551


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_a_printed_figure_is_true_of_the_files(reading: Reading, figure: dict[str, str]) -> None:
    value = compute(reading, figure)
    shown = value if isinstance(value, str) else float(value)
    assert holds(value, figure), f"{shown} for {figure['value']} ({figure['precision']})"


def test_each_figure_follows_the_label_it_was_printed_under(reading: Reading) -> None:
    """The printed label, which CrowdTangle cuts at 16 characters, begins the account's name."""
    for figure in FIGURES.values():
        if figure["account"] and figure["period"] != "ad_library":
            (account,) = chosen(reading, figure)
            label = figure["account"].removesuffix(" (1)").removesuffix(" (2)")
            name = account.handle if account.surface == "instagram" else account.name
            cut = label.endswith("...")
            assert name.startswith(label.removesuffix("...")) if cut else name == label


def test_advertisers_lines_leave_room_for_the_countrys_sum(reading: Reading) -> None:
    sums = [line["Amount spent (USD)"] for line in reading.advertisers]
    low = sum(int(each) for each in sums if each != "≤100")
    total = sum(int(line["Amount spent (USD)"]) for line in reading.locations)
    assert low < total < low + 100 * sums.count("≤100")


# -- the files --------------------------------------------------------------------------------


def test_accounts_are_counted_as_in_the_report(reading: Reading) -> None:
    surfaces = collections.Counter(account.surface for account in reading.accounts)
    assert surfaces == {"facebook_page": 52, "facebook_group": 9, "instagram": 56}
    assert len({account.actor for account in reading.accounts}) == 67


def test_the_same_seed_gives_the_same_bytes_on_every_machine(reference: Reference) -> None:
    written = {
        name: hashlib.sha256(getattr(reference, name).read_bytes()).hexdigest()[:16]
        for name in DIGESTS
    }
    assert written == DIGESTS


def test_counts_of_the_result_are_those_of_the_files(
    reference: Reference, reading: Reading
) -> None:
    assert (reference.page_posts, reference.group_posts) == (20_913, 113_987)
    assert reference.instagram_posts == 9_379
    assert len(reading.posts) == 144_279
    assert reference.advertiser_lines == len(reading.advertisers)
    assert reference.coding_lines == len(reading.codings)


@pytest.mark.parametrize("name", ["pages", "groups", "instagram", "advertisers", "locations"])
def test_exports_begin_with_a_bom_and_have_no_carriage_returns(
    reference: Reference, name: str
) -> None:
    written: bytes = getattr(reference, name).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in written
    assert written.endswith(b"\n") == (name in ("pages", "groups", "instagram"))


def test_facebook_exports_have_the_31_columns_of_2020_sorted_by_interactions(
    reference: Reference,
) -> None:
    for path, first in ((reference.pages, "Page Name"), (reference.groups, "Group Name")):
        with path.open(encoding="utf-8-sig") as lines:
            header = lines.readline().rstrip("\n").split(",")
        assert len(header) == 31
        assert header[:5] == [first, "User Name", "Facebook Id", "Likes at Posting", "Created"]
        assert header[-1].startswith("Total Interactions (weighted  —  Likes 1x Shares 1x")


def test_totals_are_formatted_and_are_the_sum_of_their_parts(reading: Reading) -> None:
    before: dict[str, int] = {}
    for post in reading.posts:
        if post.account.surface != "instagram":
            assert post.row["Total Interactions"] == f"{post.interactions:,}"
        assert all(count >= 0 for count in post.counters.values())
        assert post.interactions <= before.get(post.account.surface, post.interactions)
        before[post.account.surface] = post.interactions


def test_posts_have_ids_of_their_own(reading: Reading) -> None:
    facebook = [p.native_id for p in reading.posts if p.account.surface != "instagram"]
    instagram = [p.native_id for p in reading.posts if p.account.surface == "instagram"]
    assert len(set(facebook)) == len(facebook)
    assert len(set(instagram)) == len(instagram)
    assert all(15 <= len(each) <= 16 and each.isdecimal() for each in facebook)
    assert all(len(each) == 11 for each in instagram)


def test_every_post_is_older_than_three_days_at_the_export(
    reference: Reference, reading: Reading
) -> None:
    for path in (reference.pages, reference.groups, reference.instagram):
        moment = datetime.datetime.strptime(path.name[:23], "%Y-%m-%d-%H-%M-%S-EST")  # noqa: DTZ007
        exported = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
        newest = max(post.moment for post in reading.posts)
        assert exported - newest > datetime.timedelta(days=3)


# -- the texts --------------------------------------------------------------------------------


def printed_texts() -> dict[str, str]:
    """The texts the report prints, and on whose account."""
    tops = tomllib.loads((DATA / "top_posts.toml").read_text(encoding="utf-8"))["posts"]
    examples = toml_examples()
    found = {top["text"]: top["actor"] for top in tops if "text" in top}
    return found | {example["text"]: "Japarov Sadyr (group)" for example in examples}


def toml_examples() -> list[dict]:
    path = DATA / "documented_examples.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["examples"]


def test_every_text_is_printed_in_the_report_or_marked_as_reconstructed(reading: Reading) -> None:
    unmarked = {p.text: p.account.actor for p in reading.posts if not p.text.startswith(MARKS)}
    assert unmarked == printed_texts()


def test_texts_vary(reading: Reading) -> None:
    lengths = [len(post.text) for post in reading.posts if post.text.startswith(MARKS)]
    assert min(lengths) >= 40
    assert max(lengths) <= 600
    assert len({post.text for post in reading.posts}) > 0.97 * len(reading.posts)


def test_a_media_post_coded_as_about_a_candidate_names_that_candidate(reading: Reading) -> None:
    texts = {post.native_id: post for post in reading.posts}
    aliases = {account.actor: account.aliases for account in reading.accounts}
    for (_, native_id), coding in final_codings(reading).items():
        post = texts[native_id]
        for actor, _ in coding["mentions"] if post.account.category == "media" else ():
            assert any(alias in post.text for alias in aliases[actor])


# -- the codings ------------------------------------------------------------------------------


def sample(reading: Reading, surface: str, category: str) -> list[Post]:
    mine = [
        post
        for post in reading.posts
        if (post.account.surface, post.account.category) == (surface, category)
    ]
    return sorted(mine, key=lambda p: (-p.interactions, p.moment, p.native_id))[:200]


def test_both_media_samples_are_coded_whole(reading: Reading) -> None:
    coded = {coding["native_id"] for coding in reading.codings}
    examples = {c["native_id"] for c in reading.codings if c["flags"]}
    media = {
        post.native_id
        for surface in ("facebook_page", "instagram")
        for post in sample(reading, surface, "media")
    }
    assert coded - examples == media


def test_only_the_documented_examples_carry_flags(reading: Reading) -> None:
    texts = {post.native_id: post.text for post in reading.posts}
    flagged = {
        texts[coding["native_id"]]: sorted(flag["flag"] for flag in coding["flags"])
        for coding in reading.codings
        if coding["flags"]
    }
    assert flagged == {each["text"]: sorted(each["flags"]) for each in toml_examples()}


def test_the_documented_examples_are_in_the_sample_of_groups(reading: Reading) -> None:
    sampled = {post.native_id for post in sample(reading, "facebook_group", "public_group")}
    assert {c["native_id"] for c in reading.codings if c["flags"]} <= sampled


def test_a_quarter_is_coded_twice_and_some_of_it_differently(reading: Reading) -> None:
    given: dict[str, list[dict]] = collections.defaultdict(list)
    for coding in reading.codings:
        if coding["kind"] == "coding" and not coding["flags"]:
            given[coding["native_id"]].append(coding)
    twice = [codings for codings in given.values() if len(codings) == 2]
    assert len(twice) == 100
    assert all({c["coder"] for c in each} == {"monitor-1", "monitor-2"} for each in twice)
    differing = [each for each in twice if answer(each[0]) != answer(each[1])]
    settled = {c["native_id"] for c in reading.codings if c["kind"] == "settlement"}
    assert len(differing) == 16
    assert sum(each[0]["native_id"] not in settled for each in differing) == 6
    assert {c["coder"] for c in reading.codings if c["kind"] == "settlement"} == {"lead"}


def test_every_coding_follows_the_codebook(reading: Reading) -> None:
    names = {account.actor for account in reading.accounts}
    topics = set(tomllib.loads((DATA / "vocabulary.toml").read_text(encoding="utf-8"))["topics"])
    for coding in reading.codings:
        assert coding["topics"]
        assert set(coding["topics"]) <= topics
        assert len({actor for actor, _ in coding["mentions"]}) == len(coding["mentions"])
        assert {actor for actor, _ in coding["mentions"]} <= names
        assert 12 <= coding["seconds"] <= 90


def test_files_name_no_path_of_the_machine(reference: Reference) -> None:
    for path in (*reference.imports, reference.codings):
        assert str(Path.home()).encode() not in path.read_bytes()
