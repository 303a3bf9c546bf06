"""The main job, whole: from files in CrowdTangle's layout to every figure of the report.

What ``make demo`` does is done once for this module; its tests then only read.
"""

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
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
from monitoring.models import DailyTotal, Import, Post, Project

pytestmark = pytest.mark.django_db

NUMBERS = ("posts", "interactions", "reactions", "comments", "shares", "views", "rate_sum")


@pytest.fixture(scope="module")
def reference(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    home = tmp_path_factory.mktemp("home")
    with (
        django_db_blocker.unblock(),
        override_settings(HOME=home, MEDIA_ROOT=home / "media"),
    ):
        reference_project.load(Console(file=io.StringIO()))
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


def test_importing_the_same_files_again_changes_nothing(reference: Project) -> None:
    def everything() -> list[tuple]:
        return list(
            DailyTotal.objects.filter(account__project=reference)
            .order_by("account", "day", "type")
            .values_list("account", "day", "type", *NUMBERS)
        )

    before = everything()
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=f"{folder}/media"):
        call_command("build_reference", reference.slug, out=Path(folder), stdout=io.StringIO())
        for path in sorted(Path(folder).glob("*.csv")):
            again = printed("import_file", path, project=reference.slug)
            assert (again["created"], again["updated"], again["rejected"]) == (0, 0, 0)
            assert again["unchanged"] == again["read"] > 0
    assert everything() == before


def test_importing_the_same_codings_again_changes_nothing(reference: Project) -> None:
    before = FinalCoding.objects.of(reference).count()
    with tempfile.TemporaryDirectory() as folder:
        call_command("build_reference", reference.slug, out=Path(folder), stdout=io.StringIO())
        again = printed("import_codings", Path(folder) / "codings.jsonl", project=reference.slug)
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
    assert len(queries) <= 30
    for query in queries:
        if "monitoring_post" in query["sql"]:
            assert "coding_" in query["sql"]


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
