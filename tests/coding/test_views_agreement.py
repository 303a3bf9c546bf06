"""The agreement desk of leads."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from monitoring.models import Role
from tests.coding.coded_twice import code, make_coded_twice
from tests.coding.desk_project import DeskProject

pytestmark = pytest.mark.django_db
PAGES = ["agreement", "agreement_changes", "agreement_items", "progress", "progress_changes"]


def coded_by_two() -> DeskProject:
    return make_coded_twice()[0]


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., DeskProject]) -> DeskProject:
    return once_for_the_file(coded_by_two)


@pytest.fixture
def coded(written: DeskProject) -> DeskProject:
    return deepcopy(written)


@pytest.fixture
def lead(coded: DeskProject, client: Client) -> User:
    user = coded.member("lead", Role.LEAD)
    client.force_login(user)
    return user


def url(name: str = "agreement") -> str:
    return reverse(f"coding:{name}", args=["mission"])


@pytest.mark.parametrize("page", [*PAGES, "api"])
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 200), (Role.ADMIN, 200), (None, 404)],
)
def test_agreement_and_progress_are_for_leads(
    coded: DeskProject, client: Client, page: str, role: str | None, status: int
) -> None:
    person = coded.member("person", role) if role else User.objects.create_user("stranger")
    client.force_login(person)
    address = url(page) if page != "api" else "/api/v1/projects/mission/agreement/"
    assert client.get(address).status_code == status


def test_the_table_says_what_may_be_concluded(
    coded: DeskProject, lead: User, client: Client
) -> None:
    page = client.get(url()).content.decode()
    assert "need more" in page  # tone, of eight posts
    assert "Nobody used two values" in page  # topics
    assert "aida – bakyt" in page


def test_the_page_asks_as_often_for_many_posts_as_for_few(
    coded: DeskProject, lead: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(13):
        client.get(url(), {"variable": "topics"})


def test_a_cell_of_the_matrix_leads_to_its_posts(
    coded: DeskProject, lead: User, client: Client
) -> None:
    matrix = client.get(url(), {"variable": "tone"}).context["matrix"]
    assert [(name, [cell and cell.count for cell in cells]) for name, cells in matrix.rows] == [
        ("Positive", [2, None, None]),
        ("Neutral", [1, 2, None]),
        ("Critical", [0, 1, 2]),
    ]
    cell = matrix.rows[1][1][0]
    rows = client.get(f"{url('agreement_items')}?{cell.query}").context["rows"]
    assert [(post, [said for _who, said, _why in answers]) for post, _actor, answers in rows] == [
        (coded.posts[0], ["Positive", "Neutral"])
    ]


@pytest.mark.parametrize(
    ("filters", "units"),
    [
        ({"week": "2021-01-04"}, 4),
        ({"week": "1999-01-04"}, 0),
        ({"actor": "nobody"}, 0),
        ({"pair": "x"}, 0),
    ],
)
def test_the_matrix_can_be_narrowed(
    coded: DeskProject, lead: User, client: Client, filters: dict[str, str], units: int
) -> None:
    assert client.get(url(), filters).context["units"] == units


@pytest.mark.parametrize("variable", ["nothing", "topic:", "topic:nothing", "mention:x", "flag:"])
def test_a_variable_that_the_codebook_lacks_is_not_there(
    coded: DeskProject, lead: User, client: Client, variable: str
) -> None:
    assert client.get(url(), {"variable": variable}).status_code == 404


@pytest.mark.parametrize("variable", ["topics", "mentions", "topic:media", "flag:manipulation"])
def test_every_kind_of_variable_has_a_page(
    coded: DeskProject, lead: User, client: Client, variable: str
) -> None:
    code(coded, User.objects.get(username="aida"), coded.posts[0], topics=("media", "health"))
    page = client.get(url(), {"variable": variable})
    assert page.status_code == 200
    for _name, cells in page.context["matrix"].rows:
        for cell in cells:
            if cell and cell.count:
                found = client.get(f"{url('agreement_items')}?{cell.query}")
                assert found.context["count"] == cell.count


def test_an_open_page_is_told_only_of_changes(
    coded: DeskProject, lead: User, client: Client
) -> None:
    revision = client.get(url()).context["revision"]
    asked = {"revision": revision, "variable": "tone"}
    assert client.get(url("agreement_changes"), asked).status_code == 204
    code(coded, User.objects.get(username="aida"), coded.posts[0], tone="negative")
    changed = client.get(url("agreement_changes"), asked)
    assert (changed.status_code, changed.context["revision"]) == (200, revision + 1)
    assert b"<html" not in changed.content


def test_the_api_gives_variables_and_their_break_downs(
    coded: DeskProject, lead: User, client: Client
) -> None:
    api = "/api/v1/projects/mission/agreement/"
    tone = client.get(api).json()[0]
    assert (tone["variable"], tone["units"], tone["verdict"]) == ("tone", 8, "need_more")
    weeks = client.get(api, {"by": "week", "variable": "tone"}).json()
    assert [week["variable"] for week in weeks] == ["2021-01-04", "2021-01-11"]
    assert [
        each["label"] for each in client.get(api, {"by": "answer", "variable": "topics"}).json()
    ]
    assert client.get(api, {"by": "week", "variable": "x"}).status_code == 400
    assert client.get(api, {"by": "mood"}).status_code == 400
