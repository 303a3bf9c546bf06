"""Each export, with the header and the quirks of the real one, made small and invented."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from monitoring.importers import READERS
from monitoring.importers.mapping import Mapping
from monitoring.importers.problems import UnreadableFile
from tests.monitoring.exports import (
    HISTORY,
    INSTAGRAM_2021,
    PAGES_2020,
    PAGES_2021,
    as_csv,
    history,
    page_post,
)
from tests.monitoring.importers.files import csv_of, ndjson, read

# CrowdTangle's CSV ----------------------------------------------------------------------------


def group_post(**cells: Any) -> dict[str, Any]:
    post = page_post(
        778241080373878,
        **{
            "Facebook Id": "7.03E+14",
            "User Name": "",
            "Followers at Posting": "N/A",
            "Likes at Posting": 93910,
            "URL": "https://www.facebook.com/groups/703007927897194/permalink/778241080373878",
        },
    )
    return {"Group Name": "Баткен базары", **post, **cells}


GROUPS_2021 = ["Group Name", *PAGES_2021[1:]]


def test_a_file_sorted_by_overperforming_has_no_total_and_is_read(tmp_path: Path) -> None:
    header = [*PAGES_2020[:-2], "Overperforming Score"]
    row = page_post(
        1, Likes=481, Comments=30, Shares=20, Love=3, **{"Overperforming Score": "-6.2"}
    )
    found = read(as_csv(header, [row]), tmp_path)
    assert (found.source, found.rows[0].likes, found.bad) == ("crowdtangle-facebook", "481", [])


def test_the_weights_in_a_columns_name_are_the_users_own(tmp_path: Path) -> None:
    weighted = "Overperforming Score (weighted  —  Likes 1x Shares 3x Comments 2x Love 1x )"
    header = [*PAGES_2021[:-2], weighted]
    assert not read(as_csv(header, [page_post(1, Likes=7)]), tmp_path).bad


@pytest.mark.parametrize("printed", ["407,137", "407.137", "407 137", "407'137", "407137", "407.1"])
def test_a_total_in_any_locale_is_the_total(printed: str, tmp_path: Path) -> None:
    likes = 407_100 if printed == "407.1" else 407_137
    row = page_post(1, Likes=likes, **{"Total Interactions": printed})
    assert not read(as_csv(PAGES_2021, [row]), tmp_path).bad


def test_a_group_saved_by_a_spreadsheet_gets_its_id_back_from_the_address(tmp_path: Path) -> None:
    content = as_csv(GROUPS_2021, [group_post()]).replace(b"\n", b"\r\n")
    found = read(content, tmp_path)
    account = found.accounts[0]
    assert (account.kind, account.native_id) == ("group", "703007927897194")
    assert found.rows[0].followers == "93910"


def test_an_id_whose_last_digits_a_spreadsheet_made_zeros_is_that_of_the_address(
    tmp_path: Path,
) -> None:
    url = "https://www.facebook.com/100044573580122123/posts/1"
    row = page_post(1, URL=url, **{"Facebook Id": "100044573580122000"})
    other = page_post(2, URL=url, **{"Facebook Id": "100044573580999000"})
    accounts = read(as_csv(PAGES_2020, [row, other]), tmp_path).accounts
    assert [one.native_id for one in accounts] == ["100044573580122123", "100044573580999000"]


def test_an_id_that_a_spreadsheet_rounded_beyond_recovery_is_refused(tmp_path: Path) -> None:
    elsewhere = "https://www.facebook.com/groups/893007927897194/permalink/778241080373878"
    found = read(as_csv(GROUPS_2021, [group_post(URL=elsewhere)]), tmp_path)
    assert found.codes == [(2, "damaged_id")]
    assert found.bad[0].column == "Facebook Id"


def test_both_addresses_of_a_post_are_one_post(tmp_path: Path) -> None:
    rows = [
        page_post(605283387082078),
        page_post(1, URL="https://www.facebook.com/100000000000001/posts/605283387082078"),
        page_post(2, URL="https://www.facebook.com/story.php?story_fbid=605283387082078&id=1"),
    ]
    found = read(as_csv(PAGES_2020, rows), tmp_path)
    assert {row.native_id for row in found.rows} == {"605283387082078"}


def test_a_semicolon_or_a_tab_may_part_the_cells(tmp_path: Path) -> None:
    for delimiter in ";\t|":
        found = read(as_csv(PAGES_2020, [page_post(1)], delimiter=delimiter), tmp_path)
        assert (found.delimiter, len(found.rows)) == (delimiter, 1)


def test_views_of_hidden_instagram_counters_are_missing(tmp_path: Path) -> None:
    row = {
        "Account": "A",
        "User Name": "a",
        "Post Created": "2021-03-22 00:12:45 UTC",
        "Type": "Photo",
        "Total Interactions": 3,
        "Likes": 0,
        "Comments": 3,
        "Views": 0,
        "Like and View Counts Disabled": "true",
        "URL": "https://www.instagram.com/tv/CMs1GN-M82L/",
    }
    found = read(as_csv(INSTAGRAM_2021, [row]), tmp_path).rows[0]
    assert (found.likes, found.views, found.comments) == (None, None, "3")


# CrowdTangle's history of a post --------------------------------------------------------------


def test_a_posts_history_is_its_readings_and_describes_nothing(tmp_path: Path) -> None:
    readings = ("2021-01-05 16:40:00", 3), ("2021-01-05 17:10:00", 8)
    content = history(3758007754304128, *readings, Loves=2, Reactions=10)
    found = read(content, tmp_path)
    assert (found.source, found.codes) == ("crowdtangle-history", [(2, "total_mismatch")])
    (post,) = found.rows
    assert (post.native_id, post.type, post.text) == ("3758007754304128", "", "")
    assert post.published_at == "2021-01-05 16:00:00+00:00"
    assert post.observed_at == "2021-01-05 17:10:00+00:00"
    assert (post.likes, post.love, post.comments, post.shares) == ("8", "2", "8", "0")
    assert post.other_reactions is None
    assert found.accounts[0].handle == "ainura"


def test_a_history_is_in_its_own_zone_whatever_is_stated(tmp_path: Path) -> None:
    content = history(1, ("2021-01-05 16:40:00", 3))
    found = read(content, tmp_path, zone="Asia/Bishkek").rows[0]
    assert found.observed_at == "2021-01-05 16:40:00+00:00"


def test_the_views_of_a_history_are_those_of_an_export(tmp_path: Path) -> None:
    views: dict[str, Any] = {"Post Views": 5, "Total Views": 7, "Total Views for all Crossposts": 9}
    found = read(history(1, ("2021-01-05 16:40:00", 3), **views), tmp_path).rows[0]
    assert (found.views, found.views_total) == ("5", "9")
    views["Total Views for all Crossposts"] = "many"
    (bad,) = read(history(1, ("2021-01-05 16:40:00", 3), **views), tmp_path).bad
    assert (bad.code, bad.column) == ("bad_count", "Total Views for all Crossposts")


def test_a_row_of_another_post_is_not_put_down_to_the_one_in_the_header(tmp_path: Path) -> None:
    """Two histories that were put together by hand have the header of the second among the rows."""
    moment = ("2021-01-05 16:40:00", 3)
    one, other = (history(post, moment) for post in (111, 222))
    found = read(one + other.removeprefix(b"\xef\xbb\xbf"), tmp_path)
    assert [row.native_id for row in found.rows] == ["111"]
    assert found.codes == [(3, "bad_id"), (4, "other_post")]


def test_an_id_that_a_spreadsheet_rounded_is_that_of_the_header(tmp_path: Path) -> None:
    found = read(history(3758007754304128, ("2021-01-05 16:40:00", 3), ID="3.758E+15"), tmp_path)
    assert [row.native_id for row in found.rows] == ["3758007754304128"]


@pytest.mark.parametrize("address", [b"https://t.me/ainura/1", b"https://www.facebook.com/ainura"])
def test_a_history_whose_header_names_no_post_is_refused(address: bytes, tmp_path: Path) -> None:
    content = history(1, ("2021-01-05 16:40:00", 3))
    content = content.replace(b"https://www.facebook.com/ainura/posts/1", address)
    assert read(content, tmp_path).codes == [(2, "no_post_id")]


# CrowdTangle's API ----------------------------------------------------------------------------

API_POST: dict[str, Any] = {
    "platformId": "1584793948440088_2468424023410405",
    "platform": "Facebook",
    "date": "2020-12-31 20:58:43",
    "updated": "2021-10-23 05:56:26",
    "type": "live_video_complete",
    "message": "Шайлоо, the election\nof 10 January",
    "expandedLinks": [{"original": "https://a.example", "expanded": "https://b.example"}],
    "link": "https://a.example",
    "postUrl": "https://www.facebook.com/groups/1584793948440088/permalink/2468424023410405",
    "subscriberCount": 28104,
    "score": -0.833333333333333,
    "statistics": {
        "actual": {"likeCount": 5, "shareCount": 1, "commentCount": 3, "loveCount": 2},
        "expected": {"likeCount": 50},
    },
    "account": {
        "id": 12889510,
        "name": "A group",
        "platformId": "1584793948440088",
        "accountType": "facebook_group",
        "verified": False,
    },
    "id": "12889510|2468424023410405",
}


def envelope(*posts: dict[str, Any]) -> dict[str, Any]:
    return {"status": 200, "result": {"posts": list(posts), "pagination": {"nextPage": "x"}}}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(envelope(API_POST)).encode(),
        json.dumps(envelope(API_POST), indent=2, ensure_ascii=False).encode(),
        json.dumps([API_POST], ensure_ascii=False).encode("utf-16"),
        ndjson(API_POST),
        b"\xef\xbb\xbf" + ndjson(envelope(API_POST)),
    ],
    ids=["answer", "indented", "list in UTF-16", "lines", "answers, one a line"],
)
def test_an_answer_of_crowdtangles_api_is_read_however_it_was_kept(
    content: bytes, tmp_path: Path
) -> None:
    found = read(content, tmp_path, name="posts.json")
    post, account = found.rows[0], found.accounts[0]
    assert (found.source, found.encoding) == ("crowdtangle-api", "json")
    assert (post.native_id, post.published_at) == ("2468424023410405", "2020-12-31 20:58:43+00:00")
    assert (post.likes, post.love, post.comments, post.shares, post.wow) == (
        "5",
        "2",
        "3",
        "1",
        None,
    )
    assert (post.type, post.followers) == ("Live Video Complete", "28104")
    assert post.text == API_POST["message"]
    assert (account.kind, account.native_id) == ("group", "1584793948440088")


def test_the_api_as_r_flattens_it_is_the_same(tmp_path: Path) -> None:
    header = (
        ",platformId,platform,date,type,message,postUrl,subscriberCount,"
        "statistics.actual.likeCount,statistics.actual.commentCount,account.name,account.platformId"
    )
    line = (
        "1,158_246,Facebook,2020-01-21 16:58:43,link,NA,https://www.facebook.com/158/posts/246,5,"
        '"    0","   12",A page,158'
    )
    post = read(csv_of(header, line), tmp_path).rows[0]
    assert (post.native_id, post.likes, post.comments, post.shares) == ("246", "0", "12", None)


def test_an_account_without_a_handle_has_none_in_what_r_flattens(tmp_path: Path) -> None:
    header = (
        ",platformId,date,type,postUrl,statistics.actual.likeCount,account.handle,account.name,"
        "account.platformId,account.accountType"
    )
    lines = (
        f"{group},{group}_1,2020-01-21 16:58:43,NA,https://www.facebook.com/groups/{group}"
        f"/permalink/1{group},0,NA,Group {group},{group},facebook_group"
        for group in (158, 159)
    )
    found = read(csv_of(header, *lines), tmp_path)
    assert [(one.native_id, one.handle) for one in found.accounts] == [("158", ""), ("159", "")]
    assert found.rows[0].type == ""


@pytest.mark.parametrize("messages", [[], [{**API_POST, "message": "Text"}]])
def test_the_text_of_a_post_is_its_own_and_not_that_of_its_link(
    messages: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Whatever other posts of the answer have: keys are left out where they are empty."""
    link = {key: value for key, value in API_POST.items() if key != "message"}
    link |= {"description": "Of the link"}
    photo = {
        **link,
        "postUrl": "https://www.instagram.com/p/CMs1GN-M82L/",
        "platform": "Instagram",
        "description": "Below the picture",
    }
    rows = read(ndjson(link, photo, *messages), tmp_path).rows
    assert [(row.text, row.link_description) for row in rows[:2]] == [
        ("", "Of the link"),
        ("Below the picture", ""),
    ]


