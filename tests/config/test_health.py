"""The health of an installation."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_working_installation_is_healthy(client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


@pytest.mark.django_db
def test_without_its_broker_it_is_not(client, settings) -> None:
    dead = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere?db=0"}
    settings.CACHES = {"default": dead}
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": False}


def test_without_its_database_it_is_not(client, django_db_blocker, monkeypatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    with django_db_blocker.unblock():
        connection.close()
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": True}
