"""The API of coding: who may ask, what it never tells, and what it answers to a coding."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coding.models import Coding, SamplePost
from coding.services.codings import Answers, FlagAnswer, save_coding, settle
from coding.services.samples import draw_samples
from monitoring.models import Account, Project, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


class Api:
    """One person's way to the API of one project."""

    def __init__(self, project: Project, user: User) -> None:
        self.project, self.user, self.client = project, user, Client()
        self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self._url(path), query)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(
            self._url(path), json.dumps(body, default=str), content_type="application/json"
        )

    def queries(self, path: str, **query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert self.get(path, **query).status_code == 200
        return len(captured)

    def _url(self, path: str) -> str:
        return f"/api/v1/projects/{self.project.slug}/{path}"


@pytest.fixture
def project() -> Project:
    project = make.project()
    make.published_codebook(project)
    return project


@pytest.fixture
def account(project: Project) -> Account:
    return make.account(make.actor(project, "Sadyr Japarov"))


@pytest.fixture
def monitor(project: Project) -> Api:
    return Api(project, make.member(project))


def version_of(project: Project) -> Any:
    return project.codebooks.get().versions.get()


def coded(
    account: Account, who: User, *, quote: str = "own words", number: int = 1
) -> list[Coding]:
    """Codings of new posts, each with topics, a mention and a flag."""
    rows = []
    for _ in range(number):
        post = make.post(account)
        make.assignment(post, who)
        answers = Answers(
            ("elections", "media"),
            ((account.actor_id or 0, "negative"),),
            (FlagAnswer("manipulation", quote),),
        )
        row = save_coding(
            project=account.project,
            post=post,
            coder=who,
            version=version_of(account.project),
            request_id=uuid.uuid4(),
            base_number=0,
            answers=answers,
            seconds=5,
            at=make.NOON,
        )
        rows.append(row)
    return rows


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("samples/", {Role.LEAD, Role.ADMIN}),
        ("assignments/next/", {Role.MONITOR, Role.LEAD, Role.ADMIN}),
        ("codings/", {Role.MONITOR, Role.LEAD, Role.ADMIN}),
    ],
)
@pytest.mark.parametrize("role", Role.values)
def test_a_role_asks_what_it_may(
    project: Project, path: str, allowed: set[Role], role: str
) -> None:
    api = Api(project, make.member(project, role))
    assert api.get(path).status_code == (200 if role in allowed else 403)


def test_a_viewer_saves_nothing(project: Project) -> None:
    viewer = Api(project, make.member(project, Role.VIEWER))
    assert viewer.post("codings/", {}).status_code == 403


