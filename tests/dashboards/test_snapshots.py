"""Frozen pages, what changed between two of them, and the links by which strangers see them."""

import copy
import datetime
import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coding.services import cases, evidence
from dashboards import sharing
from dashboards.models import Finding, FrozenPage, FrozenPicture, Share, ShareViews, Snapshot
from dashboards.services.charts import write_note
from dashboards.services.findings import move_finding, write_finding
from dashboards.snapshot_changes import changes
from dashboards.snapshots import chapters_in, charts_in, digest_of, freeze, pictures_in
from monitoring.models import Post, Project, Role
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make
from tests.dashboards.examples import ready_case

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def two_candidates() -> Project:
    """Two candidates on Facebook, with three posts and none."""
    project = make.project()
    for name, posts in [("Asanova Ainura", 3), ("Bekov Bakyt", 0)]:
        account = make.account(make.actor(project, name))
        for _post in range(posts):
            make.post(account, likes=10)
    rebuild_daily_totals(project=project)
    return project


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(two_candidates)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


def frozen(project: Project, title: str = "Interim") -> Snapshot:
    return freeze(
        project=project,
        page=FrozenPage.REPORT,
        charts=[1, 3],
        title=title,
        by=make.member(project, Role.LEAD),
        at=timezone.now(),
    )


def one_more_post(project: Project) -> None:
    make.post(project.accounts.get(actor__name="Asanova Ainura"), likes=5)
    rebuild_daily_totals(project=project)


def written_finding(project: Project, text: str, by: User) -> Finding:
    return write_finding(
        project=project,
        finding=None,
        edition=0,
        section="platforms",
        texts={"en": text},
        numbers={"n": {"measure": "posts"}},
        by=by,
        at=timezone.now(),
    )


def without_what_it_was_asked(answer: Any) -> str:
    """A page without the hidden fields of its form: a random value, and its own address."""
    return re.sub(r'<input type="hidden"[^>]*>', "", answer.content.decode())


def url(name: str, *args: Any) -> str:
    return reverse(f"dashboards:{name}", args=["mission", *args])


@pytest.fixture
def lead(project: Project, client: Client) -> Client:
    client.force_login(make.member(project, Role.LEAD, name="lead"))
    return client


class TestFreezing:
    def test_a_snapshot_stays_as_it_was(self, project: Project) -> None:
        snapshot = frozen(project)
        before = charts_in(snapshot, "en")
        one_more_post(project)
        snapshot.refresh_from_db()
        assert charts_in(snapshot, "en") == before
        assert before[0]["rows"][0][1]["shown"] == "3"

    def test_what_a_lead_wrote_beside_a_chart_is_frozen_with_it(
        self, project: Project, lead: Client
    ) -> None:
        words: Any = {"project": project, "by": make.member(project, Role.LEAD)}
        write_note(chart_key="1", text="Read with care.", at=timezone.now(), **words)
        snapshot = frozen(project)
        write_note(chart_key="1", text="", at=timezone.now(), **words)
        assert charts_in(snapshot, "ky")[0]["note"] == "Read with care."
        assert "Read with care." in lead.get(url("snapshot", snapshot.number)).text

    def test_it_is_kept_in_every_language(self, project: Project) -> None:
        content = frozen(project).content
        assert set(content) == {"en", "ru", "ky"}
        captions = {content[language]["charts"][0]["caption"] for language in content}
        assert len(captions) == 3

    def test_its_hash_is_that_of_its_content(self, project: Project) -> None:
        snapshot = frozen(project)
        snapshot.refresh_from_db()
        assert snapshot.sha256 == digest_of(snapshot.content)

    def test_the_database_refuses_to_change_it(self, project: Project) -> None:
        snapshot = frozen(project)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Snapshot.objects.of(project).filter(pk=snapshot.pk).update(title="Final")

    def test_a_lead_freezes_the_report(self, project: Project, lead: Client) -> None:
        answer = lead.post(url("snapshots"), {"title": "Interim", "page": "report"}, follow=True)
        assert answer.status_code == 200
        snapshot = Snapshot.objects.of(project).get()
        # All but the two of a campaign, which this project has not.
        assert [chart["number"] for chart in charts_in(snapshot, "en")] == [
            number for number in range(1, 25) if number not in {2, 17}
        ]
        assert "Asanova Ainura" in answer.content.decode()


