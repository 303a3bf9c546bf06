"""Whatever happens to the line, the tab, the server or the person: no answer is lost or doubled."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from coding.models import Assignment, CodebookVersion, Coding, VersionState
from coding.services.desk_rules import set_keeps_unsent
from coding.services.pool import open_pool
from coding.services.samples import draw_samples
from monitoring.models import Membership
from tests.browser.desk import codings_of, press, save_state, wait_for_rows
from tests.coding.desk_project import TEXT, DeskProject, make_desk_project, publish_codebook

pytestmark = pytest.mark.django_db(transaction=True)

SAVE = "**/code/save/"
# After so many milliseconds at most the tab is killed. A save takes some 30.
LATEST_KILL = 500
ALL_KEPT = """(database) => new Promise((resolve) => {
    const opening = indexedDB.open(database[0]);
    opening.onsuccess = () => {
        const all = opening.result.transaction(database[1]).objectStore(database[1]).getAll();
        all.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(all.result)); };
    };
})"""
# As when somebody comes back to the window.
HURRY = "dispatchEvent(new Event('focus'))"
# As when somebody looks at another tab for a while.
LEFT_ASIDE = """() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
UNSENT, DRAFTS = ["daana-desk", "unsent"], ["daana-drafts", "drafts"]


def saved(page: Page) -> None:
    expect(save_state(page)).to_have_text(re.compile("Saved"), timeout=20_000)


class TestALostLine:
    @pytest.fixture
    def desk_project(self) -> DeskProject:
        return make_desk_project(texts=[f"{TEXT} № {number}" for number in range(31)])

    def test_of_two_minutes_over_30_posts_leaves_30_codings_in_order(
        self, context: BrowserContext, live_server: LiveServer, monitor: User
    ) -> None:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}/p/mission/code/")
        page.wait_for_load_state("networkidle")
        context.set_offline(True)
        for number in range(30):
            page.clock.fast_forward(4_000)
            page.keyboard.press("e" if number % 2 else "o")
            page.keyboard.press("Enter")
        expect(save_state(page)).to_contain_text("30 unsent")
        assert not Coding.objects.exists()
        context.set_offline(False)
        wait_for_rows(page, monitor, 30)
        assert [(post, topics) for post, topics, _tones in codings_of(monitor)] == [
            (f"mission-{number}", ["elections" if number % 2 else "politics"])
            for number in range(30)
        ]
        saved(page)


class TestAKilledTab:
    """``make test ARGS="tests/browser/test_desk_saving.py -k KilledTab --tab-kills 50"``."""

    @pytest.fixture
    def moments(self, pytestconfig: pytest.Config) -> list[int]:
        """Milliseconds after Enter: half of them while the answer is on its way."""
        kills = pytestconfig.getoption("tab_kills")
        return [round(LATEST_KILL * (number / kills) ** 3) for number in range(kills)]

    @pytest.fixture
    def desk_project(self, moments: list[int]) -> DeskProject:
        return make_desk_project(texts=[f"{TEXT} № {n}" for n in range(len(moments) + 1)])

    def test_leaves_each_answer_stored_or_visibly_unsaved(
        self,
        context: BrowserContext,
        live_server: LiveServer,
        monitor: User,
        moments: list[int],
    ) -> None:
        became = [killed(context, live_server, monitor, moment) for moment in moments]
        assert set(became) <= {"stored", "visibly unsaved"}, became


def killed(
    context: BrowserContext, live_server: LiveServer, monitor: User, milliseconds: int
) -> str:
    """What became of an answer whose tab crashed so long after Enter."""
    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/")
    post = page.locator("[name=post]").input_value()
    press(page, "e Enter")
    if milliseconds:
        page.wait_for_timeout(milliseconds)
    shown = save_state(page).get_attribute("data-state")
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page.close()
    again = context.new_page()
    again.goto(f"{live_server.url}/p/mission/code/coded/")
    for _look in range(40):
        if again.evaluate(ALL_KEPT, UNSENT) == "[]":
            break
        again.wait_for_timeout(50)
    again.close()
    stored = Coding.objects.filter(coder=monitor, post=post).count()
    assert stored <= 1
    if stored:
        return "stored"
    return "lost" if shown == "saved" else "visibly unsaved"


FAULTS: dict[str, Callable[[Route], None]] = {
    "refuses to work": lambda route: route.fulfill(status=500, body="<h1>Error</h1>"),
    "stores it, and the proxy says 502": lambda route: route.fetch() and route.fulfill(status=502),
    "stores it, and its answer is lost": lambda route: route.fetch() and route.abort(),
    "is a hotel's page": lambda route: route.fulfill(status=200, body="<h1>Welcome</h1>"),
    "has too much to do": lambda route: route.fulfill(status=429),
}