@pytest.mark.parametrize("path", ["samples/", "assignments/next/", "codings/"])
def test_a_project_does_not_exist_for_strangers(project: Project, path: str) -> None:
    assert Api(project, make.user()).get(path).status_code == 404
    assert Client().get(f"/api/v1/projects/{project.slug}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["samples/", "assignments/next/", "codings/"])
def test_a_history_is_not_deleted_or_replaced_over_the_api(monitor: Api, path: str) -> None:
    for method in (monitor.client.put, monitor.client.patch, monitor.client.delete):
        assert method(monitor._url(path)).status_code in {403, 405}


class TestSamples:
    @pytest.fixture
    def lead(self, project: Project) -> Api:
        return Api(project, make.member(project, Role.LEAD))

    def test_tell_rule_and_size(self, lead: Api, account: Account) -> None:
        outlet = make.account(make.actor(account.project, category="media"))
        for source in (account, outlet, outlet):
            make.post(source)
        draw_samples(project=account.project, at=make.NOON)
        left = SamplePost.objects.filter(post__account=outlet)[:1]
        SamplePost.objects.filter(pk__in=left).update(left_at=make.NOON)
        shown = lead.get("samples/").json()["results"]
        told = [(one["category"], one["rule"], one["wanted"], one["size"]) for one in shown]
        assert told == [
            ("candidate", "all posts", None, 1),
            (
                "media",
                "the 200 posts with most interactions per sampled category and platform",
                200,
                1,
            ),
        ]
        assert shown[0].keys() == {
            "id",
            "platform",
            "category",
            "rule",
            "wanted",
            "size",
            "drawn_at",
        }

    def test_ask_no_query_per_row(self, lead: Api, account: Account) -> None:
        draw_samples(project=account.project, at=make.NOON)
        few = lead.queries("samples/")
        for category in ("media", "party", "authority", "influencer"):
            make.account(make.actor(account.project, category=category))
        draw_samples(project=account.project, at=make.NOON)
        assert lead.queries("samples/") == few == 4


class TestNextAssignments:
    def test_are_ones_own_with_the_post_and_what_saving_is_based_on(
        self, monitor: Api, account: Account
    ) -> None:
        post = make.post(account, likes=12, text="Шайлоо", url="https://www.facebook.com/1")
        assignment = make.assignment(post, monitor.user)
        make.assignment(make.post(account), make.member(account.project))
        shown = monitor.get("assignments/next/").json()
        assert shown["version"] == version_of(account.project).pk
        [one] = shown["assignments"]
        assert (one["id"], one["base_number"]) == (assignment.pk, 0)
        assert (one["post"]["text"], one["post"]["url"]) == ("Шайлоо", post.url)
        assert (one["post"]["likes"], one["post"]["love"]) == (12, None)
        assert one["post"]["account"] == {
            "id": account.pk,
            "name": account.name,
            "kind": "page",
            "url": "",
            "actor": "Sadyr Japarov",
            "category": "candidate",
        }

    def test_say_on_which_row_a_post_that_was_withdrawn_is_based(
        self, monitor: Api, account: Account
    ) -> None:
        [coding] = coded(account, monitor.user)
        coding.post.assignments.update(state="open")
        [one] = monitor.get("assignments/next/").json()["assignments"]
        assert one["base_number"] == 1

    def test_come_in_the_order_of_the_queue_as_many_as_asked(
        self, monitor: Api, account: Account
    ) -> None:
        made = [
            make.assignment(make.post(account), monitor.user, position=9 - place)
            for place in range(7)
        ]

        def asked(**query: int) -> list[int]:
            shown = monitor.get("assignments/next/", **query).json()["assignments"]
            return [one["id"] for one in shown]

        in_order = [assignment.pk for assignment in reversed(made)]
        assert asked(count=2) == in_order[:2]
        assert asked() == in_order[:5]

    @pytest.mark.parametrize("count", ["0", "-1", "51", "many"])
    def test_refuse_a_count_that_is_none(self, monitor: Api, count: str) -> None:
        assert monitor.get("assignments/next/", count=count).status_code == 400

    def test_tell_nothing_of_what_the_other_monitor_answered(
        self, monitor: Api, account: Account
    ) -> None:
        [theirs] = coded(account, make.member(account.project, name="somebody-else"))
        make.assignment(theirs.post, monitor.user)
        answer = monitor.get("assignments/next/")
        [one] = answer.json()["assignments"]
        assert one["base_number"] == 0
        for secret in ("own words", "elections", "negative", "somebody-else"):
            assert secret not in answer.content.decode()

    def test_ask_no_query_per_row(self, monitor: Api, account: Account) -> None:
        make.assignment(make.post(account), monitor.user)
        few = monitor.queries("assignments/next/", count=20)
        for _ in range(9):
            other = make.account(make.actor(account.project, category="media"))
            make.assignment(make.post(other), monitor.user)
        assert monitor.queries("assignments/next/", count=20) == few == 8

    def test_say_that_no_codebook_is_published(self) -> None:
        project = make.project("new")
        api = Api(project, make.member(project))
        assert api.get("assignments/next/").json() == {"version": None, "assignments": []}


class TestOnesOwnCodings:
    def test_are_told_with_their_answers_newest_first(self, monitor: Api, account: Account) -> None:
        older, newer = coded(account, monitor.user, number=2)
        shown = monitor.get("codings/").json()["results"]
        assert [one["id"] for one in shown] == [newer.pk, older.pk]
        assert shown[0] == {
            "id": newer.pk,
            "post": newer.post_id,
            "kind": "coding",
            "number": 1,
            "request_id": str(newer.request_id),
            "version": newer.version_id,
            "topics": ["elections", "media"],
            "mentions": [{"actor": account.actor_id, "tone": "negative"}],
            "flags": [{"kind": "manipulation", "quote": "own words", "translation": ""}],
            "extra": {},
            "seconds": 5,
            "reason": "",
            "asks": "",
            "made_at": "2021-01-05T06:00:00Z",
        }

    @pytest.mark.parametrize("role", [Role.MONITOR, Role.LEAD, Role.ADMIN])
    def test_are_all_that_anybody_is_told(
        self, project: Project, account: Account, role: str
    ) -> None:
        [theirs] = coded(account, make.member(project))
        lead = make.member(project, Role.LEAD)
        settle(
            project=project,
            post=theirs.post,
            lead=lead,
            version=version_of(project),
            request_id=uuid.uuid4(),
            answers=Answers(("politics",)),
            reason="",
            at=make.NOON,
        )
        api = Api(project, make.member(project, role))
        assert api.get("codings/").json()["results"] == []
        [own] = coded(account, api.user)
        for query in ({}, {"coder": lead.pk}, {"post": theirs.post_id}, {"ordering": "coder"}):
            shown = api.get("codings/", **query).json()["results"]
            assert [one["id"] for one in shown] == [own.pk]

    def test_of_another_project_are_not_told(self, monitor: Api, account: Account) -> None:
        coded(account, monitor.user)
        elsewhere = make.project("elsewhere")
        elsewhere.memberships.create(user=monitor.user, role=Role.MONITOR)
        assert Api(elsewhere, monitor.user).get("codings/").json()["results"] == []

    def test_ask_no_query_per_row(self, monitor: Api, account: Account) -> None:
        coded(account, monitor.user)
        few = monitor.queries("codings/")
        coded(account, monitor.user, number=9)
        assert monitor.queries("codings/") == few == 8

    def test_come_in_pages(self, monitor: Api, account: Account) -> None:
        coded(account, monitor.user, number=101)
        page = monitor.get("codings/").json()
        assert len(page["results"]) == 100
        assert len(monitor.client.get(page["next"]).json()["results"]) == 1


class TestSaving:
    @pytest.fixture
    def body(self, monitor: Api, account: Account) -> dict[str, Any]:
        post = make.post(account)
        make.assignment(post, monitor.user)
        return {
            "post": post.pk,
            "request_id": str(uuid.uuid4()),
            "base_number": 0,
            "version": version_of(account.project).pk,
            "topics": ["elections"],
            "mentions": [{"actor": account.actor_id, "tone": "positive"}],
            "flags": [{"kind": "hate_speech", "quote": "сөз", "translation": "word"}],
            "seconds": 12,
            "reason": "a comment",
        }

    def test_answers_with_what_is_stored(self, monitor: Api, body: dict[str, Any]) -> None:
        answer = monitor.post("codings/", body)
        assert answer.status_code == 201
        stored = monitor.get("codings/").json()["results"]
        assert stored == [answer.json()]
        sent = {key: value for key, value in body.items() if key != "base_number"}
        assert sent.items() <= answer.json().items()
        assert answer.json()["number"] == 1

    def test_twice_answers_the_same_and_stores_once(
        self, monitor: Api, body: dict[str, Any]
    ) -> None:
        first = monitor.post("codings/", body)
        again = monitor.post("codings/", body)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert Coding.objects.of(monitor.project).count() == 1

    def test_one_request_with_other_answers_is_refused(
        self, monitor: Api, body: dict[str, Any]
    ) -> None:
        monitor.post("codings/", body)
        answer = monitor.post("codings/", {**body, "topics": ["media"]})
        assert (answer.status_code, answer.json()["code"]) == (422, "already_saved")

    def test_on_an_old_base_answers_with_ones_newer_row(
        self, monitor: Api, body: dict[str, Any]
    ) -> None:
        newer = monitor.post("codings/", body).json()
        answer = monitor.post(
            "codings/", {**body, "topics": ["media"], "request_id": str(uuid.uuid4())}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "stale")
        assert answer.json()["current"] == newer
        assert Coding.objects.of(monitor.project).count() == 1

    def test_on_a_base_that_does_not_exist_is_stale_too(
        self, monitor: Api, body: dict[str, Any]
    ) -> None:
        answer = monitor.post("codings/", {**body, "base_number": 2})
        assert (answer.status_code, answer.json()["current"]) == (409, None)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"topics": ["gossip"]}, "unknown_word"),
            ({"mentions": [{"actor": 2**63 - 1, "tone": "positive"}]}, "unknown_actor"),
            ({"flags": [{"kind": "hate_speech"}, {"kind": "hate_speech"}]}, "flag_twice"),
            ({"post": 2**63 - 1}, "unknown_post"),
            ({"version": 2**63 - 1}, "unknown_version"),
        ],
        ids=str,
    )
    def test_what_the_project_does_not_know_is_refused(
        self, monitor: Api, body: dict[str, Any], change: dict[str, Any], code: str
    ) -> None:
        answer = monitor.post("codings/", {**body, **change})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert not Coding.objects.of(monitor.project).exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("post", "first"),
            ("post", 2**63),
            ("request_id", "1"),
            ("base_number", -1),
            ("topics", []),
            ("topics", "elections"),
            ("topics", ["a\x00b"]),
            ("mentions", [{"actor": 1}]),
            ("flags", [{"quote": "x"}]),
            ("flags", [{"kind": "hate_speech", "quote": "\x00"}]),
            ("seconds", -1),
            ("seconds", 10**9),
        ],
    )
    def test_what_is_no_answer_is_refused_and_the_field_named(
        self, monitor: Api, body: dict[str, Any], field: str, value: object
    ) -> None:
        answer = monitor.post("codings/", {**body, field: value})
        assert answer.status_code == 400
        assert answer.json().keys() == {field}
        assert not Coding.objects.of(monitor.project).exists()

    def test_a_post_of_somebody_else_is_refused(
        self, project: Project, monitor: Api, body: dict[str, Any]
    ) -> None:
        other = Api(project, make.member(project))
        answer = other.post("codings/", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "not_assigned")

    FOREIGN: dict[str, Callable[[Project], dict[str, Any]]] = {
        "post": lambda there: {"post": make.post(make.account(make.actor(there))).pk},
        "version": lambda there: {"version": make.published_codebook(there).pk},
        "actor": lambda there: {"mentions": [{"actor": make.actor(there).pk, "tone": "neutral"}]},
    }

    @pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN.keys())
    def test_what_belongs_to_another_project_is_refused(
        self,
        monitor: Api,
        body: dict[str, Any],
        foreign: Callable[[Project], dict[str, Any]],
    ) -> None:
        answer = monitor.post("codings/", {**body, **foreign(make.project("elsewhere"))})
        assert answer.status_code == 400
        assert not Coding.objects.of(monitor.project).exists()

    def test_needs_the_token_against_forged_requests(
        self, monitor: Api, body: dict[str, Any]
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(monitor.user)
        answer = client.post(monitor._url("codings/"), body, content_type="application/json")
        assert answer.status_code == 403