class TestPictures:
    """Examples come with the pictures that were published when they were frozen."""

    @pytest.fixture
    def snapshot(self, project: Project) -> Snapshot:
        post = Post.objects.of(project).first()
        case = ready_case(post, make.member(project, Role.LEAD), quote="Lies")
        snapshot = frozen(project)
        # The case goes on: its pictures are no longer on the disk.
        for shot in case.screenshots.all():
            cases.remove_screenshot(screenshot=shot)
        return snapshot

    def test_they_stay_when_the_case_loses_them_and_secret_ones_never_come(
        self, snapshot: Snapshot, lead: Client
    ) -> None:
        [case] = chapters_in(snapshot, "ky")["cases"]
        assert [one["caption"] for one in case["pictures"]] == ["As JPEG", "As PNG"]
        for one in case["pictures"]:
            answer = lead.get(url("snapshot_picture", snapshot.number, one["sha256"]))
            assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]
            assert answer["Content-Type"] == one["media_type"]
            assert answer["X-Content-Type-Options"] == "nosniff"
        assert one["sha256"] in lead.get(url("snapshot", snapshot.number)).content.decode()

    def test_their_hashes_are_part_of_the_hash_of_the_snapshot(self, snapshot: Snapshot) -> None:
        changed = copy.deepcopy(snapshot.content)
        changed["en"]["chapters"]["cases"][0]["pictures"][0]["sha256"] = "0" * 64
        assert digest_of(changed) != snapshot.sha256

    def test_a_stranger_sees_those_of_the_shared_snapshot_and_no_others(
        self, snapshot: Snapshot, project: Project
    ) -> None:
        by, now = snapshot.made_by, timezone.now()
        made = sharing.make_share(snapshot=snapshot, language="en", days=7, by=by, at=now)
        digest = next(iter(pictures_in(snapshot.content["en"])))
        address = reverse("dashboards:shared_picture", args=[made.token, digest])
        stranger = Client()
        assert address in stranger.get(f"/s/{made.token}/").content.decode()
        shown = stranger.get(address)
        assert shown.status_code == 200
        assert shown["Cache-Control"] == "no-store, private"
        assert not shown.cookies
        # Nothing in a request changes a byte of it.
        other = Client(headers={"accept-language": "ky", "accept": "text/html"})
        other.force_login(make.member(project, Role.VIEWER))
        assert other.get(address, {"sha256": "0", "language": "ru"}).content == shown.content
        secret = FrozenPicture.objects.create(
            project=project, sha256=hashlib.sha256(b"x").hexdigest(), content=b"x"
        )
        for token, wanted in [(made.token, secret.sha256), ("a" * 32, digest)]:
            answer = stranger.get(reverse("dashboards:shared_picture", args=[token, wanted]))
            assert answer.status_code == 404
        sharing.revoke(share=made.share, at=timezone.now())
        assert stranger.get(address).status_code == 404

    def test_the_database_keeps_them_as_they_were(self, snapshot: Snapshot) -> None:
        kept = FrozenPicture.objects.of(snapshot.project)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            kept.update(media_type="text/html")
        with pytest.raises(IntegrityError, match="what_its_hash_says"), transaction.atomic():
            kept.create(project=snapshot.project, sha256="0" * 64, content=b"x")

    def test_a_lead_is_told_when_a_picture_is_gone(self, project: Project, lead: Client) -> None:
        post = Post.objects.of(project).first()
        case = ready_case(post, make.member(project, Role.LEAD), quote="Lies")
        evidence.path_of(case.screenshots.first().published_sha256).unlink()
        answer = lead.post(url("snapshots"), {"title": "Interim", "page": "report"})
        assert answer.status_code == 422
        assert "A picture of an example cannot be read" in answer.content.decode()