def test_a_server_that_fails_is_tried_again_until_the_answer_is_stored_once(
    desk: Page, monitor: User
) -> None:
    for number, fault in enumerate(FAULTS.values(), start=1):
        desk.route(SAVE, fault, times=1)
        press(desk, "e Enter")
        expect(save_state(desk)).to_contain_text("1 unsent")
        desk.evaluate(HURRY)
        saved(desk)
        wait_for_rows(desk, monitor, number)


def test_while_a_slow_server_thinks_the_next_post_is_there_and_the_page_says_saving(
    desk: Page, monitor: User
) -> None:
    waiting: list[Route] = []
    desk.route(SAVE, lambda route: waiting.append(route), times=1)
    press(desk, "e Enter")
    expect(desk.locator("[data-post-text]")).to_contain_text("№ 1")
    expect(save_state(desk)).to_have_text("Saving…")
    waiting[0].continue_()
    saved(desk)


def test_who_may_not_code_any_more_is_told_and_their_answers_wait(
    desk: Page, monitor: User
) -> None:
    membership = Membership.objects.get(user=monitor)
    membership.delete()
    press(desk, "e Enter")
    expect(save_state(desk)).to_contain_text("You may not code in this project any more: 1 unsent")
    membership.save(force_insert=True)
    desk.evaluate(HURRY)
    saved(desk)
    wait_for_rows(desk, monitor, 1)