def test_instagram_posts_of_the_api_have_the_code_of_their_address(tmp_path: Path) -> None:
    post = {
        "platformId": "2534_17841",
        "platform": "Instagram",
        "date": "2021-03-22 00:12:45",
        "type": "photo",
        "postUrl": "https://www.instagram.com/p/CMs1GN-M82L/",
        "statistics": {"actual": {"favoriteCount": 1120, "commentCount": 28}},
        "account": {"handle": "rds", "name": "RDS", "platformId": "17841"},
    }
    found = read(ndjson(post), tmp_path)
    assert (found.rows[0].native_id, found.rows[0].likes) == ("CMs1GN-M82L", "1120")
    # The CSV knows accounts by their handle, and has no ids.
    assert (found.accounts[0].native_id, found.accounts[0].handle) == ("", "rds")


# Meta Content Library -------------------------------------------------------------------------

MCL_FACEBOOK = (
    "activities,content_type,creation_time,id,is_branded_content,lang,link_attachment.link,"
    "match_type,mcl_url,modified_time,multimedia,post_owner.type,post_owner.id,post_owner.name,"
    "post_owner.username,statistics.angry_count,statistics.care_count,statistics.comment_count,"
    "statistics.haha_count,statistics.like_count,statistics.love_count,statistics.reaction_count,"
    "statistics.sad_count,statistics.share_count,statistics.views,statistics.wow_count,"
    "surface.type,surface.id,surface.name,surface.username,text"
)


