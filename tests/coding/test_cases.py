"""From a flag to an example in the report."""

import datetime
import hashlib
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from coding.models import Assignment, Case, CaseState, Flag, Screenshot
from coding.services import cases, codings, evidence
from monitoring.models import Post, Role
from tests import factories as make
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> DeskProject:
    """One post that a monitor flagged, with quote and translation."""
    made = make_desk_project()
    monitor = made.member("aida")
    made.assign(monitor)
    flag(made, monitor, made.posts[0])
    return made


@pytest.fixture
def lead(made: DeskProject, client: Client) -> User:
    user = made.member("lead", Role.LEAD)
    client.force_login(user)
    return user


def flag(made: DeskProject, monitor: User, post: Post) -> Flag:
    kind = made.version.flag_kinds.all()[0].key
    coding = codings.save_coding(
        project=made.project,
        post=post,
        coder=monitor,
        version=made.version,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=codings.Answers(
            topics=("elections",),
            flags=(codings.FlagAnswer(kind=kind, quote="Калп сөз", translation="A lie"),),
        ),
        seconds=5,
        at=timezone.now(),
    )
    return coding.flags.get()


def url(name: str, *args: Any) -> str:
    return reverse(f"coding:{name}", args=["mission", *args])


def opened(made: DeskProject, lead: User) -> Case:
    return cases.open_case_from_flag(project=made.project, lead=lead, flag=Flag.objects.get())


def picture(colour: str = "white") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


def words(case: Case, **others: Any) -> dict[str, Any]:
    """What the form of a case sends."""
    return {
        "edition": case.edition,
        "title": "The whole people",
        "kind": case.kind,
        "severity": 3,
        "quote": case.quote,
        "translation": "A lie",
        "explanation": "No poll says so.",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 0,
        "form-0-kind": "fact_check",
        "form-0-url": "https://factcheck.example/1",
        "form-0-title": "Checked",
        **others,
    }


