"""The report says how far its monitors agree: on its page as in its documents."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from dashboards.documents import document
from monitoring.models import Project, Role
from monitoring.services.revisions import note_change
from tests import factories as make
from tests.coding.coded_twice import make_coded_twice
from tests.dashboards.examples import AT

pytestmark = pytest.mark.django_db

NOTHING = "No post was coded by two monitors"


def with_days(project: Project) -> Project:
    days = {"start": datetime.date(2020, 11, 19), "end": datetime.date(2021, 1, 9)}
    project.periods.create(key="entire", name="Entire", **days)
    note_change(project_id=project.pk)
    return project


def report_of(project: Project, role: str) -> str:
    client = Client()
    client.force_login(make.member(project, role))
    return client.get(reverse("dashboards:report", args=[project.slug])).text


@pytest.mark.parametrize(
    ("role", "told"), [(Role.LEAD, True), (Role.VIEWER, True), (Role.MONITOR, False)]
)
def test_the_page_has_the_table_of_the_documents_for_who_does_not_code_blind(
    role: str, told: bool
) -> None:
    project = with_days(make_coded_twice()[0].project)
    # The second time it is remembered.
    for page in (report_of(project, role), report_of(project, role)):
        assert ("Krippendorff&#x27;s alpha" in page) == told
        assert NOTHING not in page
        assert "bakyt" not in page
    assert "alpha" in document(project, form="html", language="en", at=AT).decode()


def test_where_nothing_was_coded_twice_the_report_says_so() -> None:
    project = make.project()
    assert NOTHING in report_of(project, Role.LEAD)
    assert NOTHING in document(project, form="html", language="en", at=AT).decode()