def test_reactions_of_the_content_library_include_the_likes(tmp_path: Path) -> None:
    line = (
        ",photo,2025-01-05T11:00:00+00:00,1234567890123456789,false,ky,,POST,https://mcl.example,,,"
        "page,99,A page,apage,0,0,7,1,50,4,60,2,3,,1,page,99,A page,apage,Text"
    )
    found = read(csv_of(MCL_FACEBOOK, line), tmp_path)
    post = found.rows[0]
    reactions = [post.likes, post.love, post.wow, post.haha, post.sad, post.angry, post.care]
    assert sum(int(part) for part in [*reactions, post.other_reactions]) == 60
    assert (post.comments, post.shares, post.views) == ("7", "3", None)
    # Its ids are none of Facebook's: they must never meet those of CrowdTangle.
    assert (found.source, post.native_id) == ("content-library", "mcl:1234567890123456789")


def test_columns_of_the_content_library_may_stand_in_any_order(tmp_path: Path) -> None:
    names = MCL_FACEBOOK.split(",")
    cells = dict.fromkeys(names, "") | {
        "id": "1",
        "creation_time": "2025-01-05T11:00:00+00:00",
        "post_owner.name": "A member",
        "post_owner.type": "profile",
        "surface.type": "group",
        "surface.id": "77",
        "surface.name": "The group",
        "statistics.reaction_count": "5",
        "statistics.comment_count": "0",
    }
    order = sorted(names, reverse=True)
    content = csv_of(",".join(order), ",".join(cells[name] for name in order))
    found = read(content, tmp_path)
    assert (found.accounts[0].kind, found.accounts[0].native_id) == ("group", "mcl:77")
    assert found.rows[0].other_reactions == "5"