class TestComparing:
    def test_sentences_and_top_posts_are_frozen_and_compared(
        self, project: Project, lead: Client
    ) -> None:
        written_finding(project, "In all {n} posts.", make.member(project, Role.LEAD))
        interim = frozen(project)
        one_more_post(project)
        final = frozen(project, "Final")
        assert chapters_in(interim, "en")["findings"] == [
            ["Posts and interactions", ["In all 3 posts."]]
        ]
        told = {(c.caption, c.row, c.before, c.after) for c in changes(interim, final, "en")}
        sentence = ("Findings: Posts and interactions", "1", "In all 3 posts.", "In all 4 posts.")
        assert sentence in told
        page = lead.get(url("compare_snapshots"), {"before": 1, "after": 2}).text
        # Words have room to read them in.
        assert page.index("changed-words") < page.index("In all 3 posts.")
        assert '<td class="number"><bdi>In all' not in page
        assert ("Top posts: Facebook | Candidates", "#4", None, "5") in told
        page = lead.get(url("snapshot", interim.number)).text
        assert page.index("In all 3 posts.") < page.index('id="chart-1"')
        assert "In all 4 posts." not in page

    def test_what_changed_is_told_cell_by_cell(self, project: Project) -> None:
        interim = frozen(project)
        one_more_post(project)
        final = frozen(project, "Final")
        found = {(one.row, one.before, one.after) for one in changes(interim, final, "en")}
        assert ("Page of Asanova Ainura", "3", "4") in found
        assert ("Page of Asanova Ainura", "30", "35") in found
        assert not [row for row, _before, _after in found if "Bekov" in row]

    def test_a_row_that_is_new_has_no_number_before(self, project: Project) -> None:
        interim = frozen(project)
        make.account(make.actor(project, "Late Comer"))
        found = changes(interim, frozen(project, "Final"), "en")
        assert {(one.before, one.after) for one in found if "Late" in one.row} >= {(None, "0")}

    def test_of_two_accounts_of_one_name_both_are_compared(self, project: Project) -> None:
        namesake = project.accounts.get(actor__name="Bekov Bakyt")
        namesake.name = "Page of Asanova Ainura"
        namesake.save()
        interim = frozen(project)
        one_more_post(project)
        found = changes(interim, frozen(project, "Final"), "en")
        assert ("Page of Asanova Ainura", "3", "4") in {(c.row, c.before, c.after) for c in found}

    def test_a_sentence_that_only_moved_did_not_change(self, project: Project) -> None:
        lead = make.member(project, Role.LEAD)
        for text in ("In all {n} posts.", "Nothing else was seen."):
            written_finding(project, text, lead)
        interim = frozen(project)
        first = written_finding(project, "A new sentence stands first.", lead)
        move_finding(finding=first, by_places=-9)
        one_more_post(project)
        found = changes(interim, frozen(project, "Final"), "en")
        told = {(c.row, c.before, c.after) for c in found if c.caption.startswith("Findings")}
        assert told == {
            ("1", None, "A new sentence stands first."),
            ("2", "In all 3 posts.", "In all 4 posts."),
        }

    def test_another_sample_rule_is_a_change_of_the_method(self, project: Project) -> None:
        interim = frozen(project)
        project.stabilisation_days = 5
        project.save()
        found = changes(interim, frozen(project, "Final"), "en")
        assert [(c.before, c.after) for c in found if c.caption == "Methodology"] == [
            (
                "The counters of a post are those read 3 days after its publication.",
                "The counters of a post are those read 5 days after its publication.",
            )
        ]

    def test_the_older_one_comes_first_however_they_are_named(
        self, project: Project, lead: Client
    ) -> None:
        frozen(project)
        frozen(project, "Final")
        page = lead.get(url("compare_snapshots"), {"before": 2, "after": 1})
        assert page.context["before"].title == "Interim"

    def test_nothing_changed_says_so(self, project: Project, lead: Client) -> None:
        for title in ("One", "Two"):
            frozen(project, title)
        page = lead.get(url("compare_snapshots"), {"before": 1, "after": 2})
        assert "Nothing: every number" in page.content.decode()
        assert lead.get(url("compare_snapshots"), {"before": "x", "after": 2}).status_code == 404


