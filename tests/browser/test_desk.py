"""The desk in a real browser: by keyboard, quickly, and without losing an answer."""

import re
import statistics

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from coding.models import Coding, VersionState
from tests.browser.desk import codings_of, press, save_state, sign_in, wait_for_rows
from tests.coding.desk_project import DeskProject, publish_codebook

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_keys_code_a_post_about_two_actors_and_every_answer_survives_a_lost_connection(
    desk: Page, context: BrowserContext, monitor: User
) -> None:
    for number in range(3):
        expect(desk.locator("[data-post-text]")).to_contain_text(f"№ {number}")
        press(desk, "1 p 2 c e Enter")
    expect(save_state(desk)).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))
    expect(desk.locator("[data-progress=done]")).to_have_text("3")

    context.set_offline(True)
    press(desk, "1 n o Enter")
    press(desk, "e Enter")
    expect(save_state(desk)).to_contain_text("2 unsent")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 5")
    assert len(codings_of(monitor)) == 3

    context.set_offline(False)
    expect(save_state(desk)).to_have_text(re.compile(r"Saved"), timeout=15_000)
    about_two = [("Asanova Ainura", "positive"), ("Bekov Nurlan", "negative")]
    assert codings_of(monitor) == [
        ("mission-0", ["elections"], about_two),
        ("mission-1", ["elections"], about_two),
        ("mission-2", ["elections"], about_two),
        ("mission-3", ["politics"], [("Asanova Ainura", "neutral")]),
        ("mission-4", ["elections"], []),
    ]


def test_the_next_post_is_there_at_once(desk: Page) -> None:
    """The middle one of five: other tests run on the same machine."""
    desk.evaluate(
        """() => addEventListener("keydown", (event) => {
            if (event.key === "Enter") window.pressedAt = event.timeStamp;
        }, true)"""
    )
    took = []
    for _post in range(5):
        press(desk, "e Enter")
        took.append(
            desk.evaluate(
                """() => new Promise((resolve) => requestAnimationFrame(() => resolve(performance
                    .getEntriesByName("post-shown").at(-1).startTime - window.pressedAt)))"""
            )
        )
    assert 0 < statistics.median(took) < 50, took


def test_keys_work_in_the_russian_layout(desk: Page, monitor: User) -> None:
    desk.wait_for_timeout(300)
    for key, code in [("1", "Digit1"), ("з", "KeyP"), ("у", "KeyE"), ("Enter", "Enter")]:
        desk.evaluate(
            """([key, code]) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))""",
            [key, code],
        )
    expect(save_state(desk)).to_contain_text("Saved")
    assert codings_of(monitor) == [("mission-0", ["elections"], [("Asanova Ainura", "positive")])]


def test_a_post_without_a_topic_is_not_saved_and_the_page_says_why(
    desk: Page, monitor: User
) -> None:
    press(desk, "1 p Enter")
    expect(desk.locator("[data-problem]")).to_contain_text("at least one topic")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 0")
    assert codings_of(monitor) == []


def test_an_actor_the_text_does_not_name_is_added_by_typing(desk: Page, monitor: User) -> None:
    press(desk, "a")
    desk.keyboard.type("гулна")
    press(desk, "Enter n t")
    desk.keyboard.type("шайл")
    press(desk, "Enter Enter")
    expect(save_state(desk)).to_contain_text("Saved")
    assert codings_of(monitor) == [("mission-0", ["elections"], [("Sydykova Gulnara", "neutral")])]


def test_a_selected_quote_goes_with_the_flag(desk: Page, monitor: User) -> None:
    desk.locator("mark").first.select_text()
    press(desk, "f 2 e Enter")
    expect(save_state(desk)).to_contain_text("Saved")
    flag = Coding.objects.get(coder=monitor).flags.get()
    assert (flag.kind.key, flag.quote) == ("manipulation", "Айнура Асанова")


def test_backspace_reopens_the_last_post_to_amend_it(desk: Page, monitor: User) -> None:
    press(desk, "1 p e Enter")
    press(desk, "Backspace")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 0")
    press(desk, "1 c Enter")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 1")
    expect(desk.locator("[data-progress=done]")).to_have_text("1")
    wait_for_rows(desk, monitor, 2)
    assert [tones for _, _, tones in codings_of(monitor)] == [
        [("Asanova Ainura", "positive")],
        [("Asanova Ainura", "negative")],
    ]


