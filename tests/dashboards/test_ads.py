"""Chapter V: who paid, pages of one actor together, what ran undisclosed or was taken down."""

import datetime
from html import escape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboards.charts import MORE
from dashboards.charts.advertisers import Advertiser
from dashboards.documents.advertising import tables_of
from dashboards.exports.tables import table_of
from dashboards.measures import Measures, UnknownWord
from dashboards.models import TakenDown
from dashboards.numbers import interval
from dashboards.report.ads import advertising
from dashboards.report.single_ads import counts_by_status, single_ads
from dashboards.services.ads import NotNoted, note_taken_down
from monitoring.models import Ad, AdReportLine, Import, Period, Project, Role
from monitoring.models import Advertiser as Page
from tests import factories as make
from tests.dashboards.missions import END, START, ad_library_report, random_mission

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
POLICY = "It goes against Facebook Advertising Policies"
SITE = "dashboards:ads"


@pytest.fixture
def mission() -> Project:
    mission = random_mission(1)
    ad_library_report(mission)
    return mission


def line(ads: int, low: int, high: int | None, **more: object) -> dict[str, object]:
    usual = {"page_id": "1", "undisclosed": 0, "advertiser_id": 1, "actor_id": None}
    return {"ads": ads, "low": low, "high": high, **usual, **more}


def page(mission: Project, name: str) -> Page:
    return Page.objects.of(mission).get(name=name)


def add_ad(mission: Project, native_id: str, of: str, **facts: object) -> Ad:
    usual = {"starts_on": START, "currency": "USD", "spend_lower": 0, "spend_upper": 99}
    return Ad.objects.create(
        project=mission,
        native_id=native_id,
        advertiser=page(mission, of),
        source_import=Import.objects.of(mission).get(),
        disclaimer="Somebody",
        **{**usual, **facts},
    )


def take_down(mission: Project, of: str, reason: str = POLICY, ad: Ad | None = None) -> None:
    lead = make.member(mission, Role.LEAD)
    advertiser = page(mission, of)
    note_taken_down(advertiser=advertiser, ad=ad, reason=reason, by=lead, at=timezone.now())


# Advertisers -------------------------------------------------------------------------------------


def test_several_pages_of_one_actor_stand_together() -> None:
    asanov = Advertiser("Asanov", "Candidates", [line(5, 0, 100), line(68, 1803, 1803)])
    assert asanov.ads_in_words == "73 (68+5)"
    assert asanov.spend == "1,803–1,903"
    assert Advertiser("One", "", [line(4, 0, 100)]).ads_in_words == "4"


def test_what_was_not_disclosed_or_taken_down_is_counted_and_said() -> None:
    one = Advertiser(
        "One",
        "",
        [line(38, 480, 480, page_id="0"), line(11, 650, None, undisclosed=11, advertiser_id=2)],
        taken_down={2: POLICY},
    )
    assert (one.removed, one.undisclosed, one.spend) == (49, 11, "≥1,130")
    assert [remark.split(" ")[0] for remark in one.remarks] == ["11", "The", "The"]
    assert one.remarks[-1] == f"The ads were taken down: {POLICY}"
    whole = Advertiser("Two", "", [line(11, 650, 650, undisclosed=11)])
    assert whole.remarks == ["All ads ran without a disclaimer."]


def test_the_chapter_lists_pages_by_spending_and_candidates_by_number(mission: Project) -> None:
    make.account(make.actor(mission, "Silent Candidate"))
    take_down(mission, "Somebody's page")
    ads = advertising(Measures(mission))
    assert ads is not None
    assert [one.advertiser.name for one in ads.largest] == ["Asanov's page", "Somebody's page"]
    assert [(one.advertiser.name, one.advertiser.ads_in_words) for one in ads.candidates] == [
        ("Asanov", "3 (2+1)")
    ]
    assert "Silent Candidate" in ads.silent
    assert ads.days == "19 November 2020 – 2 December 2020"
    assert [note.text for note in ads.footnotes] == [
        "All ads ran without a disclaimer.",
        f"The ads were taken down: {POLICY}",
    ]
    assert [one.marks for one in ads.largest] == [[1], [1, 2]]
    tables = list(tables_of(ads))
    assert all(ads.days in table.caption for table in tables)
    assert "Somebody's page ¹ ²" in str(tables[1].rows)
    assert f"² The ads were taken down: {POLICY}" in tables[1].note
    assert "²" not in tables[2].note


