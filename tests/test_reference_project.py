"""The main job, whole: from files in CrowdTangle's layout to every figure of the report.

What ``make demo`` does is done once for this module; its tests then only read.
"""

import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from rich.console import Console

from coding.models import FinalCoding
from coding.services.codings import verify_history
from config import reference_project
from dashboards.charts import CHARTS
from dashboards.findings.wording import GAP
from dashboards.measures import Measures, Result
from dashboards.report.check import Checker
from dashboards.report.published import Figure, read_figures
from monitoring.models import DailyTotal, Import, Post, Project
from tests.chapter_two import PRINTED, ROUNDED, SLIPS
from tests.monitoring.reference.once import built_once

pytestmark = pytest.mark.django_db

FIGURES = configured.BASE_DIR / "monitoring/reference/kyrgyzstan_2021/published_figures.csv"
NUMBERS = ("posts", "interactions", "reactions", "comments", "shares", "views", "rate_sum")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files that are imported."""
    return built_once(tmp_path_factory).pages.parent


@pytest.fixture(scope="module")
def reference(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    exports: Path,
) -> Iterator[Project]:
    home = tmp_path_factory.mktemp("home")
    with (
        django_db_blocker.unblock(),
        override_settings(HOME=home, MEDIA_ROOT=home / "media"),
    ):
        reference_project.load(Console(file=io.StringIO()), exports=exports)
        yield Project.objects.get(slug=reference_project.SLUG)
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def lead(reference: Project) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="lead"))
    return client


def printed(command: str, *arguments: object, **options: object) -> dict:
    """What a command prints with --json: one object on the last line."""
    out = io.StringIO()
    call_command(command, *arguments, json=True, stdout=out, **options)
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_all_551_published_figures_come_out_of_the_measures(reference: Project) -> None:
    verdict = printed("check_report", reference.slug)
    assert verdict == {"figures": 551, "matched": 551, "mismatched": [], "not_computable": []}


def test_a_figure_that_no_longer_agrees_is_named(reference: Project) -> None:
    candidate = Post.objects.of(reference).by_category("candidate").on_platform("facebook").first()
    day = candidate.published_at.astimezone(reference.zone).date()
    DailyTotal.objects.filter(account=candidate.account, day=day, type=candidate.type).update(
        posts=999
    )
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_report", reference.slug, json=True, stdout=out)
    assert "fb.posts.candidate" in json.loads(out.getvalue())["mismatched"]


def test_every_row_of_every_file_is_accounted_for(reference: Project) -> None:
    imports = Import.objects.of(reference)
    assert {one.state for one in imports} == {"done"}
    assert sum(one.rows_created for one in imports) == 134_900 + 9_379 + 300 + 9
    assert sum(one.rows_rejected + one.rows_waiting for one in imports) == 0


def test_importing_the_same_files_again_changes_nothing(reference: Project, exports: Path) -> None:
    def everything() -> list[tuple]:
        return list(
            DailyTotal.objects.filter(account__project=reference)
            .order_by("account", "day", "type")
            .values_list("account", "day", "type", *NUMBERS)
        )

    before = everything()
    for path in sorted(exports.glob("*.csv")):
        again = printed("import_file", path, project=reference.slug)
        assert (again["created"], again["updated"], again["rejected"]) == (0, 0, 0)
        assert again["unchanged"] == again["read"] > 0
    assert everything() == before


def test_importing_the_same_codings_again_changes_nothing(
    reference: Project, exports: Path
) -> None:
    before = FinalCoding.objects.of(reference).count()
    again = printed("import_codings", exports / "codings.jsonl", project=reference.slug)
    assert (again["codings"], again["settlements"]) == (0, 0)
    assert FinalCoding.objects.of(reference).count() == before


def test_the_history_of_codings_is_as_it_was_stored(reference: Project) -> None:
    verdict = verify_history(project=reference)
    assert verdict.first_broken is None
    assert verdict.rows > 500


def test_the_report_page_is_made_of_few_queries_and_no_scan_of_the_posts(
    lead: Client, reference: Project
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert lead.get(reverse("dashboards:report", args=[reference.slug])).status_code == 200
    assert len(queries) <= 50
    for query in queries:
        if "monitoring_post" in query["sql"]:
            assert "coding_" in query["sql"] or "LIMIT" in query["sql"] or "IN (" in query["sql"]


def test_every_page_says_that_it_is_reconstructed(lead: Client, reference: Project) -> None:
    pages = ["monitoring:project", "monitoring:actors", "monitoring:imports", "coding:review"]
    pages += ["coding:desk", "coding:coded", "dashboards:dashboard", "dashboards:report"]
    for page in pages:
        answer = lead.get(reverse(page, args=[reference.slug]))
        assert "Reconstructed from the published figures" in answer.content.decode(), page


def test_loading_again_finds_everything_done(reference: Project) -> None:
    with CaptureQueriesContext(connection) as queries:
        reference_project.load(Console(file=io.StringIO()))
    assert len(queries) < 40
    assert Import.objects.of(reference).count() == 5


class MeasuresOfTheApi(Measures):
    """Answers that came over HTTP, as another program gets them."""

    def __init__(self, project: Project, client: Client) -> None:
        super().__init__(project)
        self.client = client
        self.known: dict[str, list] = {}

    def ask(self, measure: str, *, by=(), where=None, period="entire", scope="all", against=""):  # type: ignore[no-untyped-def]
        asked = {"measure": measure, "by": list(by), "period": period, "scope": scope}
        asked |= {key: v if isinstance(v, str) else list(v) for key, v in (where or {}).items()}
        query = urlencode(asked, doseq=True)
        if query not in self.known:
            url = f"/api/v1/projects/{self.background.project.slug}/measures/?{query}"
            self.known[query] = self.client.get(url).json()["rows"]
        return Result(measure, tuple(by), self.known[query], base=None)


def test_all_551_published_figures_come_out_of_the_api(
    lead: Client, reference: Project, settings: Any
) -> None:
    settings.MEASURES_REMEMBERED_SECONDS = 60
    checker = Checker(reference)
    checker.measures = MeasuresOfTheApi(reference, lead)
    verdicts = checker.check(read_figures(FIGURES))
    assert [one.figure.id for one in verdicts if not one.agrees] == []
    assert len(verdicts) == 551
    assert len(checker.measures.known) > 50


def test_every_printed_cell_of_the_24_charts_is_in_its_table(reference: Project) -> None:
    figures = {figure.id: figure for figure in read_figures(FIGURES)}
    accounts = Measures(reference).background.directory.accounts
    printed_cells: dict[int, list] = {}
    for figure in figures.values():
        if found := re.fullmatch(r"Chart (\d+)", figure.where):
            row = figures[figure.numerator] if figure.numerator else figure
            if row.account:
                printed_cells.setdefault(int(found[1]), []).append((figure, row))
    checked = 0
    for number, cells in printed_cells.items():
        drawing = CHARTS[number].draw(Measures(reference))
        keys = [column.key for column in drawing.columns]
        rows: dict[str, list] = {}
        # An actor's pages from the silent to the busy one: "(1)", "(2)" in the printed labels.
        for row, words in reversed(list(zip(drawing.rows, drawing.behind.rows, strict=True))):
            rows.setdefault(accounts[words["account"]].actor.name, []).append(row)
        for figure, printed_row in cells:
            pages = rows[printed_row.actor]
            second = printed_row.account.endswith("(2)")
            cell = pages[int(second)][keys.index(_column(figure))]
            assert figure.agrees_with(Decimal(str(cell.value))), (number, figure.id, cell)
            checked += 1
    assert set(printed_cells) == {2, 11, 12, 13, 15, 17, 20, 24}
    assert checked == 289


def test_chapter_two_is_reproduced_sentence_by_sentence(reference: Project) -> None:
    findings = printed("findings", reference.slug)["findings"]
    texts = [finding["text"] for finding in findings]
    missing = [
        parts for parts in PRINTED if not any(all(part in text for part in parts) for text in texts)
    ]
    assert missing == []
    assert len(findings) == 35
    assert not any(GAP in text for text in texts)


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_chapter_two_has_the_same_numbers_in_every_language(
    reference: Project, language: str
) -> None:
    def numbers(text: str, thousands: str, decimals: str) -> list[str]:
        plain = text.replace(thousands, "")
        found = re.findall(rf"\d+(?:\{decimals}\d+)?", plain)
        return sorted(number.replace(decimals, ".") for number in found)

    english = printed("findings", reference.slug)["findings"]
    other = printed("findings", reference.slug, language=language)["findings"]
    assert [one["numbers"] for one in english] == [one["numbers"] for one in other]
    for one, another in zip(english, other, strict=True):
        assert re.search(r"[а-яё]", another["text"])
        here, there = one["text"], another["text"]
        assert numbers(here, ",", ".") == numbers(there, "\u00a0", ","), there


def test_the_linter_finds_the_slips_of_the_report_and_nothing_else(reference: Project) -> None:
    findings = printed("findings", reference.slug)["findings"]
    remarks = [remark for finding in findings for remark in finding["remarks"]]
    assert [one["text"] for one in remarks if one["is_wrong"]] == SLIPS
    assert [one["text"] for one in remarks if not one["is_wrong"]] == ROUNDED


def _column(figure: Figure) -> str:
    names = {"share_pct": "share_percent", "posts": "total", "interactions": "total"}
    return names.get(figure.measure, figure.measure)
