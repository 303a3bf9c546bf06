"""What a browser is told with every page."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, django_user_model) -> Client:
    client.force_login(django_user_model.objects.create_user("aigul"))
    return client


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("X-Robots-Tag", "noindex"),
    ],
)
def test_every_page_carries(client: Client, header: str, value: str) -> None:
    assert client.get(reverse("account_login")).headers[header] == value


def test_a_page_may_use_what_comes_from_us_and_nothing_else(client: Client) -> None:
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }


def test_no_page_asks_for_camera_or_position(client: Client) -> None:
    policy = client.get(reverse("account_login")).headers["Permissions-Policy"]
    assert "camera=()" in policy
    assert "geolocation=()" in policy


def test_what_somebody_signed_in_sees_is_kept_by_no_cache(signed_in: Client) -> None:
    assert signed_in.get("/").headers["Cache-Control"] == "no-store, private"


def test_an_error_page_carries_the_policy_too(signed_in: Client) -> None:
    response = signed_in.get("/nowhere/")
    assert response.status_code == 404
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