def test_a_report_of_days_of_its_own_is_shown_without_a_period_of_them(mission: Project) -> None:
    AdReportLine.objects.of(mission).update(covers_from=START - 30 * DAY, covers_to=END + DAY)
    measures = Measures(mission)
    assert measures.ad_period == f"{START - 30 * DAY}..{END + DAY}"
    drawing = MORE["ads-by-advertiser"].draw(measures)
    assert drawing.days == "20 October 2020 – 3 December 2020"
    Period.objects.create(
        project=mission, key="ads", name="Ads", start=START - 30 * DAY, end=END + DAY
    )
    assert Measures(mission).ad_period == "ads"


def report_of_kazakhstan(mission: Project) -> None:
    """A wider report than that of the mission's country, of one of its advertisers too."""
    AdReportLine.objects.of(mission).update(country="KG")
    known = {
        "project": mission,
        "country": "KZ",
        "covers_from": START,
        "covers_to": END,
        "currency": "USD",
        "source_import": Import.objects.of(mission).get(),
    }
    asanov = page(mission, "Asanov's page")
    for days in (0, 1):
        known["covers_from"] -= days * DAY
        AdReportLine.objects.create(
            kind="advertiser", advertiser=asanov, spend_lower=50, spend_upper=50, ads=9, **known
        )
        AdReportLine.objects.create(kind="location", location="Almaty", spend_lower=70, **known)


def test_a_number_is_of_one_countrys_report_and_says_of_which(mission: Project) -> None:
    before = Measures(mission).ask("spend", by=["advertiser"])
    assert "Ad Library of" not in str(before.base)
    report_of_kazakhstan(mission)
    measures = Measures(mission)
    again = measures.ask("spend", by=["advertiser"])
    assert again.rows == before.rows
    assert "Ad Library of KG" in str(again.base)
    wide = f"{START - DAY}..{END}"
    assert measures.ad_period == "entire"
    there = measures.ask("ads", where={"country": "KZ"}, period=wide)
    assert (there.value, there.base.start) == (9, START - DAY)
    assert "Ad Library of KZ" in str(there.base)
    [total] = measures.ask("spend", where={"country": "KZ"}).rows
    assert total["low"] == 70  # of its locations
    assert measures.ask("ads", where={"country": "KZ", "actor": "Asanov"}).value == 9


@pytest.mark.parametrize("countries", [["KG", "KZ"], ["UZ"]])
def test_reports_of_countries_are_neither_added_up_nor_made_up(
    countries: list[str], mission: Project
) -> None:
    report_of_kazakhstan(mission)
    with pytest.raises(UnknownWord):
        Measures(mission).ask("ads", where={"country": countries})


def test_a_country_without_a_report_in_the_days_has_no_ads_of_the_api(mission: Project) -> None:
    report_of_kazakhstan(mission)
    add_ad(mission, "1", "Asanov's page")
    days = f"{END}..{END}"
    assert Measures(mission).ask("ads", period=days).value == 1
    assert Measures(mission).ask("ads", period=days, where={"country": "KZ"}).value == 0


# Single ads --------------------------------------------------------------------------------------


def test_an_ad_is_active_ended_or_taken_down_with_its_reason(mission: Project) -> None:
    exported = timezone.localdate()
    add_ad(mission, "1", "Somebody's page")
    add_ad(mission, "2", "Somebody's page", ends_on=exported + 5 * DAY)
    add_ad(mission, "3", "Somebody's page", ends_on=exported - 5 * DAY, spend_upper=None)
    fourth = add_ad(mission, "4", "Asanov's page", ends_on=exported - 5 * DAY)
    add_ad(mission, "5", "Asanov's second page")
    take_down(mission, "Asanov's page", "Its own reason", ad=fourth)
    take_down(mission, "Asanov's second page")
    found = {ad.native_id: (ad.status, ad.reason) for ad in single_ads(mission)}
    assert found == {
        "1": ("active", None),
        "2": ("active", None),
        "3": ("ended", None),
        "4": ("removed", "Its own reason"),
        "5": ("removed", POLICY),
    }
    assert single_ads(mission)[0].native_id == "3"
    assert counts_by_status(mission) == {"active": 2, "ended": 1, "removed": 2}


