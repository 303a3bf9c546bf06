"""What an import does to a project: nothing lost, nothing doubled, every row accounted for."""

import datetime
import itertools
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from monitoring.importers.mapping import Mapping
from monitoring.models import (
    Account,
    Actor,
    DailyLanguage,
    DailyTotal,
    Import,
    Observation,
    Post,
    Project,
    RejectedRow,
)
from monitoring.services.actors import import_actors
from monitoring.services.examining import Stated
from monitoring.services.imports import SentFile, UnreadableFile, open_import
from monitoring.services.ledger import work
from monitoring.services.loading import rebuild_daily_totals
from monitoring.services.projects import create_project
from tests.monitoring.exports import (
    INSTAGRAM_2021,
    PAGES_2020,
    PAGES_2021,
    STABLE,
    as_csv,
    page_post,
)
from tests.monitoring.importers.files import csv_of, ndjson
from tests.monitoring.importers.test_formats import API_POST

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2021, 2, 1, tzinfo=datetime.UTC)
ACTORS = (
    "actor,category,platform,kind,handle,native_id,display_name,url,aliases\n"
    "Asanova Ainura,candidate,facebook,page,ainura,100000000000001,Айнура Асанова,,Айнура Асанова\n"
    "Asanova Ainura,candidate,instagram,profile,ainura.kg,,ainura.kg,,\n"
)


def make_project(slug: str = "mission") -> Project:
    project = create_project(
        slug=slug,
        name="Mission",
        country="Kyrgyzstan",
        timezone="Asia/Bishkek",
        start=datetime.date(2020, 11, 19),
        end=datetime.date(2021, 1, 9),
    )
    import_actors(project=project, chunks=[ACTORS.encode()])
    return project


def take_in(
    project: Project,
    content: bytes,
    *,
    name: str = STABLE,
    chunk_bytes: int | None = None,
    **stated: Any,
) -> Import:
    opened = open_import(
        project=project,
        file=SentFile(name, [content]),
        received_at=NOW,
        stated=Stated(**stated),
    )
    pk = opened.source_import.pk
    while work(project_id=project.pk, import_id=pk, seconds=60, chunk_bytes=chunk_bytes):
        pass
    return Import.objects.of(project).get(pk=pk)


def counts(one: Import) -> tuple[int, int, int, int, int]:
    return (
        one.rows_created,
        one.rows_updated,
        one.rows_unchanged,
        one.rows_rejected,
        one.rows_waiting,
    )


def everything(project: Project) -> list[Any]:
    """All that imports leave in a project, without the ids."""
    return [
        list(
            Post.objects.of(project)
            .order_by("native_id")
            .values_list("native_id", "text", "interactions", "counted_at", "is_provisional")
        ),
        list(
            Observation.objects.filter(post__project=project)
            .order_by("post__native_id", "observed_at")
            .values_list("post__native_id", "observed_at", "likes", "comments")
        ),
        totals(project),
    ]


def totals(project: Project) -> list[Any]:
    found = list(
        DailyTotal.objects.filter(account__project=project, posts__gt=0)
        .order_by("account__name", "day", "type")
        .values_list("account__name", "day", "type", "posts", "interactions", "likes", "rate_sum")
    )
    assert languages_of_days(project) == languages_of_posts(project)
    return [*found, *languages_of_days(project)]


def languages_of_days(project: Project) -> list[Any]:
    """As they are stored for charts."""
    return list(
        DailyLanguage.objects.filter(account__project=project, posts__gt=0)
        .order_by("account__name", "day", "language")
        .values_list(
            "account__name", "day", "language", "posts", "interactions", "provisional_posts"
        )
    )


def languages_of_posts(project: Project) -> list[Any]:
    """The same, asked of the posts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account.name, (published_at AT TIME ZONE %s)::date AS day, post.language,
                count(*), sum(interactions)::bigint, sum(is_provisional::int)
            FROM monitoring_post AS post JOIN monitoring_account AS account
                ON account.id = account_id
            WHERE post.project_id = %s
            GROUP BY account.id, day, post.language ORDER BY account.name, day, post.language
            """,
            [project.timezone, project.pk],
        )
        return cursor.fetchall()


# Posts ----------------------------------------------------------------------------------------


