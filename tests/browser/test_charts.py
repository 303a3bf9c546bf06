"""Charts in a real browser: marks that lead to posts, pictures, colours, the dashboard arranged."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from dashboards.charts import MORE
from monitoring.models import Membership, Project
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mission() -> Project:
    return coded_mission(1)


@pytest.fixture
def page(open_page: Callable[..., Page], mission: Project) -> Page:
    lead = User.objects.create_user("lead")
    Membership.objects.create(project=mission, user=lead, role="lead")
    return open_page(as_user=lead, accept_downloads=True)


def address(name: str, mission: Project, *rest: object) -> str:
    return reverse(f"dashboards:{name}", args=[mission.slug, *rest])


def test_every_chart_beyond_the_reports_is_drawn_within_the_policy(
    page: Page, mission: Project
) -> None:
    for key in MORE.keys() - {"ads-by-advertiser", "ads-by-candidate", "ads-by-number"}:
        page.goto(address("chart", mission, key))
        expect(page.locator(".main-svg").first).to_be_visible()


def test_a_bar_leads_to_its_posts_and_so_does_its_row(page: Page, mission: Project) -> None:
    page.goto(address("chart", mission, "shares-of-candidates"))
    expect(page.locator(".main-svg").first).to_be_visible()
    name = page.locator("tbody th").first.inner_text()
    by_keyboard = page.locator("tbody th a").first.get_attribute("href")
    # Plotly listens on a layer above the bars.
    bar = page.locator(".bars .point path").first.bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/dashboard/posts/**")
    expect(page.get_by_role("heading", name="Posts behind a number")).to_be_visible()
    expect(page.locator(".base")).to_contain_text(name)
    shown = page.locator(".behind-count").inner_text()
    page.goto(by_keyboard)
    assert page.locator(".behind-count").inner_text() == shown


def test_a_picture_comes_in_the_colours_of_its_page(
    page: Page, mission: Project, tmp_path: Path
) -> None:
    def saved(link: str) -> bytes:
        with page.expect_download() as download:
            page.get_by_role("link", name=link, exact=True).click()
        path = tmp_path / "picture"
        download.value.save_as(path)
        return path.read_bytes()

    page.goto(address("chart", mission, 6))
    expect(page.locator(".main-svg").first).to_be_visible()
    assert b"#2f7d4f" in saved("SVG")
    page.get_by_role("button", name="Colours for everyone").click()
    assert b"#2166ac" in saved("SVG")
    assert saved("PNG").startswith(b"\x89PNG")


def test_colours_that_everyone_can_tell_apart_are_one_switch_away_and_stay(
    page: Page, mission: Project
) -> None:
    bar = page.locator(".bars .point path").first

    def colour() -> str:
        return bar.evaluate("bar => getComputedStyle(bar).fill")

    page.goto(address("chart", mission, "shares-of-candidates"))
    expect(bar).to_be_visible()
    before = colour()
    page.get_by_role("button", name="Colours for everyone").click()
    expect(bar).not_to_have_css("fill", before)
    after = colour()
    page.reload()
    expect(bar).to_be_visible()
    assert colour() == after


def test_a_day_leads_to_the_posts_of_the_day_that_is_told(page: Page, mission: Project) -> None:
    page.goto(address("chart", mission, "activity-by-category"))
    expect(page.locator(".main-svg").first).to_be_visible()
    tallest = page.locator(".bars .point path").evaluate_all(
        """all => all.map(one => one.getBoundingClientRect())
            .sort((one, other) => other.height - one.height)[0].toJSON()"""
    )
    # In the afternoon: the next day's midnight is nearer than the day's own.
    page.mouse.move(tallest["x"] + 0.8 * tallest["width"], tallest["y"] + tallest["height"] / 2)
    told = page.locator(".hoverlayer .hovertext").filter(has_text="Posts")
    expect(told).to_be_visible()
    day, month, posts = re.search(r"(\d\d)\.(\d\d)Posts: (\d+)", told.text_content()).groups()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(f"**/dashboard/posts/**day=2020-{month}-{day}**")
    expect(page.locator(".behind-count")).to_contain_text(posts)


def test_the_dashboard_is_arranged_by_keyboard_and_by_dragging(
    page: Page, mission: Project
) -> None:
    def order() -> list[str]:
        return page.locator("[data-item] input").evaluate_all("all => all.map(one => one.value)")

    page.goto(address("arrange", mission))
    first, second, third = order()[:3]
    page.locator("[data-item]").first.get_by_role("button", name="Down").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert order()[:3] == [second, third, first]
    items = page.locator("[data-item]")
    items.nth(2).drag_to(items.nth(0), target_position={"x": 20, "y": 4})
    assert order()[:3] == [first, second, third]
    items.nth(0).get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{address('dashboard', mission)}")
    shown = page.locator("[data-chart]").evaluate_all("all => all.map(one => one.dataset.chart)")
    assert shown[:2] == [second, third]
    assert first not in shown


def test_a_chart_is_built_by_choosing(page: Page, mission: Project) -> None:
    page.goto(address("build", mission))
    page.get_by_label("What to count").select_option("mentions")
    page.get_by_label("By", exact=True).select_option("about")
    page.get_by_label("and by").select_option("tone")
    page.get_by_label("Drawn as").select_option("stacked")
    page.get_by_label("Title", exact=True).fill("Tone toward everyone")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#chart-preview .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Save, and put it on the dashboard").click()
    expect(page.get_by_role("link", name="Tone toward everyone").first).to_be_visible()


@pytest.mark.parametrize("name", ["dashboard", "top_posts", "ads", "build", "arrange"])
def test_pages_of_the_dashboard_fit_a_phone(
    name: str, open_page: Callable[..., Page], mission: Project
) -> None:
    lead = User.objects.create_user("lead")
    Membership.objects.create(project=mission, user=lead, role="lead")
    page = open_page(as_user=lead, width=360, color_scheme="dark")
    page.goto(address(name, mission))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
