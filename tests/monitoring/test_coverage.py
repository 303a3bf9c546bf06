"""Silent or missing? What exports cover, day by day and account by account."""

import csv
import datetime
import io
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from monitoring.coverage import DAY, Gap, State, cells, columns, gaps, merged
from monitoring.importers import READERS, SEARCHES
from monitoring.models import (
    Account,
    Covered,
    Import,
    ImportedAccount,
    Project,
    StatedCoverage,
)
from monitoring.services.accounts import assign
from monitoring.services.coverage import covered_days, state_coverage, state_in_a_word
from monitoring.services.coverage_table import Asked, lines, shared_gaps
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.test_imports import make_project, take_in

D = datetime.date
days = st.dates(D(2021, 1, 1), D(2021, 2, 10))
runs = st.lists(st.tuples(days, days).map(lambda pair: (min(pair), max(pair))), max_size=6)


# The rule ---------------------------------------------------------------------------------------


@given(runs)
def test_gaps_and_covered_days_are_each_others_rest(covered: list[tuple[D, D]]) -> None:
    start, end = D(2021, 1, 5), D(2021, 2, 5)
    inside = {
        first + number * DAY for first, last in covered for number in range((last - first).days + 1)
    }
    missing = {
        gap.start + number * DAY
        for gap in gaps(covered, start=start, end=end)
        for number in range(gap.days)
    }
    every = {start + number * DAY for number in range((end - start).days + 1)}
    assert missing == every - inside


@given(runs)
def test_merged_runs_do_not_touch(covered: list[tuple[D, D]]) -> None:
    found = merged(covered)
    for (_first, end), (start, _last) in pairwise(found):
        assert start > end + DAY


def test_a_cell_says_active_silent_partly_missing_or_not_yet() -> None:
    parts = columns(D(2021, 1, 4), D(2021, 2, 7), by_week=True)
    posts = {D(2021, 1, 4): 2, D(2021, 1, 11): 1, D(2021, 2, 1): 3}
    missing = gaps([(D(2021, 1, 4), D(2021, 1, 24))], start=D(2021, 1, 4), end=D(2021, 2, 3))
    missing += [*gaps([(D(2021, 1, 4), D(2021, 1, 15))], start=D(2021, 1, 4), end=D(2021, 1, 16))]
    found = list(cells(posts, missing, parts, today=D(2021, 2, 1)))
    assert found[-1].posts == 3
    assert [cell.state for cell in found] == [
        State.ACTIVE,
        State.PARTLY,
        State.SILENT,
        State.MISSING,
        State.AHEAD,
    ]


# What imports cover -----------------------------------------------------------------------------


@pytest.fixture
def project(db: None) -> Project:
    return make_project("covered")


def export(*posts: tuple[int, str]) -> bytes:
    """A file of posts of one page, each with its number and its day."""
    rows = [page_post(number, Created=f"{day} 12:00:00 +06") for number, day in posts]
    return as_csv(PAGES_2020, rows)


def joined(account: Account, at: datetime.datetime) -> None:
    Account.objects.of(account.project).filter(pk=account.pk).update(joined_at=at)


def covered(project: Project) -> list[tuple[D, D]]:
    found = covered_days(project=project)
    return [run for account in sorted(found) for run in merged(found[account])]


@pytest.mark.django_db
def test_an_import_covers_its_accounts_from_its_first_to_its_last_day(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(number) for number in range(60)]))
    (account,) = ImportedAccount.objects.filter(source_import=one)
    held = (account.first_day, account.last_day)
    assert covered(project) == [held]
    assert held[0] <= held[1]


@pytest.mark.django_db
def test_any_size_of_chunks_covers_the_same(project: Project) -> None:
    data = as_csv(PAGES_2020, [page_post(number) for number in range(60)])
    take_in(project, data)
    other = make_project("other")
    take_in(other, data, chunk_bytes=900)
    assert [*covered_days(project=project).values()] == [*covered_days(project=other).values()]


