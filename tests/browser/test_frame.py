"""What every page has in common, in a real browser."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}])
def test_a_stranger_is_asked_to_sign_in(open_page, size) -> None:
    page = open_page(**size)
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_people_read_the_site_in_the_language_they_choose(open_page) -> None:
    page = open_page()
    page.goto("/accounts/login/")
    page.get_by_role("combobox").select_option("ky")
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def test_somebody_who_is_signed_in_sees_their_projects(open_page, django_user_model) -> None:
    page = open_page(as_user=django_user_model.objects.create_user("aigul"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/$"))
    expect(page.get_by_text("aigul")).to_be_visible()