def test_posts_come_in_with_their_counters_and_belong_to_their_actor(project: Project) -> None:
    rows = [page_post(1, Likes=10, Love=2, Comments=3, Shares=4), page_post(2)]
    done = take_in(project, as_csv(PAGES_2020, rows))
    assert (done.state, counts(done)) == ("done", (2, 0, 0, 0, 0))
    post = Post.objects.of(project).get(native_id="1")
    assert (post.reactions, post.interactions) == (12, 19)
    assert post.account.actor.name == "Asanova Ainura"


def test_a_post_late_in_new_york_belongs_to_the_next_day_in_bishkek(project: Project) -> None:
    take_in(project, as_csv(PAGES_2020, [page_post(1, Created="2021-01-05 23:30:00 EST")]))
    assert totals(project)[0][1] == datetime.date(2021, 1, 6)


def test_a_file_read_on_both_sides_of_the_change_of_clocks_is_read_right(project: Project) -> None:
    rows = [
        page_post(1, Created="2020-10-31 12:00:00 EDT"),
        page_post(2, Created="2020-11-02 12:00:00 EST"),
    ]
    take_in(project, as_csv(PAGES_2020, rows))
    hours = Post.objects.of(project).order_by("native_id").values_list("published_at", flat=True)
    assert [moment.hour for moment in hours] == [16, 17]


def test_the_layout_of_2021_is_read_by_name_and_not_by_place(project: Project) -> None:
    row = page_post(7, Likes=1200, Shares=34, **{"Page Description": "One\nline, and another"})
    take_in(project, as_csv(PAGES_2021, [row]))
    post = Post.objects.of(project).get()
    assert (post.interactions, post.followers) == (1234, 5100)


def test_a_hidden_like_counter_is_missing_and_not_zero(project: Project) -> None:
    row = {
        "Account": "ainura.kg",
        "User Name": "ainura.kg",
        "Followers at Posting": 900,
        "Post Created": "2021-01-05 11:00:00 EST",
        "Type": "Photo",
        "Total Interactions": "7",
        "Likes": 0,
        "Comments": 7,
        "Views": 0,
        "Like and View Counts Disabled": "true",
        "URL": "https://www.instagram.com/p/CMs1GN-M82L/",
    }
    take_in(project, as_csv(INSTAGRAM_2021, [row]))
    post = Post.objects.of(project).get()
    assert (post.native_id, post.likes, post.interactions) == ("CMs1GN-M82L", None, 7)


def test_the_same_file_again_changes_nothing_and_is_recognised(project: Project) -> None:
    content = as_csv(PAGES_2020, [page_post(number, Likes=number) for number in range(20)])
    first = take_in(project, content)
    before = everything(project)
    again = take_in(project, content)
    assert counts(again) == (0, 0, 20, 0, 0)
    assert again.repeats == first
    assert everything(project) == before


def test_a_newer_export_updates_what_changed_and_nothing_disappears(project: Project) -> None:
    take_in(project, as_csv(PAGES_2020, [page_post(1, Likes=1), page_post(2, Likes=2)]))
    newer = as_csv(PAGES_2020, [page_post(1, Likes=1, Message="Mended text"), page_post(3)])
    done = take_in(project, newer, name="2021-01-20-09-15-00-EST-Historical-Report.csv")
    assert counts(done) == (1, 1, 0, 0, 0)
    assert Post.objects.of(project).count() == 3
    assert Post.objects.of(project).get(native_id="1").text == "Mended text"


def test_reported_are_the_counters_of_the_first_reading_after_three_days(project: Project) -> None:
    # Published on the 5th; read after one day, after five, and after ten, when some had fallen.
    readings = {"2021-01-06": 10, "2021-01-10": 50, "2021-01-15": 45}
    files = [
        (f"{day}-11-00-00-EST-x.csv", as_csv(PAGES_2020, [page_post(1, Likes=likes)]))
        for day, likes in readings.items()
    ]
    for place, order in enumerate(itertools.permutations(files)):
        own = make_project(f"order-{place}")
        for name, content in order:
            take_in(own, content, name=name)
        post = Post.objects.of(own).get()
        assert (post.likes, post.is_provisional) == (50, False)
        assert list(post.observations.values_list("likes", flat=True)) == [10, 50, 45]
        assert totals(own)[0][3:6] == (1, 50, 50)


