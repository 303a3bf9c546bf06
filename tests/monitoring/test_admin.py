"""The keeper's pages do not make projects that charts and reports cannot be drawn of."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from monitoring.models import Period
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("keeper"))
    return client


def change(period: Period, **others: str) -> dict[str, str]:
    """What the page of a project sends of its only period."""
    project = period.project
    own = {name: str(getattr(period, name)) for name in ("key", "name", "start", "end")}
    sent = {"id": str(period.pk), "project": str(project.pk), **own, **others}
    shown = {
        **{name: str(getattr(project, name)) for name in ("slug", "name", "country", "timezone")},
        "languages": "[]",
        "stabilisation_days": str(project.stabilisation_days),
        "counters_rule": project.counters_rule,
    }
    counts = {"periods": 1, "memberships": 0, "categories": 0}
    for inline, number in counts.items():
        shown[f"{inline}-TOTAL_FORMS"] = shown[f"{inline}-INITIAL_FORMS"] = str(number)
    return {**shown, **{f"periods-0-{name}": value for name, value in sent.items()}}


def test_nobody_adds_a_project_without_categories_and_periods(keeper: Client) -> None:
    assert keeper.get("/admin/monitoring/project/add/").status_code == 403


@pytest.mark.parametrize("others", [{"DELETE": "on"}, {"key": "whole"}])
def test_the_whole_period_of_a_project_stays(keeper: Client, others: dict[str, str]) -> None:
    period = make.project().periods.get()
    address = f"/admin/monitoring/project/{period.project_id}/change/"
    refused = keeper.post(address, change(period, **others))
    assert "A project needs the period “entire”" in refused.content.decode()
    assert Period.objects.filter(pk=period.pk, key="entire").exists()


def test_the_days_of_a_period_can_be_mended(keeper: Client) -> None:
    period = make.project().periods.get()
    address = f"/admin/monitoring/project/{period.project_id}/change/"
    answer = keeper.post(address, change(period, end="2021-02-01"))
    assert answer.status_code == 302, answer.context["errors"]
    period.refresh_from_db()
    assert str(period.end) == "2021-02-01"
