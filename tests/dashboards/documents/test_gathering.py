"""What a report holds is what its page shows."""

import json
from dataclasses import asdict

import pytest
from django.utils.translation import override

from dashboards.documents.content import Report
from dashboards.documents.gathering import gather
from monitoring.models import Project
from monitoring.services.revisions import note_change
from tests.dashboards.documents.conftest import HOSTILE, Gathered
from tests.dashboards.examples import AT


def facts(report: Report) -> dict[str, str]:
    return dict(report.facts)


def test_every_chart_is_there_in_order_with_all_its_numbers(gathered: Gathered) -> None:
    parts = gathered.report.all_charts
    assert [one.caption for one in parts] == [one.chart.caption for one in gathered.shown]
    for part, shown in zip(parts, gathered.shown, strict=True):
        assert part.rows == [[cell.shown for cell in row] for row in shown.drawing.rows]
        assert part.base.replace("\u00a0", " ") == shown.drawing.base.printed
        assert len(part.heads) == len(shown.drawing.heads)


def test_the_title_page_says_what_is_not_final_yet(gathered: Gathered) -> None:
    said = facts(gathered.report)
    assert gathered.provisional > 0 < gathered.unsettled
    assert said["Provisional posts"] == str(gathered.provisional)
    assert said["Posts that wait for a decision"] == str(gathered.unsettled)
    assert said["Languages of the posts"] == "Kyrgyz, Russian"
    # Noon in UTC is evening in the project's zone.
    assert said["Document made"] == "8 February 2021, 18:00"


def test_a_finding_with_a_gap_is_left_out(gathered: Gathered) -> None:
    sentences = [one for _title, found in gathered.report.findings for one in found]
    assert sentences == [f"In all {gathered.total} posts."]


def test_only_pictures_that_may_be_published_come_along(gathered: Gathered) -> None:
    (case,) = gathered.report.cases
    assert [(one.media_type, one.caption) for one in case.pictures] == [
        ("image/jpeg", "As JPEG"),
        ("image/png", "As PNG"),
    ]
    assert case.quote == HOSTILE
    assert ("fact-check", "Checked, https://example.org/checked") in case.facts


def test_everybody_monitored_is_listed_with_their_accounts(gathered: Gathered) -> None:
    rows = [row for part in gathered.report.actors for row in part.rows]
    assert len(rows) == int(facts(gathered.report)["Monitored"].split()[0])
    assert ["Asanov", "no account"] in rows


def test_sample_rules_are_said_in_words(gathered: Gathered) -> None:
    said = " ".join(gathered.report.methodology)
    assert "candidate: all posts." in said
    assert "posts with most interactions per sampled category and platform." in said


def test_numbers_are_in_the_form_of_the_language() -> None:
    from dashboards.documents.annex import in_language

    with override("ky"):
        assert in_language("1,065.50") == "1\u00a0065,50"


@pytest.mark.django_db
def test_actors_are_called_what_the_readers_of_the_language_call_them(mission: Project) -> None:
    covered = mission.actors.get(name="Actor 0")
    covered.names.create(text="Садыр Жапаров", script="cyrillic")
    mission.actors.filter(pk=covered.pk).update(name="Japarov Sadyr")
    note_change(project_id=mission.pk)
    with override("ru"):
        report = gather(mission, at=AT)
    tone = next(one for one in report.all_charts if one.number == 6)
    told = json.dumps([tone.rows, tone.figure, asdict(report)["advertising"]], ensure_ascii=False)
    assert "Садыр Жапаров" in told
    assert "Japarov" not in told