def test_single_ads_are_added_up_where_no_report_was_imported(mission: Project) -> None:
    AdReportLine.objects.of(mission).delete()
    assert Measures(mission).ad_period is None
    add_ad(mission, "1", "Asanov's page", spend_lower=100, spend_upper=199)
    add_ad(mission, "2", "Asanov's second page")
    add_ad(mission, "3", "Somebody's page", ends_on=START - DAY, starts_on=START - 9 * DAY)
    measures = Measures(mission)
    assert measures.ad_period == "entire"
    [row] = measures.ask("spend", by=["actor"], where={"actor": "Asanov"}).rows
    assert (row["low"], row["high"]) == (100, 298)
    assert measures.ask("ads").value == 2
    assert str(measures.ask("spend").base).startswith("spending on single ads")


def test_a_reason_is_noted_once_and_an_empty_one_takes_it_away(mission: Project) -> None:
    before = mission.revision.number
    take_down(mission, "Somebody's page")
    take_down(mission, "Somebody's page", "Another reason")
    assert [one.reason for one in TakenDown.objects.of(mission)] == ["Another reason"]
    take_down(mission, "Somebody's page", "")
    assert not TakenDown.objects.of(mission).exists()
    mission.revision.refresh_from_db()
    assert mission.revision.number == before + 3


def test_an_ad_of_another_page_is_refused(mission: Project) -> None:
    ad = add_ad(mission, "1", "Asanov's page")
    with pytest.raises(NotNoted):
        take_down(mission, "Somebody's page", ad=ad)


def test_the_database_keeps_a_note_in_its_project(mission: Project) -> None:
    take_down(mission, "Somebody's page")
    elsewhere = make.project("elsewhere")

    def move() -> None:
        TakenDown.objects.of(mission).update(project=elsewhere)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="same_project"), transaction.atomic():
        move()


# Pages -------------------------------------------------------------------------------------------


def test_a_lead_notes_a_reason_and_readers_see_it(client: Client, mission: Project) -> None:
    add_ad(mission, "77", "Somebody's page")
    client.force_login(make.member(mission, Role.LEAD))
    sent = {"advertiser": page(mission, "Somebody's page").pk, "ad": "77", "reason": POLICY}
    address = reverse("dashboards:ads_taken_down", args=[mission.slug])
    assert client.post(address, sent).status_code == 302
    client.force_login(make.member(mission, Role.VIEWER))
    shown = client.get(reverse(SITE, args=[mission.slug]), {"status": "removed"})
    assert POLICY in shown.content.decode()
    assert client.post(address, sent).status_code == 403


def test_what_cannot_be_noted_is_said_beside_its_field(client: Client, mission: Project) -> None:
    add_ad(mission, "77", "Asanov's page")
    client.force_login(make.member(mission, Role.LEAD))
    sent = {"advertiser": page(mission, "Somebody's page").pk, "ad": "77", "reason": POLICY}
    answer = client.post(reverse("dashboards:ads_taken_down", args=[mission.slug]), sent)
    assert answer.status_code == 422
    assert "This ad is of another page." in answer.content.decode()


def test_the_page_asks_no_more_queries_of_many_ads(client: Client, mission: Project) -> None:
    client.force_login(make.member(mission, Role.VIEWER))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(SITE, args=[mission.slug])).status_code == 200
        return len(captured)

    add_ad(mission, "0", "Asanov's page")
    before = queries()
    for number in range(1, 60):
        add_ad(mission, str(number), "Asanov's page")
    assert queries() == before


def behind(client: Client, mission: Project, query: str) -> Any:
    return client.get(f"{reverse('dashboards:ads_behind', args=[mission.slug])}?{query}")


