"""Saying in a real browser what the columns of an unknown table are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from monitoring.models import Import, Project
from tests import factories as make
from tests.browser.test_imports import upload
from tests.monitoring.importers.test_table import TELEGRAM
from tests.monitoring.test_imports import make_project

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_table_is_explained_and_comes_in(open_page: Callable[..., Page]) -> None:
    project = make_project()
    page = open_page(as_user=make.member(project, "admin", name="admin"))
    upload(page, project, TELEGRAM, name="provider.csv")
    page.get_by_role("link", name="Answer…").click()
    expect(page.get_by_label("Ссылка")).to_have_value("url")
    page.get_by_label("Time zone").fill("Asia/Bishkek")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("the day or the month")
    page.get_by_label("Dates like").select_option("dmy")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="provider.csv")).to_be_visible()
    assert Import.objects.of(Project.objects.get()).get().mapping["dates"] == "dmy"
