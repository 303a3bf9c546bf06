"""Agreement, review and the leads' board in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coding.models import FinalCoding, FinalState
from monitoring.models import Role
from tests.coding.coded_twice import code, make_coded_twice, settle
from tests.coding.desk_project import DeskProject

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
PAGES = ["agreement/", "agreement/?variable=topics", "review/", "progress/", "code/outcomes/"]


@pytest.fixture
def coded() -> DeskProject:
    """Eight posts; aida and bakyt disagree about the first and the fifth."""
    return make_coded_twice()[0]


def shows(page: Page, text: str) -> None:
    """The page says so, and listens to keys."""
    expect(page.get_by_text(text)).to_be_visible()
    page.wait_for_load_state()


def settled() -> list[int]:
    rows = FinalCoding.objects.filter(state=FinalState.SETTLED)
    return list(rows.order_by("post").values_list("post", flat=True))


def test_a_lead_decides_by_one_key_and_undoes_by_another(
    open_page: OpenPage, coded: DeskProject
) -> None:
    page = open_page(as_user=coded.member("lead", Role.LEAD))
    page.goto("/p/mission/review/")
    shows(page, "2 posts wait for a decision")
    page.keyboard.press("w")
    page.keyboard.type("1 quote, not praise")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    shows(page, "1 post waits for a decision")
    assert settled() == [coded.posts[0].pk]
    reason = coded.posts[0].codings.get(kind="settlement").reason
    assert reason == "1 quote, not praise"
    page.keyboard.press("u")
    shows(page, "2 posts wait for a decision")
    assert settled() == []


def test_a_key_held_down_decides_one_post(open_page: OpenPage, coded: DeskProject) -> None:
    page = open_page(as_user=coded.member("lead", Role.LEAD))
    page.goto("/p/mission/review/")
    page.keyboard.down("1")
    shows(page, "1 post waits for a decision")
    page.keyboard.down("1")  # the keyboard repeats it on the next page
    page.keyboard.up("1")
    shows(page, "1 post waits for a decision")
    assert settled() == [coded.posts[0].pk]


def test_an_answer_of_one_s_own_and_leaving_for_later(
    open_page: OpenPage, coded: DeskProject
) -> None:
    page = open_page(as_user=coded.member("lead", Role.LEAD))
    page.goto("/p/mission/review/")
    page.keyboard.press("l")
    shows(page, coded.posts[4].text)
    page.keyboard.press("o")
    expect(page.locator("[data-review-own]")).to_have_attribute("open", "")
    page.locator(".chip", has_text="Media").click()
    page.get_by_label("Why?").fill("Neither saw what it is about.")
    page.get_by_role("button", name="Settle so").click()
    shows(page, "1 post waits for a decision")
    assert settled() == [coded.posts[4].pk]


def test_agreement_follows_what_monitors_save(open_page: OpenPage, coded: DeskProject) -> None:
    page = open_page(as_user=coded.member("lead", Role.LEAD), hurried=True)
    page.goto("/p/mission/agreement/")
    equal = page.get_by_role("row", name="Tone").get_by_role("cell").nth(3)
    expect(equal).to_have_text("75.0%")
    page.get_by_text("How to read this").click()
    code(coded, User.objects.get(username="bakyt"), coded.posts[0], tone="positive")
    expect(equal).to_have_text("87.5%", timeout=15_000)
    expect(page.get_by_text("Krippendorff’s alpha is 1 where all agree")).to_be_visible()


def test_from_a_cell_of_the_matrix_to_the_review_of_its_post(
    open_page: OpenPage, coded: DeskProject
) -> None:
    page = open_page(as_user=coded.member("lead", Role.LEAD))
    page.goto("/p/mission/agreement/?variable=tone")
    page.get_by_role("row", name="Neutral").get_by_role("link").first.click()
    page.get_by_role("link", name="Review this post").click()
    expect(page.get_by_role("heading", name="What monitors answered")).to_be_visible()
    expect(page.get_by_text(coded.posts[0].text)).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height", "color_scheme"), [(1366, 768, "light"), (360, 740, "dark")]
)
def test_the_pages_fit_and_have_no_accessibility_fault(
    open_page: OpenPage, coded: DeskProject, width: int, height: int, color_scheme: str
) -> None:
    lead = coded.member("lead", Role.LEAD)
    coded.assign(lead, coded.posts[:2])
    code(coded, lead, coded.posts[1], tone="negative", topics=("media", "health"))
    settle(coded, coded.member("other-lead", Role.LEAD), coded.posts[1])
    page = open_page(as_user=lead, width=width, height=height, color_scheme=color_scheme)
    for path in PAGES:
        page.goto(f"/p/mission/{path}")
        found = Axe().run(page).response["violations"]
        faults = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
        assert faults == [], (path, found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