@pytest.mark.parametrize(
    ("ids", "is_whole"),
    [
        (["1234567890123450000", "1234567890123560000"], False),
        (["1234567890123450000", "1234567890123456789"], True),
        (["1234567890123450"] * 5, True),  # one in ten ends so
        (["123456789012345"] * 5, True),
    ],
)
def test_ids_that_a_spreadsheet_cut_would_merge_posts_and_are_refused(
    ids: list[str], is_whole: bool, tmp_path: Path
) -> None:
    lines = [
        f",photo,2025-01-05T11:00:00+00:00,{one},false,ky,,POST,https://mcl.example,,,"
        "page,99,A page,apage,0,0,7,1,50,4,60,2,3,,1,page,99,A page,apage,Text"
        for one in ids
    ]
    content = csv_of(MCL_FACEBOOK, *lines)
    if is_whole:
        assert len(read(content, tmp_path).rows) == len(ids)
    else:
        with pytest.raises(UnreadableFile, match="15 digits"):
            read(content, tmp_path)


def test_instagram_of_the_content_library_has_likes_and_comments(tmp_path: Path) -> None:
    header = (
        "content_type,creation_time,hashtags,id,lang,match_type,mcl_url,post_owner.type,"
        "post_owner.id,post_owner.name,post_owner.username,statistics.comment_count,"
        "statistics.like_count,statistics.views,text"
    )
    line = "album,2025-01-05T11:00:00+00:00,[],9,ky,POST,https://x,business,5,A,a.kg,2,30,,Text"
    found = read(csv_of(header, line), tmp_path)
    post = found.rows[0]
    assert found.accounts[0].platform == "instagram"
    assert (post.likes, post.comments, post.views, post.shares) == ("30", "2", None, None)