@pytest.mark.django_db
def test_an_export_of_the_whole_list_covers_silent_accounts_too(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    silent = make.account(make.actor(project))
    elsewhere = make.account(make.actor(project), platform="instagram", kind="profile")
    assert silent.pk not in covered_days(project=project)
    state_coverage(source_import=one, accounts=Covered.LIST)
    assert silent.pk in covered_days(project=project)
    assert elsewhere.pk not in covered_days(project=project)


@pytest.mark.django_db
def test_an_export_of_a_category_covers_that_category_alone(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    party = make.account(make.actor(project, category="party"))
    candidate = make.account(make.actor(project, category="candidate"))
    state_coverage(
        source_import=one,
        accounts=Covered.CATEGORY,
        category=make.category(project, "party"),
        start=D(2020, 12, 1),
        end=D(2020, 12, 31),
    )
    found = covered_days(project=project)
    assert found[party.pk] == [(D(2020, 12, 1), D(2020, 12, 31))]
    assert candidate.pk not in found


@pytest.mark.django_db
def test_an_account_that_joined_later_is_not_covered_by_earlier_exports(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    founding, later = make.account(make.actor(project)), make.account(make.actor(project))
    state_coverage(source_import=one, accounts=Covered.LIST)
    said = StatedCoverage.objects.get(source_import=one).stated_at
    joined(later, said + DAY)
    assert founding.pk in covered_days(project=project)
    assert later.pk not in covered_days(project=project)
    # Other days are no new word on the accounts, another word is.
    state_coverage(source_import=one, accounts=Covered.LIST, end=D(2021, 1, 6))
    StatedCoverage.objects.update(stated_at=said - DAY)
    state_coverage(source_import=one, accounts=Covered.LIST)
    assert StatedCoverage.objects.get().stated_at == said - DAY
    state_coverage(source_import=one, accounts=Covered.NOBODY)
    assert StatedCoverage.objects.get().stated_at > said - DAY
    state_coverage(source_import=one, accounts=Covered.LIST)
    # What was made after it joined covers it.
    Import.objects.of(project).filter(pk=one.pk).update(exported_at=said + 2 * DAY)
    assert later.pk in covered_days(project=project)


@pytest.mark.django_db
def test_whoever_gets_its_actor_joins_the_list_then(project: Project) -> None:
    waiting = Account.objects.create(
        project=project, platform="facebook", kind="page", handle="late", state="waiting"
    )
    joined(waiting, datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    assign(account=waiting, actor=make.actor(project))
    waiting.refresh_from_db()
    assert waiting.joined_at.year > 2020
    joined(waiting, datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    assign(account=waiting, actor=waiting.actor)
    waiting.refresh_from_db()
    assert waiting.joined_at.year == 2020


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "last"),
    [
        # Of 6 January in Bishkek, begun at 13:00 of the 5th in New York, nothing is over yet.
        ("2021-01-05-14-00-00-EST-Historical-Report.csv", D(2021, 1, 5)),
        ("2021-01-06-12-59-00-EST-Historical-Report.csv", D(2021, 1, 5)),
        ("2021-01-06-13-01-00-EST-Historical-Report.csv", D(2021, 1, 6)),
    ],
)
def test_a_day_is_covered_once_it_is_over_where_the_project_is(
    project: Project, name: str, last: D
) -> None:
    one = take_in(project, export((1, "2021-01-04"), (2, "2021-01-06")), name=name)
    assert covered(project) == [(D(2021, 1, 4), last)]
    state_coverage(source_import=one, accounts=Covered.FILE, end=D(2021, 1, 20))
    assert covered(project)[-1][1] <= D(2021, 1, 6)


@pytest.mark.django_db
def test_what_was_exported_before_any_day_was_over_covers_none(project: Project) -> None:
    take_in(
        project,
        as_csv(PAGES_2020, [page_post(1, Created="2021-01-05 15:00:00 EST")]),
        name="2021-01-05-16-00-00-EST-Historical-Report.csv",
    )
    assert covered(project) == []


@pytest.mark.django_db
def test_a_search_covers_nobody_until_somebody_says_so(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    Import.objects.of(project).filter(pk=one.pk).update(source="meltwater")
    assert covered_days(project=project) == {}
    state_coverage(source_import=one, accounts=Covered.FILE)
    assert len(covered_days(project=project)) == 1


def test_captures_and_searches_are_known_by_their_kind() -> None:
    assert {one for one in SEARCHES if READERS[one].makes == "posts"} == {
        "crowdtangle-history",
        "zeeschuimer",
        "junkipedia",
        "4cat-facebook",
        "4cat-instagram",
        "open-measures-telegram",
        "open-measures",
        "meltwater",
        "brandwatch",
    }


@pytest.mark.django_db
def test_of_any_export_it_can_be_said_that_it_covers_nobody(
    project: Project, tmp_path: Path
) -> None:
    client = signed_in(project, "admin")
    sent = {"uploads": io.BytesIO(as_csv(PAGES_2020, [page_post(1)])), "covers": "nobody"}
    sent["uploads"].name = STABLE
    client.post(reverse("monitoring:upload", args=[project.slug]), sent)
    one = Import.objects.of(project).get()
    assert one.stated_coverage.accounts == Covered.NOBODY
    path = tmp_path / STABLE
    path.write_bytes(as_csv(PAGES_2020, [page_post(2)]))
    call_command("import_file", path, project=project.slug, covers="nobody", stdout=io.StringIO())
    assert covered_days(project=project) == {}


@pytest.mark.django_db
def test_mended_rows_say_nothing_of_their_own(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    mending = make.source_import(project)
    mending.repairs = one
    mending.save()
    state_in_a_word(source_import=mending, accounts=Covered.LIST)
    assert not StatedCoverage.objects.exists()


@pytest.mark.django_db
def test_an_import_that_is_not_done_covers_nothing(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    Import.objects.of(project).filter(pk=one.pk).update(state="cancelling")
    assert covered_days(project=project) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"accounts": "every"},
        {"accounts": "category"},
        {"start": D(2021, 1, 2), "end": D(2021, 1, 1)},
    ],
)
def test_the_database_refuses_what_makes_no_sense(project: Project, wrong: dict) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    with pytest.raises(IntegrityError), transaction.atomic():
        StatedCoverage.objects.create(source_import=one, **wrong)


@pytest.mark.django_db
def test_the_command_states_that_a_file_is_of_the_whole_list(
    project: Project, tmp_path: object
) -> None:
    path = tmp_path / STABLE
    path.write_bytes(as_csv(PAGES_2020, [page_post(1)]))
    silent = make.account(make.actor(project))
    call_command("import_file", path, project=project.slug, covers="list", stdout=io.StringIO())
    assert silent.pk in covered_days(project=project)


# The page ---------------------------------------------------------------------------------------


def signed_in(project: Project, role: str) -> Client:
    client = Client()
    client.force_login(make.member(project, role))
    return client


@pytest.mark.django_db
def test_the_page_tells_silent_from_missing_and_lists_the_gaps(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    make.account(make.actor(project, "Nobody Asked"))
    client = signed_in(project, "lead")
    address = reverse("monitoring:coverage", args=[project.slug]) + "?platform=facebook"
    page = client.get(address)
    assert page.context["lacking"] == page.context["every"]
    assert "Nobody Asked" in {line.actor for one in page.context["missing"] for line in one.lines}
    period = project.periods.get(key="entire")
    state_coverage(
        source_import=one,
        accounts=Covered.LIST,
        category=None,
        start=period.start,
        end=period.end,
    )
    page = client.get(address)
    assert (page.context["lacking"], page.context["missing"]) == ([], [])
    assert [line.actor for line in page.context["silent"]] == ["Nobody Asked"]
    page = client.get(address + "&only=silent")
    assert [row.line.actor for _label, rows in page.context["groups"] for row in rows] == [
        "Nobody Asked"
    ]


@pytest.mark.django_db
def test_days_that_are_not_over_are_not_missing(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    state_coverage(source_import=one, accounts=Covered.LIST)
    asked = partial(
        Asked, project, D(2021, 1, 5), D(2021, 1, 9), by_week=False, platform="facebook"
    )
    assert all(not line.gaps for line in lines(asked(today=D(2021, 1, 6))))
    assert {line.gaps for line in lines(asked(today=D(2021, 1, 8)))} == {
        (Gap(D(2021, 1, 6), D(2021, 1, 7)),)
    }
    assert all(not line.gaps for line in lines(asked(today=D(2021, 1, 1))))


@pytest.mark.django_db
def test_the_same_missing_days_of_many_accounts_are_one_line(project: Project) -> None:
    asked = Asked(project, D(2021, 1, 5), D(2021, 1, 9), D(2021, 2, 1), by_week=False)
    for _number in range(3):
        make.account(make.actor(project), platform="instagram", kind="profile")
    shared = shared_gaps(lines(asked))
    assert [(one.gap.days, one.platforms) for one in shared] == [
        (5, [("Instagram", 4), ("Facebook", 1)])
    ]


@pytest.mark.django_db
def test_the_file_has_a_line_per_account_and_day(project: Project) -> None:
    make.account(make.actor(project, "=Nobody"))
    answer = signed_in(project, "monitor").get(
        reverse("monitoring:coverage_csv", args=[project.slug]) + "?category=candidate"
    )
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    period = project.periods.get(key="entire")
    own = [row for row in rows if row["actor"] == "'=Nobody"]
    assert len(own) == period.days
    assert {row["state"] for row in own} == {"missing"}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("monitor", 200), ("lead", 200)])
def test_who_sees_actors_sees_their_coverage(project: Project, role: str, status: int) -> None:
    address = reverse("monitoring:coverage", args=[project.slug])
    assert signed_in(project, role).get(address).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("lead", 403), ("admin", 302)])
def test_who_imports_says_what_an_export_covers(project: Project, role: str, status: int) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    client = signed_in(project, role)
    address = reverse("monitoring:state_coverage", args=[project.slug, one.pk])
    assert client.post(address, {"accounts": "list"}).status_code == status
    assert StatedCoverage.objects.filter(source_import=one).exists() == (status == 302)


@pytest.mark.django_db
def test_what_makes_no_sense_is_said_on_the_page_of_the_import(project: Project) -> None:
    one = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    address = reverse("monitoring:state_coverage", args=[project.slug, one.pk])
    page = signed_in(project, "admin").post(address, {"accounts": "category"}, follow=True)
    assert "Say of which category it is." in page.text
    assert not StatedCoverage.objects.exists()


@pytest.mark.django_db
def test_a_thousand_accounts_are_as_few_queries_as_one(project: Project) -> None:
    client = signed_in(project, "lead")
    address = reverse("monitoring:coverage", args=[project.slug])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    queries()
    few = queries()
    actor = make.actor(project)
    for _number in range(30):
        make.account(actor)
    assert queries() == few
