"""The doors are shut: one has to sign in, and nobody can sign up."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


@pytest.mark.parametrize("path", ["/", "/api/v1/schema/", "/admin/"])
def test_a_stranger_gets_in_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status_code in (302, 401, 403)


def test_a_page_asks_a_stranger_to_sign_in_and_comes_back(client: Client) -> None:
    response = client.get("/?page=2")
    assert response.url == f"{reverse('account_login')}?next=/%3Fpage%3D2"


def test_nobody_can_sign_up(client: Client, django_user_model) -> None:
    account = {"username": "mallory", "password1": "a-Long-one-17", "email": "m@example.org"}
    client.post(reverse("account_signup"), account)
    assert not django_user_model.objects.exists()


@pytest.mark.parametrize("login", ["aigul", "aigul@example.org"])
def test_people_sign_in_by_name_or_address(client: Client, django_user_model, login: str) -> None:
    django_user_model.objects.create_user("aigul", "aigul@example.org", "a-Long-one-17")
    form = {"login": login, "password": "a-Long-one-17"}
    assert client.post(reverse("account_login"), form).url == "/"


def test_guessing_a_password_is_slowed_down(client: Client, django_user_model) -> None:
    django_user_model.objects.create_user("aigul", password="a-Long-one-17")
    for attempt in range(12):
        client.post(reverse("account_login"), {"login": "aigul", "password": f"guess {attempt}"})
    right = {"login": "aigul", "password": "a-Long-one-17"}
    response = client.post(reverse("account_login"), right)
    assert response.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_the_api_describes_itself_to_those_who_are_in(client: Client, django_user_model) -> None:
    client.force_login(django_user_model.objects.create_user("aigul"))
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    assert b"openapi: 3" in response.content