def test_a_post_read_too_early_is_provisional(project: Project) -> None:
    take_in(
        project,
        as_csv(PAGES_2020, [page_post(1, Likes=10)]),
        name="2021-01-06-11-00-00-EST-x.csv",
    )
    assert Post.objects.of(project).get().is_provisional
    assert DailyTotal.objects.get(account__project=project).provisional_posts == 1


def test_a_project_may_report_the_latest_reading_instead(project: Project) -> None:
    Project.objects.update(counters_rule="latest")
    for day, likes in (("2021-01-20", 45), ("2021-01-10", 50)):
        content = as_csv(PAGES_2020, [page_post(1, Likes=likes)])
        take_in(project, content, name=f"{day}-11-00-00-EST-x.csv")
    assert Post.objects.of(project).get().likes == 45


@examples(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    posts=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 50)), min_size=1, max_size=12),
    chunk_bytes=st.integers(200, 4000),
)
def test_any_size_of_chunks_gives_the_same_database(
    db: None, posts: list[tuple[int, int]], chunk_bytes: int
) -> None:
    content = as_csv(
        PAGES_2020,
        [
            page_post(native_id, Likes=likes, Message='With "quotes",\nlines')
            for native_id, likes in posts
        ],
    )
    with transaction.atomic():
        whole, cut = make_project("whole"), make_project("cut")
        one = take_in(whole, content)
        other = take_in(cut, content, chunk_bytes=chunk_bytes)
        assert counts(one) == counts(other)
        assert everything(whole) == everything(cut)
        before = totals(cut)
        rebuild_daily_totals(project=cut)
        assert totals(cut) == before
        transaction.set_rollback(True)


# Accounts -------------------------------------------------------------------------------------


def test_posts_of_an_unknown_account_wait_and_count_once_somebody_claims_it(
    project: Project,
) -> None:
    stranger = {"Facebook Id": "100000000000009", "User Name": "bekov", "Page Name": "Беков"}
    done = take_in(project, as_csv(PAGES_2020, [page_post(5, **stranger), page_post(6)]))
    assert counts(done) == (2, 0, 0, 0, 1)
    assert Post.objects.of(project).counted().count() == 1
    line = "Bekov,candidate,facebook,page,bekov,100000000000009,Беков,,\n"
    import_actors(project=project, chunks=[(ACTORS.splitlines()[0] + "\n" + line).encode()])
    assert Post.objects.of(project).counted().count() == 2
    assert Account.objects.of(project).waiting().count() == 0


def test_a_list_of_actors_again_changes_nothing_and_names_the_rows_it_refuses(
    project: Project,
) -> None:
    wrong = ACTORS + "Nobody,king,facebook,page,x,1,X,,\n"
    result = import_actors(project=project, chunks=[wrong.encode()])
    assert (result.actors_created, result.accounts_created) == (0, 0)
    assert [(row.line, row.column) for row in result.rejected] == [(4, "category")]
    assert Actor.objects.of(project).count() == 1


# Rows that cannot be read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Created": "yesterday"}, "bad_time"),
        ({"Likes": -5}, "negative_count"),
        ({"Likes": "many"}, "bad_count"),
        ({"Likes": "99999999999999"}, "count_too_large"),
        ({"Total Interactions": "999"}, "total_mismatch"),
        ({"URL": "https://www.facebook.com/ainura/posts/1.78E+15"}, "no_post_id"),
        ({"Facebook Id": "1E+14"}, "damaged_id"),
        ({"URL": "https://www.facebook.com/ainura"}, "no_post_id"),
        ({"Message": "a\x00b"}, "nul"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_its_line_and_reason(
    cells: dict[str, Any], code: str, project: Project
) -> None:
    rows = [page_post(1), page_post(2, **cells), page_post(3)]
    done = take_in(project, as_csv(PAGES_2020, rows))
    assert (done.state, counts(done)) == ("done", (2, 0, 0, 1, 0))
    rejected = RejectedRow.objects.get(source_import=done)
    assert (rejected.line, rejected.code) == (3, code)
    assert rejected.record


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("1/13/2021 9:05", {"timezone": "Asia/Bishkek"}),
        ("13.01.2021 9:05", {"timezone": "Asia/Bishkek"}),
        ("01/02/2021 9:05", {"timezone": "Asia/Bishkek", "day_order": "dmy"}),
        ("2021-01-13 9:05:00 EST", {}),
    ],
)
def test_a_time_that_a_spreadsheet_wrote_back_is_read(
    printed: str, stated: dict[str, str], project: Project
) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1, Created=printed)]), **stated)
    assert counts(one) == (1, 0, 0, 0, 0)
    assert f"{Post.objects.of(project).get().published_at:%M}" == "05"


