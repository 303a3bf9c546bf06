"""Archives that people send: their tables come in, within limits; no access token is kept."""

import datetime
import gzip
import importlib
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from monitoring.importers import archives
from monitoring.importers.problems import UnreadableFile
from monitoring.models import Ad, AdReportLine, Import, Post, Project, RejectedRow
from monitoring.services.imports import SentFile, open_import
from monitoring.services.ledger import work
from monitoring.services.leftovers import KEPT_FOR, remove_leftovers
from monitoring.services.received import discard, keep, receive, stored
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.importers.files import csv_of
from tests.monitoring.importers.test_formats import AD, API_POST, workbook
from tests.monitoring.test_imports import NOW, counts, take_in

pytestmark = pytest.mark.django_db

EXPORT = as_csv(PAGES_2020, [page_post(1, Likes=5), page_post(2)])
OTHER = as_csv(PAGES_2020, [page_post(3)])
TOKEN = "EAAsecret9"


def zipped(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def stored_files() -> list[Path]:
    return sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def finished(one: Import) -> Import:
    while work(project_id=one.project_id, import_id=one.pk, seconds=60):
        pass
    return Import.objects.of(one.project).get(pk=one.pk)


def test_an_archive_is_the_tables_in_it(project: Project) -> None:
    readme = {"README.txt": b"x", "__MACOSX/._a.csv": b"x"}
    archive = zipped({"a.csv": EXPORT, "regions/b.csv": OTHER, **readme})
    first = take_in(project, archive, name="both.zip")
    assert (first.file_name, first.state, first.rows_created) == ("a.csv", "done", 2)
    other = first.unpacked.get()
    assert (other.file_name, other.state) == ("b.csv", "received")
    assert finished(other).rows_created == 1
    assert len(stored_files()) == 2


def test_a_gzip_is_the_file_in_it_whatever_its_parts(project: Project) -> None:
    head, rest = EXPORT[:100], EXPORT[100:]
    content = gzip.compress(head) + gzip.compress(rest)
    done = take_in(project, content, name=f"{STABLE}.gz")
    assert (done.file_name, done.rows_created) == (STABLE, 2)
    assert [path.read_bytes() for path in stored_files()] == [EXPORT]


def test_an_old_workbook_in_an_archive_is_not_passed_over(project: Project) -> None:
    packed = zipped({"a.csv": EXPORT, "b.xls": b"\xd0\xcf\x11\xe0" + bytes(64), "c.pdf": b"%PDF"})
    finished(
        open_import(
            project=project, file=SentFile("a.zip", [packed]), received_at=NOW
        ).source_import
    )
    other = finished(Import.objects.of(project).exclude(unpacked_from=None).get())
    assert (other.file_name, other.state, other.failure["code"]) == (
        "b.xls",
        "failed",
        "not_a_table",
    )


def test_of_an_archive_the_files_that_are_under_way_are_left_out(project: Project) -> None:
    opened = open_import(project=project, file=SentFile(STABLE, [EXPORT]), received_at=NOW)
    both = take_in(project, zipped({"a.csv": EXPORT, "b.csv": OTHER}), name="both.zip")
    assert (both.file_name, both.rows_created, both.unpacked.count()) == ("b.csv", 1, 0)
    same = take_in(project, gzip.compress(EXPORT), name="a.csv.gz")
    assert (same.state, same.failure["code"]) == ("failed", "already_imported")
    assert finished(opened.source_import).rows_created == 2
    assert len(stored_files()) == 2


def locked() -> bytes:
    content = bytearray(zipped({"a.csv": b"1"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(zipped({"a.csv": b"some content"}, method=zipfile.ZIP_STORED))
    content[content.index(b"some")] ^= 1
    return bytes(content)


def liar() -> bytes:
    """A member that says it is small."""
    content = bytearray(zipped({"a.csv": bytes(5 << 20)}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped({"a.csv": bytes(5 << 20)}), "archive_ratio"),
        (gzip.compress(bytes(5 << 20)), "archive_ratio"),
        (zipped({"inner.zip": zipped({"a.csv": b"1"})}), "archive_nested"),
        (zipped({"a.csv": gzip.compress(b"1")}), "archive_nested"),
        (gzip.compress(gzip.compress(EXPORT)), "archive_nested"),
        (gzip.compress(zipped({"a.csv": b"1"})), "archive_nested"),
        (zipped({f"{n}.csv": b"1" for n in range(301)}), "archive_members"),
        (zipped({"photo.jpg": b"1"}), "archive_empty"),
        (locked(), "archive_locked"),
        (damaged(), "archive_broken"),
        (liar(), "archive_broken"),
        (zipped({"a.csv": EXPORT})[:-30], "archive_broken"),
        (gzip.compress(EXPORT)[:-9], "archive_broken"),
        (b"\x1f\x8b\x08\x00no gzip", "archive_broken"),
    ],
    # Archives hold the time they were made at: their bytes are no name for a test.
    ids=[
        "a bomb in a zip",
        "a bomb in a gz",
        "a zip in a zip",
        "a gz in a zip",
        "a gz in a gz",
        "a zip in a gz",
        "too many members",
        "no table",
        "with a password",
        "damaged",
        "a size that lies",
        "a zip cut off",
        "a gz cut off",
        "no gz at all",
    ],
)
def test_an_archive_beyond_the_limits_is_refused(
    content: bytes, code: str, project: Project
) -> None:
    """At once, where its directory or its first bytes show it; else by the worker."""
    assert refused(project, content) == code
    assert stored_files() == []


def refused(project: Project, content: bytes) -> str:
    try:
        done = take_in(project, content, name="export.zip")
    except UnreadableFile as refusal:
        return refusal.code
    return done.failure["code"] if done.state == "failed" and done.error else done.state


@pytest.mark.parametrize("pack", [lambda data: zipped({"a.csv": data}), gzip.compress])
def test_what_comes_out_is_counted(
    pack: Any, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pack(EXPORT * 5)
    opened = open_import(project=project, file=SentFile("a.zip", [content]), received_at=NOW)
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    done = finished(opened.source_import)
    assert (done.state, done.failure["code"]) == ("failed", "archive_too_large")


# Into a project -------------------------------------------------------------------------------


def run(project: Project, path: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(
        "import_file", path, project=project.slug, json=True, verbosity=0, stdout=out, **options
    )
    assert connection.in_atomic_block
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_ad_library_report_comes_in_whole(project: Project, tmp_path: Path) -> None:
    head = "FacebookAdLibraryReport_2025-07-10_KZ_last_30_days_"
    columns = "Page ID,Page name,Disclaimer,Amount spent (USD)"
    path = tmp_path / "FacebookAdLibraryReport_2025-07-11_KZ_last_30_days.zip"
    path.write_bytes(
        zipped(
            {
                f"{head}advertisers.csv": csv_of(
                    f"{columns},Number of ads in Library", "1,A,A,6357,2", "0,B,,≤100,1"
                ),
                f"{head}locations.csv": csv_of("Location name,Amount spent (USD)", "Almaty,≤100"),
                f"regions/{head}Almaty Region.csv": csv_of(columns, "1,A,A,226"),
                "README.txt": b"About this report",
            }
        )
    )
    done = run(project, path)
    assert (done["source"], done["created"], len(done["batches"])) == ("ad-library-report", 4, 3)
    lines = AdReportLine.objects.of(project).order_by("kind", "spend_upper")
    assert [(one.kind, one.location, one.spend_lower, one.spend_upper) for one in lines] == [
        ("advertiser", "", 0, 100),
        ("advertiser", "", 6357, 6357),
        ("location", "Almaty", 0, 100),
        ("region", "Almaty Region", 226, 226),
    ]


def test_reports_of_two_countries_keep_their_lines_apart(project: Project) -> None:
    columns = "Page ID,Page name,Disclaimer,Amount spent (USD),Number of ads in Library"
    places = "Location name,Amount spent (USD)"
    for country, spent in (("KG", 6357), ("KZ", 500)):
        stem = f"FacebookAdLibraryReport_2025-07-10_{country}_last_30_days"
        content = csv_of(columns, f"1,A,A,{spent},2")
        one = take_in(project, content, name=f"{stem}_advertisers.csv")
        assert counts(one) == (1, 0, 0, 0, 0)
        other = take_in(project, csv_of(places, f"Unknown,{spent}"), name=f"{stem}_locations.csv")
        assert counts(other) == (1, 0, 0, 0, 0)
    # The same again, and a later export of one of them.
    again = take_in(project, content, name=f"{stem}_advertisers.csv")
    assert counts(again) == (0, 0, 1, 0, 0)
    content = csv_of(columns, "1,A,A,700,2")
    later = {"exported_at": NOW + datetime.timedelta(days=1)}
    newer = take_in(project, content, name=f"{stem}_advertisers.csv", **later)
    assert counts(newer) == (0, 1, 0, 0, 0)
    lines = AdReportLine.objects.of(project).order_by("kind", "country")
    assert [(one.kind, one.country, one.spend_lower) for one in lines] == [
        ("advertiser", "KG", 6357),
        ("advertiser", "KZ", 700),
        ("location", "KG", 6357),
        ("location", "KZ", 500),
    ]
    with (
        pytest.raises(IntegrityError, match="ad_report_line_country_is_a_code"),
        transaction.atomic(),
    ):
        lines.update(country="kg")


def test_lines_of_before_get_the_country_that_the_name_of_their_file_says(
    project: Project,
) -> None:
    names = {
        "KG": "FacebookAdLibraryReport_2025-07-10_KG_last_30_days_locations.csv",
        "KZ": "2025-07-10_kz_lifelong_Almaty Region (1).csv",
        "": "renamed.csv",
    }
    for name in names.values():
        line = AdReportLine.objects.create(
            project=project,
            kind="location",
            location=name,
            covers_from=NOW,
            covers_to=NOW,
            currency="USD",
            spend_lower=1,
            source_import=make.source_import(project, file_name=name),
        )
        assert line.country == ""
    name = "monitoring.migrations.0025_ad_report_lines_have_a_country"
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module(name).OF_FILES)
    found = dict(AdReportLine.objects.of(project).values_list("country", "location"))
    assert found == names


def everything_stored() -> Iterable[bytes]:
    return (path.read_bytes() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "printed",
    [
        '"access_token": "SECRET9"',
        '""access_token"":""SECRET9""',
        "?access_token\\u003dSECRET9\\u0026x=1",
        "access_token%253DSECRET9",
        "access_token=123456|SECRET9",
        '"nextPage":"https://api.crowdtangle.com/posts?token=SECRET9&offset=100"',
        "https:\\/\\/api.crowdtangle.com\\/posts?count=100\\u0026token=SECRET9",
    ],
)
def test_a_token_is_known_in_every_form_in_which_it_is_printed(printed: str) -> None:
    from monitoring.importers.tokens import without_tokens

    content = b"x" * 700 + printed.encode() + b'"' + b"y" * 700
    for size in (1, 50, 600, 5000):
        blocks = [content[at : at + size] for at in range(0, len(content), size)]
        kept = b"".join(without_tokens(blocks))
        assert b"SECRET9" not in kept
        assert kept.endswith(b"y" * 600)


def test_an_answer_of_crowdtangle_is_read_without_the_token_of_its_next_page(
    project: Project,
) -> None:
    page = "https://api.crowdtangle.com/posts?token=SECRET9"
    answer = {"result": {"posts": [API_POST], "pagination": {"nextPage": page}}}
    done = take_in(project, json.dumps(answer).encode())
    assert (done.state, done.rows_created) == ("done", 1)
    assert not any(b"SECRET9" in data for data in everything_stored())


@pytest.mark.parametrize("form", ["json", "lines", "utf-16", "flat", "workbook"])
def test_an_access_token_is_stored_nowhere(form: str, project: Project) -> None:
    broken = {**AD, "id": "1.7E+15"}
    lines = [json.dumps(AD), json.dumps(broken), '{"ad_snapshot_url": "access_token=EAAsecret9']
    url = "https://www.facebook.com/ads/archive/render_ad/?id=6&access_token=EAAsecret9"
    header = [
        "id",
        "page_id",
        "page_name",
        "ad_delivery_start_time",
        "ad_snapshot_url",
        "spend_lower",
    ]
    rows = [["6", "1", "A", "2021-12-08", url, "1"], ["1.7E+15", "1", "A", "2021-12-08", url, "1"]]
    content = {
        "json": json.dumps({"data": [AD, broken]}).encode(),
        "lines": "\n".join(lines).encode(),
        "utf-16": "\n".join(lines).encode("utf-16"),
        "flat": csv_of(",".join(header), *map(",".join, rows)),
        "workbook": workbook(header, rows),
    }[form]
    done = take_in(project, content, name="ads.json", exported_at=None)
    assert (done.source, done.state, done.rows_created) == ("ad-library-api", "done", 1)
    assert done.rows_rejected >= 1
    assert not any(TOKEN.encode() in data for data in everything_stored())
    assert not any(TOKEN.encode("utf-16-le") in data for data in everything_stored())
    assert not RejectedRow.objects.filter(source_import=done, record__contains=TOKEN).exists()


def test_a_token_is_taken_out_wherever_the_blocks_are_cut() -> None:
    from monitoring.importers.tokens import without_tokens

    content = b'{"url": "https://a/?id=6&access_token=' + b"EAA" * 60 + b'&x=1", "b": 2}' * 3
    for size in (1, 7, 64, 100, 1000):
        blocks = [content[at : at + size] for at in range(0, len(content), size)]
        kept = b"".join(without_tokens(blocks))
        assert b"EAA" not in kept
        assert kept.endswith(b'x=1", "b": 2}')


def test_two_who_send_the_same_file_at_once_have_each_a_place_on_the_disk() -> None:
    """Else the one who is quicker takes away what the other is still looking at."""
    first, second = receive([EXPORT]), receive([EXPORT])
    discard(first)
    assert second.path.read_bytes() == EXPORT
    assert keep(second).name == second.sha256


def test_files_that_belong_to_no_import_are_removed_after_a_day(project: Project) -> None:
    take_in(project, EXPORT, name=STABLE)
    packed = SentFile("a.zip", [zipped({"a.csv": OTHER})])
    waiting = open_import(project=project, file=packed, received_at=NOW).source_import
    needed = stored_files()
    piece = stored(waiting.stored_path).with_name(f"{Path(waiting.stored_path).name}.0")
    piece.write_bytes(b"half of it")
    lost = [keep(receive([b"of a process that was killed"])), receive([b"half of an upload"]).path]
    now = timezone.now()
    assert remove_leftovers(now=now) == 0
    assert remove_leftovers(now=now + 2 * KEPT_FOR) == len(lost)
    assert stored_files() == sorted([*needed, piece])


def test_a_newer_answer_of_the_library_changes_an_ad_and_an_older_one_does_not(
    project: Project,
) -> None:
    moments = ["2021-12-10", "2021-12-20", "2021-12-15"]
    found = []
    for day, upper in zip(moments, ["199", "299", "250"], strict=True):
        ad = {**AD, "spend": {"lower_bound": "100", "upper_bound": upper}}
        name = f"{day}-10-00-00-UTC-ads.json"
        found.append(counts(take_in(project, json.dumps([ad]).encode(), name=name)))
    assert found == [(1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0)]
    assert Ad.objects.of(project).get().spend_upper == 299


def test_the_same_export_packed_and_plain_is_the_same_file(
    project: Project, tmp_path: Path
) -> None:
    take_in(project, EXPORT)
    path = tmp_path / f"{STABLE}.gz"
    path.write_bytes(gzip.compress(EXPORT))
    assert run(project, path)["unchanged"] == 2
    assert Import.objects.of(project).filter(repeats__isnull=False).count() == 1


def test_a_workbook_survives_being_sent_twice(project: Project) -> None:
    cells = [[page_post(1).get(name, "") for name in PAGES_2020]]
    book = workbook(PAGES_2020, cells)
    for expected in ((1, 0, 0, 0, 0), (0, 0, 1, 0, 0)):
        assert counts(take_in(project, book, name="export.xlsx", exported_at=None)) == expected
    assert Post.objects.of(project).count() == 1
