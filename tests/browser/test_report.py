"""The report in a real browser: every chart drawn, nothing asked elsewhere, and always true."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from monitoring.models import Account, Membership, Project
from monitoring.services.revisions import note_change
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


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (390, "dark")])
def test_every_chart_of_the_report_is_drawn(
    width: int, scheme: str, open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead, width=width, color_scheme=scheme)
    page.goto(reverse("dashboards:report", args=[mission.slug]))
    for number in range(1, 25):
        chart = page.locator(f"#chart-{number}")
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_button_sends_a_chart_to_another_host(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead)
    page.goto(reverse("dashboards:chart", args=[mission.slug, 1]))
    expect(page.locator(".main-svg").first).to_be_visible()
    page.locator("[data-figure]").hover()
    titles = page.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map(button => button.dataset.title)"
    )
    assert titles
    assert not [title for title in titles if "share" in title.lower() or "cloud" in title.lower()]


def test_a_change_shows_on_an_open_page_within_five_seconds(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead)
    page.goto(reverse("dashboards:chart", args=[mission.slug, 1]))
    expect(page.locator(".main-svg").first).to_be_visible()
    candidate = mission.categories.get(key="candidate")
    actor = candidate.actors.first() or candidate.actors.create(project=mission, name="New")
    Account.objects.create(
        project=mission,
        actor=actor,
        platform="facebook",
        kind="page",
        native_id="late",
        name="A page that came late",
    )
    note_change(project_id=mission.pk)
    expect(page.locator("[data-table]")).to_contain_text("A page that came late", timeout=5000)
    expect(page.locator(".ytick").filter(has_text="A page that came late")).to_be_visible()


def test_a_page_says_when_it_has_lost_its_connection(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead, hurried=True)
    page.goto(reverse("dashboards:dashboard", args=[mission.slug]))
    page.route("**/changes/**", lambda route: route.fulfill(status=204, body=""))
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    expect(page.get_by_text("No connection")).to_be_visible(timeout=6000)


def test_a_figure_grows_with_its_rows(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead, width=390, hurried=True)
    page.goto(reverse("dashboards:chart", args=[mission.slug, 7]))
    expect(page.locator(".main-svg").first).to_be_visible()
    party = mission.categories.get(key="party")
    actor = party.actors.create(project=mission, name="A new party")
    for number in range(12):
        actor.accounts.create(
            project=mission,
            platform="facebook",
            kind="page",
            native_id=f"late-{number}",
            name=f"Late page {number}",
        )
    note_change(project_id=mission.pk)
    expect(page.locator("[data-table]")).to_contain_text("Late page 11", timeout=5000)
    drawing = page.locator(".main-svg").first.bounding_box()
    table = page.locator("[data-table]").bounding_box()
    assert drawing
    assert table
    assert drawing["y"] + drawing["height"] <= table["y"]


def test_a_line_that_went_dead_is_said_and_asked_again(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead, hurried=True)
    page.goto(reverse("dashboards:chart", args=[mission.slug, 1]))
    page.route("**/changes/**", lambda route: None)
    expect(page.get_by_text("No connection")).to_be_visible(timeout=6000)
    page.unroute("**/changes/**")
    page.route("**/changes/**", lambda route: route.fulfill(status=204, body=""))
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=10000)


def test_a_printed_report_has_every_chart(
    open_page: Callable[..., Page], lead: User, mission: Project
) -> None:
    page = open_page(as_user=lead)
    page.goto(reverse("dashboards:report", args=[mission.slug]))
    # The findings come before the charts, which are drawn when somebody comes near them.
    page.locator("#chart-1").scroll_into_view_if_needed()
    expect(page.locator(".main-svg").first).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-drawn]").count() == 24
    widths = page.locator("[data-figure] > .plot-container .main-svg:first-child").evaluate_all(
        "drawings => drawings.map(drawing => drawing.getBoundingClientRect().width)"
    )
    assert max(widths) <= 640
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
