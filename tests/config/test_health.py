"""The health of an installation."""

import pytest


@pytest.mark.django_db
def test_a_working_installation_is_healthy(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}
