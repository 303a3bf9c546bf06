"""What every page has in common, in a real browser."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}])
def test_a_stranger_is_asked_to_sign_in(open_page, size) -> None:
    page = open_page(**size)
    page.goto("/")
    expect(page).to_have_url(lambda url: "/accounts/login/" in url)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_people_read_the_site_in_the_language_they_choose(open_page) -> None:
    page = open_page()
    page.goto("/accounts/login/")
    page.get_by_role("combobox").select_option("ky")
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def test_a_worker_takes_jobs(worker) -> None:
    assert worker.poll() is None
