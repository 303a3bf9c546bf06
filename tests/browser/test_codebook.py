"""The codebook editor and the samples page in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coding.models import Topic
from monitoring.models import Project, Role
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]


@pytest.fixture
def project() -> Project:
    return make.project()


def names(page: Page) -> list[str]:
    return [name.strip() for name in page.locator("[data-open] bdi").all_inner_texts()]


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in ("serious", "critical")]


def test_a_lead_writes_a_codebook_by_keyboard(open_page: OpenPage, project: Project) -> None:
    make.codebook(project)
    page = open_page(as_user=make.member(project, Role.LEAD))
    page.goto("/p/mission/codebook/")
    assert names(page) == ["elections", "politics", "media"]
    page.keyboard.press("n")
    page.keyboard.type("Women")
    page.keyboard.press("Enter")
    name = page.get_by_label("Name (English)")
    expect(name).to_be_focused()
    page.keyboard.type("Women and men")
    page.get_by_label("Definition").fill("Roles.")
    page.keyboard.press("Control+Enter")
    last = page.locator("[data-open]").last
    expect(last).to_be_focused()
    expect(last).to_contain_text("Women and men Roles.")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-open]").nth(2)).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".depth-1 [data-open]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".depth-1 [data-open]")).to_be_focused()
    assert Topic.objects.get(key="women").parent.key == "politics"


def test_an_entry_is_dragged_before_another(open_page: OpenPage, project: Project) -> None:
    make.codebook(project)
    page = open_page(as_user=make.member(project, Role.LEAD))
    page.goto("/p/mission/codebook/")
    rows = page.locator("[data-entry]")
    rows.nth(2).drag_to(rows.nth(0))
    expect(rows.first).to_contain_text("media")
    assert names(page) == ["media", "elections", "politics"]


def test_the_pages_fit_a_telephone_and_a_screen_reader(
    open_page: OpenPage, project: Project
) -> None:
    make.codebook(project)
    outlet = make.account(make.actor(project, category="media"))
    make.post(outlet)
    page = open_page(as_user=make.member(project, Role.LEAD), width=360, height=800)
    for path in ("codebook/", "codebook/publish/", "codebook/recheck/", "samples/?preview=1"):
        page.goto(f"/p/mission/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert serious(page) == [], path
    page.goto("/p/mission/codebook/")
    page.locator("[data-open]").first.click()
    expect(page.get_by_label("Name (English)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert serious(page) == []