# Ad Library -----------------------------------------------------------------------------------

REPORT = "FacebookAdLibraryReport_2025-07-10_KZ_last_30_days_advertisers.csv"


@pytest.mark.parametrize("currency", ["USD", "EUR", "HUF", "CHF", "KES", "ARS", "THB"])
def test_an_ad_report_keeps_its_currency_and_its_bounds(currency: str, tmp_path: Path) -> None:
    content = csv_of(
        f"\ufeffPage ID,Page name,Disclaimer,Amount spent ({currency}),Number of ads in Library",
        '101359058281443,Gosplanerka.kz,"ТОО ""RANKING.KZ""",573,48',
        "100674281309643,NV Jacky Chan,These ads ran without a disclaimer,≤100,5",
        "0,Instagram User 17841,a,101,1",
    )
    rows = read(content, tmp_path, name=REPORT).rows
    assert [(row.spend_lower, row.spend_upper) for row in rows] == [
        (573, 573),
        (0, 100),
        (101, 101),
    ]
    assert {row.currency for row in rows} == {currency}
    assert (rows[2].page_id, rows[2].page_name) == ("0", "Instagram User 17841")
    assert rows[0].covers_from.isoformat() == "2025-06-11"


def test_the_layout_of_2019_has_no_page_id_and_bare_quotes(tmp_path: Path) -> None:
    content = csv_of(
        "Page Name,Disclaimer,Amount Spent,Number of Ads in Library",
        'Команда,ГО "Команда",79324,1877',
    )
    name = "FacebookAdLibraryReport_2019-03-31_UA_lifelong_advertisers.csv"
    row = read(content, tmp_path, name=name).rows[0]
    assert (row.disclaimer, row.spend_lower, row.currency) == ('ГО "Команда"', 79324, "")


@pytest.mark.parametrize("bound", ["≤100", "<= 100", "=100", "?100"])
def test_a_bound_is_kept_through_windows_1251_which_has_no_sign_for_it(
    bound: str, tmp_path: Path
) -> None:
    content = csv_of("Page ID,Page name,Disclaimer,Amount spent (USD)", f"1,Партия,a,{bound}")
    name = "FacebookAdLibraryReport_2025-07-10_KZ_last_30_days_Almaty Region.xlsx"
    row = read(content, tmp_path, name=name).rows[0]
    assert (row.spend_lower, row.spend_upper) == (0, 100)
    assert (row.kind, row.location) == ("region", "Almaty Region")


AD: dict[str, Any] = {
    "id": "679808276335343",
    "ad_creation_time": "2021-12-07",
    "ad_creative_bodies": ["One\n\ntext", "Another"],
    "ad_delivery_start_time": "2021-12-08",
    "ad_delivery_stop_time": "2021-12-20",
    "ad_snapshot_url": "https://www.facebook.com/ads/archive/render_ad/?id=6&access_token=EAAsecret9",
    "bylines": "A party",
    "currency": "USD",
    "page_id": "123",
    "page_name": "A page",
    "publisher_platforms": ["facebook", "instagram"],
    "spend": {"lower_bound": "100", "upper_bound": "199"},
    "impressions": {"lower_bound": "1000001"},
}


def test_spend_and_impressions_of_an_ad_stay_intervals(tmp_path: Path) -> None:
    content = json.dumps({"data": [AD], "paging": {"cursors": {}}}).encode()
    found = read(content, tmp_path, name="ads.json")
    ad = found.rows[0]
    assert (found.source, ad.native_id, ad.text) == (
        "ad-library-api",
        "679808276335343",
        "One\n\ntext\n\nAnother",
    )
    assert (ad.spend_lower, ad.spend_upper) == (100, 199)
    assert (ad.impressions_lower, ad.impressions_upper) == (1_000_001, None)
    assert ad.platforms == ("facebook", "instagram")


