"""Rejected rows are mended, in the browser or in the downloaded file, and come in."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from monitoring.importers.repair import guarded, restored
from monitoring.models import Import, Membership, Post, Project, RejectedRow
from monitoring.services.imports import UnreadableFile
from monitoring.services.steering import cancel
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.test_imports import counts, everything, make_project, take_in
from tests.monitoring.test_steering import finish

pytestmark = pytest.mark.django_db

BROKEN = [
    page_post(1, Message="=1+1"),
    page_post(2, Likes="many", Message="=SUM(A1)"),
    page_post(3, Created="yesterday", Message="'quoted\nand broken"),
]
MENDED = [
    page_post(1, Message="=1+1"),
    page_post(2, Likes=7, Message="=SUM(A1)"),
    page_post(3, Message="'quoted\nand broken"),
]


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def admin(project: Project) -> User:
    user = User.objects.create_user("admin")
    Membership.objects.create(project=project, user=user, role="admin")
    return user


@pytest.fixture
def browser(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def refused(project: Project) -> Import:
    done = take_in(project, as_csv(PAGES_2020, BROKEN))
    assert counts(done) == (1, 0, 0, 2, 0)
    return done


def download(browser: Client, one: Import) -> list[list[str]]:
    url = reverse("monitoring:rejected_rows", args=[one.project.slug, one.pk])
    text = b"".join(browser.get(url)).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text, newline="")))


def as_file(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def with_cells(rows: list[list[str]], **cells: str) -> list[list[str]]:
    """The downloaded rows with the cells of a column replaced: ``Likes={"3": "7"}`` by line."""
    header = rows[0]
    for column, by_line in cells.items():
        for row in rows[1:]:
            row[header.index(column)] = by_line.get(row[0], row[header.index(column)])
    return rows


def fresh(one: Import) -> Import:
    return Import.objects.of(one.project).get(pk=one.pk)


def test_the_mended_download_is_known_under_any_name_and_its_rows_come_in(
    browser: Client, project: Project, refused: Import
) -> None:
    rows = with_cells(
        download(browser, refused),
        Likes={"3": "7"},
        Created={"4": "2021-01-05 11:00:00 EST"},
        **{"Total Interactions": {"3": "7"}},
    )
    repair = take_in(project, as_file(rows), name="Book1.csv")
    assert (repair.repairs, counts(repair)) == (refused, (2, 0, 0, 0, 0))
    assert counts(fresh(refused)) == (3, 0, 0, 0, 0)
    assert not RejectedRow.objects.exists()
    whole = make_project("whole")
    take_in(whole, as_csv(PAGES_2020, MENDED))
    assert everything(project) == everything(whole)


def test_ids_that_a_spreadsheet_rounded_while_a_row_was_mended_are_those_that_were_sent_out(
    browser: Client, project: Project, refused: Import
) -> None:
    rows = with_cells(download(browser, refused), **{"Facebook Id": {"3": "1E+14", "4": "1E+14"}})
    assert take_in(project, as_file(rows), name="Book1.csv").rows_rejected == 2
    assert download(browser, refused)[1][5] == "100000000000001"
    rows = with_cells(rows, Likes={"3": "7"}, **{"Total Interactions": {"3": "7"}})
    assert take_in(project, as_file(rows), name="Book2.csv").rows_created == 1
    assert Post.objects.of(project).values("account").distinct().count() == 1


def test_letters_that_a_spreadsheet_could_not_save_are_those_that_were_sent_out(
    project: Project, browser: Client
) -> None:
    text = "Шайлоо күнү 😀 — өң?"
    one = take_in(project, as_csv(PAGES_2020, [page_post(1, Message=text, Likes="many")]))
    content = as_file(with_cells(download(browser, one), Likes={"2": "0"})).decode()
    saved = content.replace("😀", "??").encode("windows-1251", "replace")
    assert take_in(project, saved, name="Book1.csv").encoding == "windows-1251"
    assert Post.objects.of(project).get().text == text


def test_rows_that_are_still_wrong_stay_with_their_new_cells_and_reason(
    browser: Client, project: Project, refused: Import
) -> None:
    rows = with_cells(download(browser, refused), Likes={"3": "-5"})
    repair = take_in(project, as_file(rows), name="Book1.csv")
    assert counts(repair) == (0, 0, 0, 2, 0)
    assert counts(fresh(refused)) == (1, 0, 0, 2, 0)
    assert not RejectedRow.objects.filter(source_import=repair).exists()
    codes = dict(RejectedRow.objects.values_list("line", "code"))
    assert codes == {3: "negative_count", 4: "bad_time"}
    assert download(browser, refused)[1][3:].count("'-5") == 1


def test_a_row_mended_before_is_not_counted_twice(
    browser: Client, project: Project, refused: Import
) -> None:
    rows = with_cells(
        download(browser, refused), Likes={"3": "7"}, **{"Total Interactions": {"3": "7"}}
    )
    take_in(project, as_file(rows), name="one.csv")
    again = take_in(project, as_file([*rows, ["x" * 5, *rows[1][1:]]]), name="two.csv")
    assert again.rows_rejected == 3
    assert counts(fresh(refused)) == (2, 0, 0, 1, 0)
    kept = RejectedRow.objects.filter(source_import=again).values_list("code", flat=True)
    assert list(kept) == ["not_rejected", "not_rejected"]


def test_mended_rows_of_another_project_are_refused(
    browser: Client, project: Project, refused: Import
) -> None:
    with pytest.raises(UnreadableFile, match="downloaded from"):
        take_in(make_project("other"), as_file(download(browser, refused)))


def test_what_a_repair_brought_in_is_taken_back_with_its_import(
    browser: Client, project: Project, admin: User, refused: Import
) -> None:
    rows = with_cells(
        download(browser, refused), Likes={"3": "7"}, **{"Total Interactions": {"3": "7"}}
    )
    take_in(project, as_file(rows), name="Book1.csv")
    cancelled = finish(cancel(source_import=refused, by=admin))
    assert (cancelled.state, cancelled.rows_taken_back) == ("cancelled", 2)
    assert not Post.objects.of(project).exists()
    with pytest.raises(UnreadableFile, match="cancelled"):
        take_in(project, as_file(rows), name="Book1.csv")


def mend(browser: Client, one: Import, line: int, **cells: str) -> Any:
    """Fill in the form of a rejected row as the browser does, and send it."""
    url = reverse("monitoring:mend_row", args=[one.project.slug, one.pk, line])
    page = browser.get(url)
    fields = [*page.context["fields"], *page.context["others"]]
    sent = {f"cell-{f['place']}": cells.get(f["name"], f["cell"]) for f in fields}
    return browser.post(url, sent, follow=True)


def test_a_row_is_mended_in_the_browser(browser: Client, project: Project, refused: Import) -> None:
    page = mend(browser, refused, 3, **{"Likes": "7", "Total Interactions": "7"})
    assert "Row 3 is in" in page.content.decode()
    assert counts(fresh(refused)) == (2, 0, 0, 1, 0)
    post = Post.objects.of(project).get(native_id="2")
    assert (post.likes, post.text, post.first_import) == (7, "=SUM(A1)", refused)


def test_a_row_that_still_cannot_be_read_says_why_and_keeps_what_was_typed(
    browser: Client, refused: Import
) -> None:
    page = mend(browser, refused, 3, Likes="<b>lots</b>").content.decode()
    assert "“&lt;b&gt;lots&lt;/b&gt;” is not a count" in page
    assert 'value="&lt;b&gt;lots&lt;/b&gt;"' in page
    assert counts(fresh(refused)) == (1, 0, 0, 2, 0)


def test_a_row_with_too_few_cells_is_mended_by_moving_them(
    browser: Client, project: Project
) -> None:
    content = as_csv(PAGES_2020, [page_post(1)]) + b"Ainura,ainura\n"
    done = take_in(project, content)
    whole = {name: str(cell) for name, cell in page_post(2).items() if name in PAGES_2020}
    mend(browser, done, 3, **whole)
    assert counts(fresh(done)) == (2, 0, 0, 0, 0)


def test_leads_see_rejected_rows_and_cannot_mend_them(
    client: Client, project: Project, refused: Import
) -> None:
    lead = User.objects.create_user("lead")
    Membership.objects.create(project=project, user=lead, role="lead")
    client.force_login(lead)
    url = reverse("monitoring:mend_row", args=[project.slug, refused.pk, 3])
    assert client.get(url).status_code == 403
    page = client.get(reverse("monitoring:import", args=[project.slug, refused.pk]))
    assert url not in page.content.decode()


@given(st.text(alphabet="'=+-@ \tax＝"))
def test_a_cell_comes_back_as_it_was_and_is_no_formula_on_its_way(cell: str) -> None:
    assert restored(guarded(cell)) == cell
    assert guarded(cell).lstrip(" ")[:1] not in {"=", "+", "-", "@", "＝"}