def test_a_held_or_doubled_key_does_not_code_the_next_post(desk: Page, monitor: User) -> None:
    press(desk, "e Enter e Enter")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 1")
    wait_for_rows(desk, monitor, 1)


def test_a_skip_needs_a_reason(desk: Page, monitor: User) -> None:
    press(desk, "s Enter")
    expect(desk.locator("[data-problem]")).to_contain_text("Say why")
    press(desk, "2 Enter")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 1")
    expect(save_state(desk)).to_contain_text("Saved")
    assert Coding.objects.get(coder=monitor).reason == "There is no text to code"


def test_an_ended_session_keeps_the_answers_until_one_has_signed_in_again(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    context.clear_cookies()
    press(desk, "e Enter")
    press(desk, "o Enter")
    expect(save_state(desk)).to_contain_text("signed out: 2 unsent")
    expect(save_state(desk).get_by_role("link")).to_have_attribute("target", "_blank")
    sign_in(context, live_server, monitor)
    expect(save_state(desk)).to_contain_text("Saved", timeout=15_000)
    assert [topics for _, topics, _ in codings_of(monitor)] == [["elections"], ["politics"]]


def test_answers_of_a_closed_tab_are_sent_by_the_next_one_and_hold_no_text_of_a_post(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    desk.route("**/code/save/", lambda route: route.abort())
    press(desk, "1 p e Enter")
    expect(save_state(desk)).to_contain_text("1 unsent")
    kept = desk.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open("daana-desk");
            opening.onsuccess = () => {
                const all = opening.result.transaction("unsent").objectStore("unsent").getAll();
                all.onsuccess = () => resolve(JSON.stringify(all.result));
            };
        })"""
    )
    assert "Бишкек" not in kept
    desk.close()
    again = context.new_page()
    again.goto(f"{live_server.url}/p/mission/code/coded/")
    wait_for_rows(again, monitor, 1)


def test_two_windows_do_not_overwrite_one_another(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    other = context.new_page()
    other.goto(f"{live_server.url}/p/mission/code/")
    press(other, "o Enter")
    expect(save_state(other)).to_contain_text("Saved")
    press(desk, "e Enter")
    expect(save_state(desk)).to_contain_text("Answered twice")
    save_state(desk).get_by_role("button").click()
    expect(desk.locator("[data-unsaved-mine]")).to_contain_text("Elections")
    expect(desk.locator("[data-unsaved-theirs]")).to_contain_text("Politics")
    desk.get_by_role("button", name="Save mine").click()
    wait_for_rows(desk, monitor, 2)
    assert [topics for _, topics, _ in codings_of(monitor)] == [["politics"], ["elections"]]


def test_the_desk_works_without_scripts(
    browser: Browser, live_server: LiveServer, monitor: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server, monitor)
    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/")
    page.get_by_role("radiogroup", name="Asanova").get_by_text("Positive").click()
    page.locator(".chip", has_text="Elections").click()
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("[data-post-text]")).to_contain_text("№ 1")
    assert codings_of(monitor) == [("mission-0", ["elections"], [("Asanova Ainura", "positive")])]
    context.close()


def test_further_questions_of_the_codebook_are_answered_by_keys_and_the_required_one_is_asked_for(
    context: BrowserContext, live_server: LiveServer, desk_project: DeskProject, monitor: User
) -> None:
    old = desk_project.version
    old.state = VersionState.RETIRED
    old.save()
    new = publish_codebook(
        desk_project.project,
        [
            {"key": "place", "name": "Where?", "kind": "choice", "is_required": True},
            {"key": "how_many", "name": "How many?", "kind": "number"},
        ],
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/")
    press(page, "e Enter")
    expect(page.locator("[data-problem]")).to_have_text("“Where?” has to be answered.")
    press(page, "ArrowDown ArrowDown 2 ArrowDown")
    expect(page.get_by_role("textbox", name="How many?")).to_be_focused()
    page.keyboard.type("3,0")
    press(page, "Enter Enter")
    wait_for_rows(page, monitor, 1)
    coding = Coding.objects.get(version=new)
    given = {row.question.key: row.value for row in coding.extra_answers.all()}
    assert given == {"place": "town", "how_many": "3"}
    page.goto(f"{live_server.url}/p/mission/code/?post={coding.post_id}")
    expect(page.get_by_role("radio", name="Town")).to_be_checked()