def test_every_mark_of_the_charts_of_ads_leads_to_the_ads_it_counts(
    client: Client, mission: Project
) -> None:
    other = Page.objects.create(project=mission, page_id="9", name="Somebody's page")
    AdReportLine.objects.create(
        project=mission,
        kind="advertiser",
        advertiser=other,
        covers_from=START,
        covers_to=END,
        currency="USD",
        spend_lower=7,
        spend_upper=7,
        ads=40,
        source_import=Import.objects.of(mission).get(),
    )
    client.force_login(make.member(mission, Role.VIEWER))
    followed = set()
    for key in ("ads-by-advertiser", "ads-by-candidate", "ads-by-number"):
        drawing = MORE[key].draw(Measures(mission))
        for row, words in zip(drawing.rows, drawing.behind.rows, strict=True):
            assert words is not None
            shown = behind(client, mission, drawing.behind.query(words)).context
            assert shown["ads"] == row[-1].shown
            assert shown["base"].n == row[-1].value
            assert "advertiser" not in words or row[0].shown in shown["base"].where
            assert sum(line.line.ads for line in shown["report_lines"]) == row[-1].value
            if key != "ads-by-number":
                low, high = (cell.value for cell in row[1:3])
                assert shown["spend"] == f"{interval(low, high)} USD".strip() or not row[-1].value
            followed.add(shown["ads"])
        [marks] = drawing.behind.marks
        assert marks == drawing.behind.rows[: len(marks)]
    assert {"1", "2", "3", "40"} <= followed


def test_behind_the_number_of_a_country_are_the_lines_of_its_report(
    client: Client, mission: Project
) -> None:
    report_of_kazakhstan(mission)
    client.force_login(make.member(mission, Role.VIEWER))
    lines = {}
    for country in ("KG", "KZ"):
        shown = behind(client, mission, f"measure=ads&country={country}").context
        lines[country] = [one.line.ads for one in shown["report_lines"]]
        assert shown["ads"] == str(sum(lines[country]))
    assert lines == {"KG": [1, 3, 2], "KZ": [9]}


def test_the_page_leads_to_the_reports_of_other_countries(client: Client, mission: Project) -> None:
    client.force_login(make.member(mission, Role.VIEWER))
    assert "other countries" not in client.get(reverse(SITE, args=[mission.slug])).content.decode()
    report_of_kazakhstan(mission)
    shown = client.get(reverse(SITE, args=[mission.slug]))
    [(country, query)] = shown.context["others"]
    assert f'{escape(f"?measure=spend&{query}")}">{country}</a>' in shown.content.decode()
    lines = behind(client, mission, f"measure=spend&{query}").context["report_lines"]
    assert [one.line.country for one in lines] == ["KZ"]


def test_behind_a_number_of_single_ads_are_those_that_ran_in_its_days(
    client: Client, mission: Project
) -> None:
    AdReportLine.objects.of(mission).delete()
    add_ad(mission, "1", "Asanov's page")
    add_ad(mission, "2", "Somebody's page")
    add_ad(mission, "3", "Somebody's page", ends_on=START - DAY, starts_on=START - 9 * DAY)
    client.force_login(make.member(mission, Role.VIEWER))
    shown = behind(client, mission, "measure=spend&period=entire").context
    assert {line.ad.native_id for line in shown["lines"]} == {"1", "2"}
    assert (shown["ads"], shown["spend"]) == ("2", "≤198 USD")


@pytest.mark.parametrize(
    ("query", "right"), [("measure=likes", "no ads behind"), ("colour=red", "advertiser")]
)
def test_a_wrong_question_about_ads_is_told_the_right_words(
    query: str, right: str, client: Client, mission: Project
) -> None:
    client.force_login(make.member(mission, Role.VIEWER))
    answer = behind(client, mission, query)
    assert (answer.status_code, right in answer.content.decode()) == (400, True)


def test_nobody_from_elsewhere_sees_or_notes(client: Client, mission: Project) -> None:
    client.force_login(make.user("stranger"))
    assert client.get(reverse(SITE, args=[mission.slug])).status_code == 404
    assert behind(client, mission, "measure=ads").status_code == 404
    assert client.post(reverse("dashboards:ads_taken_down", args=[mission.slug])).status_code == 404


def test_the_export_says_what_became_of_ads_and_pages(mission: Project) -> None:
    take_down(mission, "Asanov's page", "All of it")
    ad = add_ad(mission, "9", "Somebody's page", platforms=["facebook", "instagram"])
    take_down(mission, "Somebody's page", ad=ad)
    table = table_of(mission, "ads")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows()]
    told = {(row["advertiser"], row["native_id"]): row["taken_down"] for row in rows}
    assert told == {
        ("Asanov's page", None): "All of it",
        ("Asanov's second page", None): None,
        ("Somebody's page", None): None,
        ("Somebody's page", "9"): POLICY,
    }
    assert (rows[-1]["status"], rows[-1]["platforms"]) == ("removed", ["facebook", "instagram"])