def test_the_flat_form_of_an_ad_is_the_same_ad(tmp_path: Path) -> None:
    header = (
        "id,ad_creation_time,ad_creative_bodies,ad_delivery_start_time,ad_snapshot_url,bylines,"
        "currency,page_id,page_name,publisher_platforms,impressions_lower,impressions_upper,"
        "spend_lower,spend_upper,ad_delivery_stop_time,female_18-24"
    )
    line = (
        "679808276335343,2021-12-07,Text,2021-12-08,https://x.example/?access_token=EAAsecret9,"
        'A party,USD,123,A page,"facebook,instagram",1000001,,100,199,2021-12-20,0.2'
    )
    ad = read(csv_of(header, line), tmp_path).rows[0]
    assert (ad.spend_lower, ad.spend_upper, ad.impressions_upper) == (100, 199, None)
    assert ad.platforms == ("facebook", "instagram")


def test_a_rounded_id_of_an_ad_is_refused(tmp_path: Path) -> None:
    found = read(ndjson({**AD, "id": "1.70585E+15"}), tmp_path)
    assert found.codes == [(1, "damaged_id")]


# Zeeschuimer ----------------------------------------------------------------------------------


def seen(platform: str, **data: Any) -> dict[str, Any]:
    return {
        "nav_index": "1:2",
        "item_id": "1",
        "timestamp_collected": 1_767_800_000_000,
        "source_platform": platform,
        "source_platform_url": f"https://www.{platform}/a",
        "source_url": "https://api.example",
        "user_agent": "x",
        "data": data,
    }


def test_zeeschuimer_has_seen_posts_of_four_platforms(tmp_path: Path) -> None:
    user = {"username": "a.kg", "full_name": "A", "pk": "5"}
    x_user = {"result": {"rest_id": "7", "legacy": {"screen_name": "a", "followers_count": 9}}}
    items = [
        seen(
            "instagram.com",
            code="CMs1",
            taken_at=1_767_700_000,
            user=user,
            caption={"text": "One"},
            like_count=5,
            comment_count=2,
        ),
        seen(
            "tiktok.com",
            id="71234567890",
            desc="Two",
            createTime=1_767_700_000,
            author={"uniqueId": "b", "id": "8", "nickname": "B"},
            stats={"diggCount": 1, "commentCount": 2, "shareCount": 3, "playCount": 4},
        ),
        seen(
            "twitter.com",
            rest_id="1850",
            core={"user_results": x_user},
            legacy={
                "created_at": "Tue Jan 06 11:46:40 +0000 2026",
                "full_text": "Three",
                "favorite_count": 1,
                "reply_count": 2,
                "retweet_count": 3,
                "quote_count": 4,
            },
            views={"count": "99"},
        ),
        seen(
            "threads.net",
            code="DAbc",
            taken_at=1_767_700_000,
            user=user,
            caption={"text": "Four"},
            like_count=6,
            text_post_app_info={"direct_reply_count": 1, "repost_count": 2},
        ),
        seen("9gag.com", id="x"),
    ]
    found = read(ndjson(*items), tmp_path, name="capture.ndjson")
    assert [account.platform for account in found.accounts] == [
        "instagram",
        "tiktok",
        "x",
        "threads",
    ]
    assert [row.text for row in found.rows] == ["One", "Two", "Three", "Four"]
    assert [row.shares for row in found.rows] == [None, "3", "7", "2"]
    assert [row.views for row in found.rows] == [None, "4", "99", None]
    assert {row.published_at for row in found.rows} == {"2026-01-06 11:46:40+00:00"}
    assert {row.observed_at for row in found.rows} == {"2026-01-07 15:33:20+00:00"}
    assert found.codes == [(5, "unknown_platform")]


# Tools that print addresses -------------------------------------------------------------------


def test_junkipedia(tmp_path: Path) -> None:
    content = csv_of(
        "PostId,ChannelName,Platform,published_at,post_body_text,PostUrl,ViewsCount,LikesCount,"
        "SharesCount,CommentsCount",
        "1,A channel,TikTok,2026-01-07T18:27:00Z,Text,https://www.tiktok.com/@a/video/71,100,5,2,1",
        "2,B,Telegram,2026-01-07 18:27:00 UTC,Text,https://t.me/BChannel/12,100,5,2,1",
    )
    found = read(content, tmp_path)
    assert [row.native_id for row in found.rows] == ["71", "bchannel/12"]
    assert [account.handle for account in found.accounts] == ["a", "BChannel"]
    # Telegram has reactions and no likes.
    assert [(row.likes, row.shares) for row in found.rows] == [("5", "2"), (None, "2")]