def test_a_time_without_a_year_that_can_be_is_refused_and_no_error(project: Project) -> None:
    rows = [page_post(1, Created="0001-01-01 00:00:00"), page_post(2, Created="2021-01-05 11:00")]
    one = take_in(project, as_csv(PAGES_2020, rows), timezone="Asia/Bishkek")
    assert counts(one) == (1, 0, 0, 1, 0)


def test_a_row_that_cannot_be_stored_is_refused_alone_by_its_number_in_the_file(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    """In JSON, which is converted, the next line has the number of this one's text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'out of order'; END $$;"
            " CREATE TRIGGER poison BEFORE INSERT ON monitoring_post FOR EACH ROW"
            " WHEN (NEW.native_id = '2') EXECUTE FUNCTION pg_temp.refuse()"
        )
    url = "https://www.facebook.com/groups/7/permalink/"
    posts = [{**API_POST, "postUrl": f"{url}{number}"} for number in (1, 2, 3, 4)]
    posts[2]["date"] = "never"
    one = take_in(project, ndjson(*posts))
    assert (one.state, one.rows_created, one.rows_rejected) == ("done", 2, 2)
    refused = RejectedRow.objects.filter(source_import=one).values_list("line", "code")
    assert list(refused) == [(2, "poison"), (3, "bad_time")]
    # The server shows the row over which it stumbled; the log says what and where, and no more.
    assert "out of order" in caplog.text
    assert "Live Video Complete" not in caplog.text


def test_an_id_that_a_spreadsheet_rounded_is_taken_from_the_address(project: Project) -> None:
    row = page_post(
        1, **{"Facebook Id": "1E+14", "URL": "https://www.facebook.com/100000000000001/posts/1"}
    )
    done = take_in(project, as_csv(PAGES_2020, [row]))
    assert counts(done) == (1, 0, 0, 0, 0)
    assert Post.objects.of(project).get().account.actor is not None


def test_a_tab_separated_copy_is_the_same_file(project: Project) -> None:
    done = take_in(project, as_csv(PAGES_2020, [page_post(1)], delimiter="\t"))
    assert counts(done) == (1, 0, 0, 0, 0)


def test_text_in_utf_16_is_read(project: Project) -> None:
    content = as_csv(PAGES_2020, [page_post(1, Message="Шайлоо")]).decode("utf-8-sig")
    take_in(project, content.encode("utf-16"))
    assert Post.objects.of(project).get().text == "Шайлоо"


# Files that cannot be imported ----------------------------------------------------------------


def zipped() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        as_csv(PAGES_2020, []),
        b"",
        b"\xef\xbb\xbf",
        b"a,b\n1,2\n",
        b"<!doctype html><p>Sign in</p>",
        b'{"status": 200}',
        b"\x1f\x8b\x08\x00compressed",
        zipped(),
        b"Page Name,\xff\xfe\x00broken\n",
        as_csv(PAGES_2020, [])[:40],
        as_csv([*PAGES_2020, "Likes"], []),
    ],
    ids=[
        "no rows",
        "empty",
        "bom",
        "other columns",
        "html",
        "json",
        "gzip",
        "xlsx",
        "bytes",
        "half",
        "twice",
    ],
)
def test_a_file_that_is_no_export_is_refused_with_a_sentence_and_leaves_nothing(
    content: bytes, project: Project
) -> None:
    try:
        said = take_in(project, content).error
    except UnreadableFile as refusal:
        said = str(refusal)
        assert not Import.objects.of(project).exists()
    assert len(said.split()) > 3
    kept = settings.MEDIA_ROOT / "imports"
    assert not kept.exists() or not [path for path in kept.rglob("*") if path.is_file()]


@pytest.mark.parametrize("time", ["2021-01-05 11:00:00 CST", "2021-01-05 11:00:00"])
def test_a_file_whose_times_need_a_zone_waits_until_one_is_stated(
    time: str, project: Project
) -> None:
    content = as_csv(PAGES_2020, [page_post(1, Created=time)])
    assert take_in(project, content, name="export.csv").state == "asking"
    assert not Post.objects.of(project).exists()
    take_in(project, content, name="export.csv", timezone="America/Chicago", exported_at=NOW)
    assert Post.objects.of(project).get().published_at.hour == 17


# What the database itself refuses -------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"rows_read": 9}, "import_accounts_for_every_row_read"),
        ({"rows_total": 9}, "import_done_has_read_every_row"),
        ({"rows_waiting": 9}, "import_waiting_rows_are_created_ones"),
        ({"state": "lost"}, "import_state_is_known"),
    ],
)
def test_an_import_that_does_not_account_for_its_rows_cannot_be_stored(
    change: dict[str, Any], constraint: str, project: Project
) -> None:
    take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Import.objects.of(project).update(**change)


def test_a_post_cannot_be_stored_twice(project: Project) -> None:
    take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    post = Post.objects.of(project).get()
    post.pk = None
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        post.save(force_insert=True)


def test_counters_are_never_negative(project: Project) -> None:
    take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    with pytest.raises(IntegrityError, match="check"), transaction.atomic():
        Post.objects.of(project).update(likes=-1)


def test_an_id_with_a_space_in_it_is_known_again(project: Project) -> None:
    """Ids of Telegram's posts are parts of their addresses, as people wrote them."""
    rows = (
        "PostId,ChannelName,Platform,published_at,PostUrl,post_body_text,LikesCount,ViewsCount",
        "1,Ours,Telegram,2021-01-05T11:00:00Z,https://t.me/our channel/123,text,1,5",
        "2,Other,Telegram,2021-01-05T11:00:00Z,https://t.me/other/124,text,1,5",
    )
    take_in(project, csv_of(*rows))
    again = take_in(project, csv_of(*(row.replace(",1,5", ",2,9") for row in rows)))
    assert (again.rows_updated, again.rows_rejected) == (2, 0)
    assert [post.views for post in Post.objects.of(project)] == [9, 9]


def test_what_an_export_has_no_column_for_stays_as_it_was(project: Project) -> None:
    """Reduced tables are common: the text that people code must not be emptied by one."""
    text = {"Message": "Текст поста", "Image Text": "on the picture", "Link": "https://a.kg"}
    take_in(project, as_csv(PAGES_2020, [page_post(1, **text)]), name=STABLE)
    post = Post.objects.of(project).get()
    reduced = Mapping({"published": "When", "url": "Link to it", "likes": "Likes"})
    table = csv_of("When,Link to it,Likes", f"2021-01-05 11:00:00 EST,{post.url},9")
    later = {"name": "2021-01-20-10-00-00-UTC-x.csv", "mapping": reduced}
    assert take_in(project, table, **later).rows_updated == 1
    after = Post.objects.of(project).get()
    for name in ("text", "image_text", "link", "type", "followers", "language"):
        assert getattr(after, name) == getattr(post, name), name
    assert Observation.objects.filter(post=post).latest("observed_at").likes == 9
    before = totals(project)
    rebuild_daily_totals(project=project)
    assert totals(project) == before
    emptied = as_csv(PAGES_2020, [page_post(1, Message="", Likes=9)])
    take_in(project, emptied, name="2021-01-21-10-00-00-UTC-x.csv")
    assert Post.objects.of(project).get().text == ""  # that the newest export says


def test_an_instagram_export_without_texts_leaves_them(project: Project) -> None:
    cells = {
        "Account": "A",
        "User Name": "ainura.kg",
        "Post Created": "2021-01-05 10:00:00 UTC",
        "Type": "Photo",
        "Likes": 10,
        "Comments": 2,
        "URL": "https://www.instagram.com/p/CMs1GN-M82L/",
        "Description": "Текст",
    }
    for day, without in ((6, []), (9, ["Description"])):
        header = [name for name in INSTAGRAM_2021 if name not in without]
        take_in(project, as_csv(header, [cells]), name=f"2021-01-0{day}-10-00-00-UTC-x.csv")
        assert Post.objects.of(project).get().text == "Текст"
