"""Findings are written, bound and read in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboards.findings.template import proposed
from dashboards.measures import Measures
from dashboards.services.findings import add_findings
from monitoring.models import Membership, Project
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mission() -> Project:
    return random_mission(1)


@pytest.fixture
def lead(mission: Project) -> User:
    user = User.objects.create_user("lead")
    Membership.objects.create(project=mission, user=user, role="lead")
    return user


def test_a_number_is_picked_put_where_the_cursor_is_and_saved(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead)
    page.goto(reverse("dashboards:new_finding", args=[mission.slug]))
    page.get_by_label("In English").fill("There were  in all.")
    page.get_by_label("Name in the sentence").fill("posts")
    # Enter in the picker looks at the number, and saves nothing.
    page.get_by_label("Name in the sentence").press("Enter")
    expect(page.locator(".picked strong")).to_have_text(str(total(mission)))
    page.get_by_role("button", name="Add the number").click()
    text = page.get_by_label("In English")
    text.evaluate("area => { area.focus(); area.setSelectionRange(11, 11); }")
    page.get_by_role("button", name="{posts}").click()
    expect(text).to_have_value("There were {posts} in all.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".finding-text")).to_have_text(f"There were {total(mission)} in all.")


def total(mission: Project) -> int:
    return int(Measures(mission).ask("posts").value)


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (360, "dark")])
def test_the_pages_fit_and_have_no_accessibility_fault(
    width: int, scheme: str, open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    chosen = proposed("presidential_election", Measures(mission))
    made = add_findings(project=mission, proposed=chosen, by=lead, at=timezone.now())
    page = open_page(as_user=lead, width=width, color_scheme=scheme)
    for name, rest in (("findings", []), ("finding", [made[0].pk])):
        page.goto(reverse(f"dashboards:{name}", args=[mission.slug, *rest]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        faults = Axe().run(page).response["violations"]
        assert [one["id"] for one in faults if one["impact"] in ("serious", "critical")] == []