def test_4cat(tmp_path: Path) -> None:
    facebook = csv_of(
        "id,url,body,timestamp,author,author_name,image_url,video_url,is_in_group,group_name,"
        "unix_timestamp",
        "1,https://www.facebook.com/a/posts/11,Text,2026-01-07 18:27:00,a,A,,,no,,1767810420",
        "2,https://www.facebook.com/groups/77/permalink/12,T,,b,B,,,yes,G,1767810420",
    )
    found = read(facebook, tmp_path)
    assert [(row.native_id, row.likes) for row in found.rows] == [("11", None), ("12", None)]
    assert [(a.kind, a.handle or a.native_id, a.name) for a in found.accounts] == [
        ("page", "a", "A"),
        ("group", "77", "G"),
    ]
    instagram = csv_of(
        "id,thread_id,parent_id,url,body,author,author_fullname,num_likes,num_comments,"
        "unix_timestamp",
        "5,5,5,https://www.instagram.com/p/CMs1/,Text,a.kg,A,10,2,1767810420",
    )
    found = read(instagram, tmp_path)
    assert (found.source, found.rows[0].native_id, found.rows[0].likes) == (
        "4cat-instagram",
        "CMs1",
        "10",
    )


def test_open_measures(tmp_path: Path) -> None:
    kibana = csv_of(
        'date,message,channelusername,url,channeltitle,views,forwards,postauthor,"fwdfrom.from_name"',
        '"Mar 20, 2026 @ 19:50:57.000","Two\nlines",achan,https://t.me/achan/5,A,"7,038",12,-,-',
        '"Mar 20, 2026 @ 19:50:57.000",-,achan,https://t.me/achan/6,A,-,-,-,-',
    )
    with pytest.raises(UnreadableFile, match="zone"):
        read(kibana, tmp_path)
    found = read(kibana, tmp_path, zone="Asia/Bishkek")
    assert [(row.views, row.shares, row.text) for row in found.rows] == [
        ("7038", "12", "Two\nlines"),
        (None, None, ""),
    ]
    assert found.rows[0].published_at == "2026-03-20 19:50:57+06:00"
    normalised = csv_of(
        "id,created_at,text,url,openmeasures_metadata_source_endpoint,engagement_likes,"
        "engagement_reshares,engagement_replies,engagement_views,context_name,actor_username",
        "9,2026-03-20T19:50:57,Text,https://vk.com/wall-12_34,vk,3,2,1,50,A group,",
    )
    found = read(normalised, tmp_path)
    assert (found.rows[0].native_id, found.accounts[0].native_id) == ("-12_34", "-12")


def test_meltwater_is_utf_16_with_tabs_though_it_is_named_csv(tmp_path: Path) -> None:
    lines = [
        "Date\tHeadline\tURL\tOpening Text\tHit Sentence\tSource\tInfluencer\tCountry\tViews\tLikes"
        "\tReplies\tRetweets\tComments\tShares\tReactions\tDocument ID",
        "07-Jan-2026 06:27PM\t\thttps://x.com/a/status/1850\tA post\t\tX\t@a\tKG"
        "\t90\t5\t1\t2\t\t\t\td1",
        "07-Jan-2026 06:27PM\tNews\thttps://24.kg/news/1/?utm_source=x\tBody\t\t24.kg\tReporter\tKG"
        "\t\t\t\t\t\t\t\td2",
    ]
    content = "\n".join(lines).encode("utf-16")
    found = read(content, tmp_path, zone="Asia/Bishkek")
    assert (found.source, found.encoding, found.delimiter) == ("meltwater", "utf-16", "\t")
    assert [account.handle for account in found.accounts] == ["a", "24.kg"]
    assert found.rows[0].published_at == "2026-01-07 18:27:00+06:00"
    assert (found.rows[0].likes, found.rows[1].likes) == ("5", None)
    assert found.rows[1].text == "News\n\nBody"
    assert len(found.rows[1].native_id) == 64