class TestOpening:
    def test_a_case_starts_with_what_the_monitor_quoted(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        page = client.get(url("cases")).content.decode()
        assert "1 flag without a case" in page
        client.post(url("open_case"), {"flag": Flag.objects.get().pk})
        case = Case.objects.of(made.project).get()
        assert (case.number, case.quote, case.translation) == (1, "Калп сөз", "A lie")
        assert list(case.posts.all()) == [made.posts[0]]
        assert "0 flags without a case" in client.get(url("cases")).content.decode()

    def test_a_lead_who_has_still_to_code_the_post_does_not_see_its_flag(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        made.assign(lead)
        assert "0 flags without a case" in client.get(url("cases")).content.decode()
        given = {"flag": Flag.objects.get().pk}
        assert client.post(url("open_case"), given).status_code == 404

    def test_a_lead_who_has_still_to_code_one_of_its_posts_sees_nothing_of_a_case(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        days = {"start": datetime.date(2021, 1, 1), "end": datetime.date(2021, 1, 9)}
        made.project.periods.create(key="entire", name="Entire", **days)
        case = opened(made, made.member("opener", Role.LEAD))
        shown = cases.add_screenshot(case=case, content=picture(), caption="", by=case.opened_by)
        cases.cover_screenshot(screenshot=shown, boxes=[], by=case.opened_by)
        cases.save_case(
            case=case,
            edition=Case.objects.get().edition,
            fields={name: getattr(case, name) for name in cases.FIELDS} | {"explanation": "So."},
            links=[],
            at=timezone.now(),
        )
        cases.set_state(
            case=case, edition=Case.objects.get().edition, state="ready", at=timezone.now()
        )
        addresses = [
            url("case", 1),
            url("screenshot", 1, shown.pk),
            url("original_screenshot", 1, shown.pk),
            url("published_screenshot", 1, shown.pk),
        ]
        lists = [url("cases"), "/api/v1/projects/mission/cases/", "/p/mission/report/"]
        changes = [url("case_state", 1), url("case_posts", 1), url("add_screenshot", 1)]

        def found() -> set[int]:
            return {client.get(address).status_code for address in addresses}

        def told() -> list[bool]:
            return ["Калп сөз" in client.get(address).content.decode() for address in lists]

        assert (found(), told()) == ({200}, [True] * 3)
        made.assign(lead, made.posts[:1])
        assert (found(), told()) == ({404}, [False] * 3)
        assert {client.post(address).status_code for address in changes} == {404}
        assert "1 case is about posts" in client.get(lists[0]).content.decode()
        Assignment.objects.filter(monitor=lead).update(state="done")
        assert (found(), told()) == ({200}, [True] * 3)

    def test_a_post_that_a_lead_has_still_to_code_goes_into_no_case_of_theirs(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = opened(made, lead)
        made.assign(lead, made.posts[1:2])
        answer = client.post(url("case_posts", 1), {"post": made.posts[1].pk}, follow=True)
        assert "code it first" in answer.content.decode()
        assert case.posts.count() == 1

    def test_cases_are_numbered_in_their_project(self, made: DeskProject, lead: User) -> None:
        for post in made.posts[:3]:
            cases.open_case(project=made.project, lead=lead, post=post, kind="manipulation")
        assert [case.number for case in Case.objects.of(made.project)] == [1, 2, 3]

    def test_flags_that_were_taken_back_wait_no_more(self, made: DeskProject) -> None:
        coding = Flag.objects.get().coding
        codings.withdraw(
            project=made.project,
            post=coding.post,
            coder=coding.coder,
            request_id=uuid.uuid4(),
            base_number=1,
            at=timezone.now(),
        )
        assert not cases.flags_without_case(project=made.project).exists()

    def test_the_flag_of_another_project_opens_nothing(
        self, made: DeskProject, client: Client
    ) -> None:
        elsewhere = make.project("elsewhere")
        client.force_login(make.member(elsewhere, Role.LEAD))
        address = reverse("coding:open_case", args=["elsewhere"])
        assert client.post(address, {"flag": Flag.objects.get().pk}).status_code == 404


class TestWriting:
    def test_words_and_links_are_kept(self, made: DeskProject, lead: User, client: Client) -> None:
        case = opened(made, lead)
        target = made.actors[0]
        assert client.post(url("case", 1), words(case, target=target.pk)).status_code == 302
        case.refresh_from_db()
        assert (case.explanation, case.severity, case.target) == ("No poll says so.", 3, target)
        assert [link.url for link in case.links.all()] == ["https://factcheck.example/1"]

    def test_two_leads_do_not_overwrite_one_another(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = opened(made, lead)
        first, second = words(case, title="First"), words(case, title="Second")
        client.post(url("case", 1), first)
        refused = client.post(url("case", 1), second)
        assert "changed this case meanwhile" in refused.content.decode()
        assert "Second" in refused.content.decode()
        case.refresh_from_db()
        assert case.title == "First"

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "ftp://x.example", "data:text/html,x"]
    )
    def test_a_link_that_is_no_web_address_is_refused(
        self, made: DeskProject, lead: User, client: Client, address: str
    ) -> None:
        case = opened(made, lead)
        assert (
            client.post(url("case", 1), words(case, **{"form-0-url": address})).status_code == 422
        )
        assert not case.links.exists()

    def test_the_database_refuses_an_actor_of_another_project(
        self, made: DeskProject, lead: User
    ) -> None:
        case = opened(made, lead)
        stranger = make.actor(make.project("elsewhere"))
        with transaction.atomic():
            Case.objects.of(made.project).filter(pk=case.pk).update(target=stranger)
            with pytest.raises(IntegrityError, match="same_project"):
                connection.check_constraints()
            transaction.set_rollback(True)

    def test_another_post_is_found_by_its_number_or_address(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = opened(made, lead)
        second, third = made.posts[1:3]
        client.post(url("case_posts", 1), {"post": second.pk})
        address = f"https://www.facebook.com/page/posts/{third.native_id}/?ref=share"
        client.post(url("case_posts", 1), {"post": address})
        assert set(case.posts.all()) == {made.posts[0], second, third}
        client.post(url("case_posts", 1), {"post": third.pk, "remove": ""})
        assert set(case.posts.all()) == {made.posts[0], second}

    def test_the_last_post_stays(self, made: DeskProject, lead: User) -> None:
        case = opened(made, lead)
        with pytest.raises(cases.CaseRefused):
            cases.remove_post(case=case, post=made.posts[0])


class TestPictures:
    def test_evidence_is_kept_as_it_came_with_its_hash(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = opened(made, lead)
        sent = SimpleUploadedFile("../../x.html", picture(), content_type="text/html")
        client.post(url("add_screenshot", 1), {"picture": sent, "caption": "A comment"})
        kept = case.screenshots.get()
        assert kept.sha256 == hashlib.sha256(picture()).hexdigest()
        assert evidence.path_of(kept.sha256).read_bytes() == picture()
        answer = client.get(url("original_screenshot", 1, kept.pk))
        assert answer.content == picture()
        assert answer["Content-Type"] == "image/png"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("attachment")

    def test_what_is_no_picture_is_refused_and_leaves_nothing(
        self, made: DeskProject, lead: User, client: Client, settings: Any
    ) -> None:
        case = opened(made, lead)
        sent = SimpleUploadedFile("x.png", b"<script>alert(1)</script>", content_type="image/png")
        answer = client.post(url("add_screenshot", 1), {"picture": sent}, follow=True)
        assert "no PNG, JPEG or WebP" in answer.content.decode()
        assert not case.screenshots.exists()
        assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))

    def test_the_same_picture_twice_is_one(self, made: DeskProject, lead: User) -> None:
        case = opened(made, lead)
        for _time in range(2):
            cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        assert case.screenshots.count() == 1

    def test_only_a_checked_picture_is_published(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = opened(made, lead)
        shot = cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        published = url("published_screenshot", 1, shot.pk)
        assert client.get(published).status_code == 404
        client.post(url("screenshot", 1, shot.pk), {"covers": "[[5, 5, 20, 20]]"})
        shot.refresh_from_db()
        assert (shot.covers, shot.checked_by) == ([[5, 5, 20, 20]], lead)
        assert client.get(published).status_code == 200

    def test_the_database_refuses_to_publish_what_nobody_checked(
        self, made: DeskProject, lead: User
    ) -> None:
        case = opened(made, lead)
        cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        with pytest.raises(IntegrityError, match="after_a_check"), transaction.atomic():
            Screenshot.objects.update(published_sha256="0" * 64)

    @pytest.mark.parametrize(
        "covers", ["", "{}", "[1]", "[[1, 2, 3]]", "[[1, 2, 3, 1e999]]", "[[]]"]
    )
    def test_boxes_that_cannot_be_read_change_nothing(
        self, made: DeskProject, lead: User, client: Client, covers: str
    ) -> None:
        case = opened(made, lead)
        shot = cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        client.post(url("screenshot", 1, shot.pk), {"covers": covers})
        shot.refresh_from_db()
        assert (shot.published_sha256, shot.checked_by) == ("", None)

    @pytest.mark.django_db(transaction=True)
    def test_a_removed_picture_leaves_the_disk_unless_another_case_shows_it(
        self, made: DeskProject, lead: User
    ) -> None:
        first = opened(made, lead)
        second = cases.open_case(
            project=made.project, lead=lead, post=made.posts[1], kind="manipulation"
        )
        shots = [
            cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
            for case in (first, second)
        ]
        path = evidence.path_of(shots[0].sha256)
        cases.remove_screenshot(screenshot=shots[0])
        assert path.exists()
        cases.remove_screenshot(screenshot=shots[1])
        assert not path.exists()


class TestPublishing:
    def ready(self, case: Case) -> Case:
        case.refresh_from_db()
        return cases.set_state(
            case=case, edition=case.edition, state=CaseState.READY, at=timezone.now()
        )

    def explained(self, made: DeskProject, lead: User, client: Client) -> Case:
        case = opened(made, lead)
        client.post(url("case", 1), words(case))
        return case

    def test_a_case_needs_its_explanation(self, made: DeskProject, lead: User) -> None:
        with pytest.raises(cases.Incomplete):
            self.ready(opened(made, lead))

    def test_a_case_needs_its_pictures_checked(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = self.explained(made, lead, client)
        shot = cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        with pytest.raises(cases.Incomplete):
            self.ready(case)
        cases.cover_screenshot(screenshot=shot, boxes=[], by=lead)
        assert self.ready(case).state == CaseState.READY

    def test_the_database_refuses_a_ready_case_without_explanation(
        self, made: DeskProject, lead: User
    ) -> None:
        opened(made, lead)
        with pytest.raises(IntegrityError, match="quote_and_explanation"), transaction.atomic():
            Case.objects.of(made.project).update(state=CaseState.READY)

    def test_viewers_see_the_covered_picture_of_a_ready_case_only(
        self, made: DeskProject, lead: User, client: Client
    ) -> None:
        case = self.explained(made, lead, client)
        shot = cases.add_screenshot(case=case, content=picture(), caption="", by=lead)
        cases.cover_screenshot(screenshot=shot, boxes=[], by=lead)
        viewer = Client()
        viewer.force_login(made.member("viewer", Role.VIEWER))
        published = url("published_screenshot", 1, shot.pk)
        assert viewer.get(published).status_code == 404
        self.ready(case)
        assert viewer.get(published).status_code == 200
        assert viewer.get(url("original_screenshot", 1, shot.pk)).status_code == 403
        # It would tell who codes blind that somebody flagged the post.
        viewer.force_login(User.objects.get(username="aida"))
        assert viewer.get(published).status_code == 403

    def test_the_cards_of_many_cases_take_a_fixed_number_of_queries(
        self, made: DeskProject, lead: User, client: Client, django_assert_num_queries: Any
    ) -> None:
        case = self.explained(made, lead, client)
        self.ready(case)
        with django_assert_num_queries(6):
            for one in cases.ready_cases(project=made.project):
                list(one.links.all()), list(one.screenshots.all())
                [post.account.actor for post in one.posts.all()]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 200), (None, 404)]
)
def test_only_leads_document_cases(
    made: DeskProject, client: Client, role: str | None, status: int
) -> None:
    opened(made, made.member("opener", Role.LEAD))
    person = made.member("person", role) if role else User.objects.create_user("stranger")
    client.force_login(person)
    for address in (url("cases"), url("case", 1)):
        assert client.get(address).status_code == status
    assert client.get("/api/v1/projects/mission/cases/").status_code == status


def test_the_api_lists_cases(made: DeskProject, lead: User, client: Client) -> None:
    opened(made, lead)
    (row,) = client.get("/api/v1/projects/mission/cases/").json()["results"]
    assert (row["number"], row["state"], row["quote"]) == (1, "draft", "Калп сөз")
    assert row["posts"] == [made.posts[0].pk]
