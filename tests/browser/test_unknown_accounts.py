"""Saying whose accounts are with keys alone, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from monitoring.models import Account, AccountState
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

RUSSIAN_I = "new KeyboardEvent('keydown', {key: 'ш', code: 'KeyI', bubbles: true})"


def test_keys_assign_ignore_and_undo_and_stay_at_their_place(
    open_page: Callable[..., Page],
) -> None:
    project = make.project()
    make.actor(project, "Japarov Sadyr")
    for name in ("Адахан", "Базар", "Садыр Жапаров"):
        Account.objects.create(
            project=project,
            platform="facebook",
            kind="page",
            handle=name,
            name=name,
            state=AccountState.WAITING,
        )
    page = open_page(as_user=make.member(project, "admin", name="admin"))
    page.goto(f"/p/{project.slug}/actors/unknown/")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[data-account]:focus")
    expect(chosen).to_contain_text("Базар")
    chosen.evaluate(f"row => row.dispatchEvent({RUSSIAN_I})")
    expect(page.locator(".message")).to_contain_text("is ignored")
    expect(chosen).to_contain_text("Садыр Жапаров")
    page.keyboard.press("1")
    expect(page.locator(".message")).to_contain_text("belongs to Japarov Sadyr")
    page.keyboard.press("u")
    expect(page.locator(".message")).to_contain_text("1 account waits again")
    expect(page.locator(".unknown-tabs")).to_contain_text("Waiting 2 Ignored 1")