def test_brandwatch_has_lines_above_its_header(tmp_path: Path) -> None:
    content = csv_of(
        '\ufeff"Report:","Bulk Mentions Download"',
        '"Brand:","Election"',
        '"From:","Mon Jan 05 00:00:00 UTC 2026"',
        '"To:","Tue Jan 06 00:00:00 UTC 2026"',
        '"Label:",""',
        "",
        '"Query Id","Query Name","Date","Title","Snippet","Url","Author","X Likes"',
        '"1","q","2026-01-05 10:00:00.0","T","Text","https://x.com/a/status/5","a","7"',
        '"1","q","yesterday","T","Text","https://x.com/a/status/6","a","7"',
    )
    found = read(content, tmp_path, zone="Asia/Bishkek")
    assert (found.source, found.rows[0].native_id, found.rows[0].likes) == ("brandwatch", "5", "7")
    assert found.codes == [(9, "bad_time")]


# Workbooks ------------------------------------------------------------------------------------


def workbook(header: list[str], rows: list[list[Any]], *more: list[list[Any]]) -> bytes:
    """A workbook with a table in its first sheet, and other sheets as they are given."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for rows_of_sheet in ([header, *rows], *more):
            sheet = book.add_worksheet()
            for number, row in enumerate(rows_of_sheet):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
    return content.getvalue()


TITLES = [["Отчёт:", "выборы"], ["Дата выгрузки", "", "01.02.2021"], []]


def test_what_stands_above_the_table_of_a_workbook_is_no_header(tmp_path: Path) -> None:
    cells = [[page_post(1).get(name, "") for name in PAGES_2020]]
    found = read(workbook(TITLES[0], [*TITLES[1:], PAGES_2020, *cells, []]), tmp_path)
    assert (found.source, len(found.rows)) == ("crowdtangle-facebook", 1)


def test_a_preamble_that_a_spreadsheet_made_as_wide_as_the_table_is_no_header(
    tmp_path: Path,
) -> None:
    lines = [";".join([*cells, *[""] * (len(PAGES_2020) - len(cells))]) for cells in TITLES]
    above = "\r\n".join([*lines, ""]).encode()
    found = read(above + as_csv(PAGES_2020, [page_post(1)], delimiter=";")[3:], tmp_path)
    assert (found.source, len(found.rows), found.delimiter) == ("crowdtangle-facebook", 1, ";")
    broken = as_csv(PAGES_2020, [page_post(1, Created="never")], delimiter=";")[3:]
    assert read(above + broken, tmp_path).codes == [(5, "bad_time")]


def test_a_short_header_above_wide_rows_stays_the_header(tmp_path: Path) -> None:
    content = csv_of("date,url,,,,", "2026-01-07T00:00Z,https://t.me/a/1,x,1,2,3")
    mapping = Mapping({"published": "date", "url": "url"})
    assert len(read(content, tmp_path, mapping=mapping).rows) == 1


def test_a_workbook_is_read_like_the_csv_it_was(tmp_path: Path) -> None:
    rows = [page_post(1, Likes=5), page_post(2, Created="never"), page_post(3)]
    cells = [[row.get(name, "") for name in PAGES_2020] for row in rows]
    found = read(workbook(PAGES_2020, cells), tmp_path, name="export.xlsx")
    assert (found.source, found.encoding) == ("crowdtangle-facebook", "xlsx")
    assert [row.native_id for row in found.rows] == ["1", "3"]
    assert found.codes == [(3, "bad_time")]


def test_an_id_that_a_workbook_holds_as_a_number_is_refused(tmp_path: Path) -> None:
    row = page_post(1)
    row["Facebook Id"] = 1_000_000_000_000_000_789
    cells = [row.get(name, "") for name in PAGES_2020]
    found = read(workbook(PAGES_2020, [cells]), tmp_path)
    assert found.codes == [(2, "damaged_id")]


def test_an_open_document_is_read(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [PAGES_2020, [str(page_post(1).get(name, "")) for name in PAGES_2020]]
    rows = "".join(
        f"<table:table-row>{''.join(cell.format(text) for text in line)}</table:table-row>"
        for line in lines
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    found = read(content.getvalue(), tmp_path, name="export.ods")
    assert (found.encoding, [row.native_id for row in found.rows]) == ("ods", ["1"])


# All of them ----------------------------------------------------------------------------------


def test_no_header_is_taken_for_that_of_two_formats() -> None:
    headers = (PAGES_2020, PAGES_2021, GROUPS_2021, INSTAGRAM_2021, HISTORY)
    for header in (*headers, MCL_FACEBOOK.split(",")):
        assert sum(reader.recognises(header) for reader in READERS.values()) == 1