def test_a_computer_whose_clock_is_wrong_stores_the_servers_time_and_keeps_the_order(
    context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    page = context.new_page()
    page.clock.install(time="2031-05-05T05:05:05")
    page.goto(f"{live_server.url}/p/mission/code/")
    began = timezone.now()
    context.set_offline(True)
    for key in ("e", "o"):
        page.clock.fast_forward(1_000)
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        # Somebody sets the clock back between the two.
        page.clock.set_system_time("2019-01-01T00:00:00")
    context.set_offline(False)
    wait_for_rows(page, monitor, 2)
    rows = list(Coding.objects.filter(coder=monitor).order_by("chain_number"))
    assert [row.post.native_id for row in rows] == ["mission-0", "mission-1"]
    assert all(began <= row.made_at <= timezone.now() for row in rows)
    saved(page)


def test_a_tab_of_before_a_deploy_still_saves(desk: Page, monitor: User) -> None:
    desk.wait_for_load_state("networkidle")
    desk.route("**/static/**", lambda route: route.fulfill(status=404))
    press(desk, "e Enter")
    saved(desk)
    wait_for_rows(desk, monitor, 1)


def test_a_codebook_published_meanwhile_comes_with_the_next_posts(
    desk: Page, desk_project: DeskProject, monitor: User
) -> None:
    desk.wait_for_load_state("networkidle")
    old = desk_project.version
    old.state = VersionState.RETIRED
    old.save()
    new = publish_codebook(desk_project.project)
    # The tab holds all eight posts, and learns of the new codebook when it asks for more.
    for _ in range(2):
        press(desk, "e Enter")
        saved(desk)
        desk.reload()
    wait_for_rows(desk, monitor, 2)
    versions = Coding.objects.order_by("chain_number").values_list("version", flat=True)
    assert list(versions) == [old.pk, new.pk]
    assert CodebookVersion.objects.get(state=VersionState.PUBLISHED) == new


def test_a_half_answered_post_survives_a_reload_and_nothing_of_its_text_is_kept(
    desk: Page, monitor: User
) -> None:
    desk.locator("mark").first.select_text()
    press(desk, "1 p e f 2 m m")
    desk.keyboard.type("Really?")
    press(desk, "Enter")
    kept = desk.evaluate(ALL_KEPT, DRAFTS)
    assert "positive" in kept
    assert "Асанова" not in kept
    desk.reload()
    expect(desk.locator("[name=comment]")).to_have_value("Really?")
    press(desk, "Enter")
    wait_for_rows(desk, monitor, 1)
    coding = Coding.objects.get()
    assert (coding.reason, coding.flags.get().quote) == ("Really?", "Айнура Асанова")
    assert [mention.tone.key for mention in coding.mentions.all()] == ["positive"]
    assert desk.evaluate(ALL_KEPT, DRAFTS) == "[]"


def test_signing_out_sends_what_is_unsent_and_leaves_nothing_on_the_computer(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    waiting: list[Route] = []
    desk.route(SAVE, lambda route: waiting.append(route), times=1)
    press(desk, "e Enter")
    press(desk, "1 p")
    desk.wait_for_timeout(50)
    waiting[0].abort()
    expect(save_state(desk)).to_contain_text("1 unsent")
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/accounts/login/**")
    wait_for_rows(desk, monitor, 1)
    assert desk.evaluate(ALL_KEPT, UNSENT) == "[]"
    assert desk.evaluate(ALL_KEPT, DRAFTS) == "[]"
    desk.go_back()
    expect(desk.get_by_role("button", name="Sign in")).to_be_visible()
    assert "Бишкекте" not in desk.content()
    desk.close()


def test_who_may_not_code_any_more_can_sign_out_and_their_answers_stay(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    desk.route(SAVE, lambda route: route.abort())
    press(desk, "e Enter")
    expect(save_state(desk)).to_contain_text("1 unsent")
    desk.close()
    Membership.objects.filter(user=monitor).delete()
    page = context.new_page()
    page.goto(live_server.url)
    for address in ("**/code/coded/", "**/accounts/login/**"):
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(address)
    assert page.evaluate(ALL_KEPT, UNSENT) != "[]"


def test_signing_out_elsewhere_sends_what_is_unsent_before_and_leaves_nothing(
    desk: Page, context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    desk.route(SAVE, lambda route: route.abort())
    press(desk, "e Enter")
    press(desk, "1 p")
    expect(save_state(desk)).to_contain_text("1 unsent")
    assert "positive" in desk.evaluate(ALL_KEPT, DRAFTS)
    desk.close()
    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/outcomes/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/code/coded/")
    saved(page)
    page.goto(f"{live_server.url}/p/mission/code/outcomes/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    wait_for_rows(page, monitor, 1)
    assert page.evaluate(ALL_KEPT, UNSENT) == "[]"
    assert page.evaluate(ALL_KEPT, DRAFTS) == "[]"


def test_where_a_project_wants_nothing_kept_answers_wait_in_the_tab_alone(
    context: BrowserContext, live_server: LiveServer, desk_project: DeskProject, monitor: User
) -> None:
    set_keeps_unsent(project=desk_project.project, kept=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/p/mission/code/")
    page.route(SAVE, lambda route: route.abort())
    press(page, "e Enter")
    press(page, "1 p")
    expect(save_state(page)).to_have_text("No connection: 1 unsent, keep this tab open")
    assert page.evaluate(ALL_KEPT, UNSENT) == "[]"
    assert page.evaluate(ALL_KEPT, DRAFTS) == "[]"
    page.unroute(SAVE)
    page.evaluate(HURRY)
    saved(page)
    wait_for_rows(page, monitor, 1)


class TestTheEndOfAPool:
    @pytest.fixture
    def desk_project(self) -> DeskProject:
        made = make_desk_project(texts=[f"{TEXT} № {number}" for number in range(4)])
        draw_samples(project=made.project, at=timezone.now())
        open_pool(project=made.project)
        return made

    @pytest.fixture
    def monitor(self, desk_project: DeskProject) -> User:
        return desk_project.member("monitor")

    def test_is_shared_and_a_tab_left_aside_gives_back_what_nobody_opened(
        self,
        desk: Page,
        open_page: Callable[..., Page],
        desk_project: DeskProject,
        monitor: User,
    ) -> None:
        desk.wait_for_load_state("networkidle")
        held = Assignment.objects.filter(monitor=monitor)
        assert held.count() == 2
        other = desk_project.member("other")
        page = open_page(as_user=other)
        page.goto("/p/mission/code/")
        for number in (1, 2):
            press(page, "e Enter")
            wait_for_rows(page, other, number)
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        with desk.expect_response("**/code/release/"):
            desk.evaluate(LEFT_ASIDE)
        page.get_by_role("link", name="Look for new posts").click()
        expect(page.locator("[data-post-text]")).to_contain_text(TEXT)
        press(page, "e Enter")
        wait_for_rows(page, other, 3)
        press(desk, "e Enter")
        wait_for_rows(desk, monitor, 1)
        assert Coding.objects.values("post").distinct().count() == 4
        expect(desk.get_by_role("heading", name="All done")).to_be_visible()


def test_only_the_time_a_person_was_active_counts(
    context: BrowserContext, live_server: LiveServer, monitor: User
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/p/mission/code/")
    page.clock.fast_forward(20_000)
    page.keyboard.press("e")
    page.clock.fast_forward(30 * 60_000)
    page.keyboard.press("Enter")
    saved(page)
    # Twenty seconds, and the minute after the last sign of life.
    assert 75 <= Coding.objects.get().seconds <= 90
