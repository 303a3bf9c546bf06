"""A quote waits on the computer without the text of its post, and arrives word by word."""

import uuid

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from coding.models import Coding
from monitoring.models import Post
from tests.browser.desk import press, save_state, wait_for_rows
from tests.browser.test_desk_saving import ALL_KEPT, DRAFTS, SAVE, UNSENT
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db(transaction=True)

# Emoji of two and of four code units, letters of Kyrgyz, a line from right to left, two spaces.
QUOTED = "👋🏽 Айнура Асанова өлкөнүн үмүтү 🇰🇬\nمرحبا بالعالم  кош келиңиз — бөлүшүңүз! https://example.kg/1"
# As the page shows it, and as it is selected.
SHOWN = QUOTED.replace("  ", " ")
OWN_WORDS = "In the video: үмүтү 🇰🇬\nمرحبا, and so on"
KEEP = """(entry) => new Promise((resolve) => {
    const opening = indexedDB.open("daana-desk");
    opening.onsuccess = () => {
        const unsent = opening.result.transaction("unsent", "readwrite").objectStore("unsent");
        unsent.put(entry).onsuccess = () => { opening.result.close(); resolve(); };
    };
})"""


@pytest.fixture
def desk_project() -> DeskProject:
    return make_desk_project(texts=[f"{QUOTED} № {number}" for number in range(3)])


def stands_in(kept: str) -> list[str]:
    """What of the text is kept: every run of six letters and more."""
    runs = [QUOTED[at : at + 6] for at in range(len(QUOTED) - 5)]
    return [run for run in runs if run in kept]


def flags_of(coding: Coding) -> dict[str, str]:
    return {flag.kind.key: flag.quote for flag in coding.flags.all()}


def quote_and_save(desk: Page) -> None:
    desk.locator("[data-post-text]").select_text()
    press(desk, "f 1 f 2")
    desk.get_by_role("textbox", name="Quote").nth(1).fill(OWN_WORDS)
    press(desk, "Escape e Enter")


def test_an_unsent_quote_is_kept_as_its_place_and_stored_in_words_where_the_text_is_still_there(
    desk: Page,
    context: BrowserContext,
    live_server: LiveServer,
    desk_project: DeskProject,
    monitor: User,
) -> None:
    desk.route(SAVE, lambda route: route.abort())
    quote_and_save(desk)
    quote_and_save(desk)
    desk.locator("[data-post-text]").select_text()
    press(desk, "f 1")
    expect(save_state(desk)).to_contain_text("2 unsent")
    for database in (UNSENT, DRAFTS):
        kept = desk.evaluate(ALL_KEPT, database)
        assert "disinformation" in kept
        assert stands_in(kept) == []
    desk.close()
    Post.objects.filter(pk=desk_project.posts[1].pk).update(text="Айнура Асанова")

    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/coded/")
    wait_for_rows(page, monitor, 2)
    first, second = Coding.objects.order_by("chain_number")
    assert flags_of(first) == {"disinformation": f"{SHOWN} № 0", "manipulation": OWN_WORDS}
    assert flags_of(second) == {
        "disinformation": "",
        "manipulation": "In the video:[…], and so on",
    }
    expect(save_state(page)).to_contain_text("mark its quote again")
    with context.expect_page() as opened:
        save_state(page).get_by_role("link").click()
    expect(opened.value.get_by_text("the post’s text changed")).to_have_count(2)
    page.goto(f"{live_server.url}/p/mission/code/")
    expect(page.get_by_role("textbox", name="Quote").first).to_have_value(f"{SHOWN} № 2")


def test_in_the_tab_where_it_was_marked_a_quote_outlives_the_text(
    desk: Page, desk_project: DeskProject, monitor: User
) -> None:
    Post.objects.filter(pk=desk_project.posts[0].pk).update(text="Айнура Асанова")
    quote_and_save(desk)
    wait_for_rows(desk, monitor, 1)
    told = {"disinformation": f"{SHOWN} № 0", "manipulation": OWN_WORDS}
    assert flags_of(Coding.objects.get()) == told


def test_what_the_version_before_kept_in_words_is_still_sent(
    desk: Page, desk_project: DeskProject, monitor: User
) -> None:
    kept = {
        "project": "mission",
        "coder": monitor.pk,
        "made_at": 1,
        "action": "save",
        "note": {"comment": "Really?", "asks": ""},
        "request_id": str(uuid.uuid4()),
        "post": desk_project.posts[0].pk,
        "base_number": 0,
        "version": desk_project.version.pk,
        "seconds": 7,
        "answers": {
            "topics": ["elections"],
            "tones": {},
            "flags": {"manipulation": {"quote": SHOWN, "translation": "A"}},
            "extra": {},
        },
    }
    desk.evaluate(KEEP, kept)
    desk.reload()
    wait_for_rows(desk, monitor, 1)
    assert flags_of(Coding.objects.get()) == {"manipulation": SHOWN}
