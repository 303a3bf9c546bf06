"""Covering private people in a picture, by pointer and by keyboard."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from coding.models import Case, Screenshot
from coding.services import cases
from monitoring.models import Role
from tests.coding.desk_project import make_desk_project

pytestmark = pytest.mark.django_db(transaction=True)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def case() -> Case:
    made = make_desk_project()
    return cases.open_case(
        project=made.project,
        lead=made.member("lead", Role.LEAD),
        post=made.posts[0],
        kind="manipulation",
        quote="Калп сөз",
    )


def test_boxes_are_drawn_and_typed_over_private_people(
    open_page: Callable[..., Page], case: Case
) -> None:
    shot = cases.add_screenshot(case=case, content=picture(), caption="", by=case.opened_by)
    page = open_page(as_user=case.opened_by)
    page.goto(f"{case.get_absolute_url()}screenshots/{shot.pk}/")
    canvas = page.locator("[data-cover-canvas]")
    place = canvas.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(place["x"] + 120, place["y"] + 80)
    page.mouse.up()
    page.get_by_role("button", name="Add a box").click()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Add a box").click()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Make the copy for the report").click()
    expect(page.locator(".message.success")).to_be_visible()
    # The second began at two fifths of the picture: a step is a hundredth of its shorter side.
    assert Screenshot.objects.get().covers == [[20, 30, 100, 50], [157, 120, 80, 63]]


def test_a_pasted_picture_becomes_evidence(open_page: Callable[..., Page], case: Case) -> None:
    page = open_page(as_user=case.opened_by)
    page.goto(case.get_absolute_url())
    page.evaluate(
        """async (bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
        }""",
        list(picture()),
    )
    expect(page.locator(".evidence")).to_be_visible()
    assert Screenshot.objects.count() == 1