class TestSharing:
    def share(self, project: Project, *, days: int = 30, language: str = "en") -> sharing.Made:
        snapshot = frozen(project)
        return sharing.make_share(
            snapshot=snapshot, language=language, days=days, by=snapshot.made_by, at=timezone.now()
        )

    def page(self, token: str, **request: Any) -> Any:
        return Client().get(f"/s/{token}/", **request)

    def test_a_stranger_with_the_link_sees_the_snapshot(self, project: Project) -> None:
        page = self.page(self.share(project).token)
        assert page.status_code == 200
        assert "Asanova Ainura" in page.content.decode()

    def test_the_token_is_long_and_only_its_hash_is_kept(self, project: Project) -> None:
        made = self.share(project)
        assert len(made.token) >= 32
        kept = Share.objects.values().get()
        assert made.token not in str(kept)

    def test_the_link_is_shown_once(self, project: Project, lead: Client) -> None:
        frozen(project)
        sent = {"days": 7, "language": "ru"}
        page = lead.post(url("share", 1), sent).content.decode()
        found = re.search(r"/s/([\w-]+)/", page)
        assert found is not None
        assert self.page(found[1]).status_code == 200
        assert found[1] not in lead.get(url("snapshot", 1)).content.decode()

    def test_nothing_in_a_request_changes_a_byte(self, project: Project) -> None:
        made = self.share(project)
        page = self.page(made.token)
        viewer = Client()
        viewer.cookies["django_language"] = "ru"
        viewer.force_login(make.member(project, Role.ADMIN))
        others = [
            self.page(made.token, query_params={"period": "campaign", "language": "ky", "x": "'"}),
            self.page(made.token, headers={"accept-language": "ky"}),
            viewer.get(f"/s/{made.token}/"),
        ]
        assert [other.content for other in others] == [page.content] * 3

    def test_it_is_in_the_language_of_the_link(self, project: Project) -> None:
        page = self.page(self.share(project, language="ky").token)
        assert '<html lang="ky">' in page.content.decode()

    def test_it_is_not_kept_by_caches_nor_found_by_search_engines(self, project: Project) -> None:
        page = self.page(self.share(project).token)
        assert page["Cache-Control"] == "no-store, private"
        assert page["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page["X-Robots-Tag"]
        assert not page.cookies

    def test_revoked_expired_and_unknown_links_are_the_same_to_a_stranger(
        self, project: Project, lead: Client
    ) -> None:
        made = self.share(project)
        lead.post(url("revoke", made.share.snapshot.number), {"share": made.share.pk})
        past = timezone.now() - 8 * DAY
        old = sharing.make_share(
            snapshot=made.share.snapshot, language="en", days=7, by=made.share.made_by, at=past
        )
        answers = [self.page(token) for token in (made.token, old.token, "a" * 32)]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert len({without_what_it_was_asked(answer) for answer in answers}) == 1

    def test_views_are_counted_by_the_hour_and_listed(self, project: Project, lead: Client) -> None:
        made = self.share(project)
        noon = datetime.datetime(2021, 1, 11, 12, 10, tzinfo=datetime.UTC)
        for minutes in (0, 30, 60):
            moment = noon + datetime.timedelta(minutes=minutes)
            sharing.count_view(share=made.share, at=moment)
        rows = ShareViews.objects.order_by("hour").values_list("hour__hour", "count")
        assert list(rows) == [(12, 2), (13, 1)]
        page = lead.get(url("snapshot", made.share.snapshot.number)).text
        # On the clock of the project, the last first.
        assert page.index("11 January 2021, 19:00: 1") < page.index("11 January 2021, 18:00: 2")

    def test_the_database_refuses_a_link_that_ended_before_it_began(self, project: Project) -> None:
        share = self.share(project).share
        with pytest.raises(IntegrityError, match="expires_after"), transaction.atomic():
            Share.objects.filter(pk=share.pk).update(expires_at=share.made_at - DAY)

    def test_a_link_of_another_project_is_not_revoked(self, project: Project) -> None:
        made = self.share(project)
        elsewhere = make.project("elsewhere")
        stranger = Client()
        stranger.force_login(make.member(elsewhere, Role.ADMIN))
        address = reverse("dashboards:revoke", args=["elsewhere", 1])
        assert stranger.post(address, {"share": made.share.pk}).status_code == 404
        assert self.page(made.token).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 200), (None, 404)]
)
def test_only_leads_make_and_see_snapshots(
    project: Project, client: Client, role: str | None, status: int
) -> None:
    frozen(project)
    client.force_login(make.member(project, role) if role else make.user("stranger"))
    assert client.get(url("snapshots")).status_code == status
    assert client.get(url("snapshot", 1)).status_code == status
    sent = {"days": 7, "language": "en"}
    assert client.post(url("share", 1), sent).status_code == status
