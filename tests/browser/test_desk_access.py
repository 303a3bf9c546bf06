"""The desk for everybody: without a mouse, with a screen reader, with a thumb."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coding.models import CodebookVersion, Coding, CodingKind, Reply, VersionState
from monitoring.models import Role
from tests.browser.desk import codings_of, press, save_state, wait_for_rows
from tests.coding.desk_project import GRADES, DeskProject, publish_codebook
from tests.coding.test_blind import answer_as

pytestmark = pytest.mark.django_db(transaction=True)


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_axe_finds_no_serious_fault_on_the_pages_of_coding(
    open_page: Callable[..., Page], desk_project: DeskProject, monitor: User
) -> None:
    lead = desk_project.member("lead", Role.LEAD)
    other = desk_project.member("other")
    desk_project.assign(other)
    desk_project.assign(lead)
    answer_as(monitor, desk_project, 0, reason="Look", asks="lead")
    answer_as(monitor, desk_project, 1, reason="Look here too", asks="lead")
    Reply.objects.create(
        coding=Coding.objects.earliest("pk"), lead=lead, text="So", made_at=lead.date_joined
    )
    page = open_page(as_user=lead)
    found = []
    for address in ("code/", "code/coded/", "code/asked/", "review/"):
        page.goto(f"/p/mission/{address}")
        found += faults(page)
    page.goto("/p/mission/code/")
    press(page, "1 p e g")
    found += faults(page)
    press(page, "g m f 2 s")
    found += faults(page)
    page.emulate_media(color_scheme="dark")
    found += faults(page)
    press(page, "Escape ?")
    found += faults(page)
    phone = open_page(as_user=monitor, width=360, height=780)
    phone.goto("/p/mission/code/")
    assert found + faults(phone) == []


def test_every_answer_can_be_given_by_tab_and_space_alone(desk: Page, monitor: User) -> None:
    def tab_to(name: str) -> None:
        here = "() => document.activeElement.closest('label')?.innerText ?? ''"
        for _ in range(80):
            desk.keyboard.press("Tab")
            if name in desk.evaluate(here):
                return
        raise AssertionError(f"{name} is not reached")

    desk.wait_for_timeout(300)
    tab_to("–")
    press(desk, "ArrowRight")
    tab_to("Elections")
    press(desk, "Space")
    tab_to("Manipulation")
    press(desk, "Space")
    desk.get_by_role("button", name="Save and next").focus()
    press(desk, "Enter")
    wait_for_rows(desk, monitor, 1)
    assert codings_of(monitor) == [("mission-0", ["elections"], [("Asanova Ainura", "positive")])]
    expect(save_state(desk)).to_contain_text("Saved")


def test_what_one_sees_has_a_name_to_be_read_out(desk: Page) -> None:
    for role, name in [
        ("radiogroup", "Asanova Ainura"),
        ("checkbox", "Elections"),
        ("combobox", "Add an actor"),
        ("combobox", "Find a topic"),
        ("group", "What is it about?"),
        ("article", "Post"),
        ("button", "Save and next"),
    ]:
        expect(desk.get_by_role(role, name=name).first).to_be_attached()
    expect(save_state(desk)).to_have_attribute("role", "status")


def test_arrows_walk_over_the_questions_that_matter(desk: Page) -> None:
    stops = []
    desk.wait_for_timeout(300)
    for _ in range(5):
        desk.keyboard.press("ArrowDown")
        stops.append(
            desk.evaluate(
                "() => document.activeElement.dataset.question ?? document.activeElement.ariaLabel"
            )
        )
    assert stops == ["Asanova Ainura", "Bekov Nurlan", "topics", "flags", "flags"]


def test_a_thumb_codes_a_post_on_a_small_phone(
    open_page: Callable[..., Page], desk_project: DeskProject, monitor: User
) -> None:
    page = open_page(as_user=monitor, width=360, height=780, has_touch=True, is_mobile=True)
    page.goto("/p/mission/code/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    five = [(2, "very-positive", "Very positive"), *GRADES, (-2, "very-negative", "Very critical")]
    CodebookVersion.objects.update(state=VersionState.RETIRED)
    publish_codebook(desk_project.project, grades=five)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for tone in page.get_by_role("radiogroup", name="Bekov").locator(".tone").all():
        box = tone.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
    page.wait_for_timeout(300)
    page.get_by_role("radiogroup", name="Bekov").get_by_text("Critical", exact=True).tap()
    page.locator(".chip", has_text="Elections").tap()
    page.get_by_role("button", name="Note").tap()
    page.locator(".chip", has_text="A second opinion").tap()
    page.get_by_role("button", name="Save and next").tap()
    wait_for_rows(page, monitor, 1)
    coding = Coding.objects.get(kind=CodingKind.CODING)
    assert coding.asks == "second"
    assert codings_of(monitor) == [("mission-0", ["elections"], [("Bekov Nurlan", "negative")])]
    expect(save_state(page)).to_contain_text("Saved")
