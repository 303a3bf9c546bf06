"""Two actors of the list that are one: nothing is lost or doubled, and they can be taken apart."""

import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import (
    Case,
    CodebookVersion,
    Coding,
    FinalCoding,
    FinalState,
    Recheck,
)
from coding.services.agreement_tables import Reliability
from coding.services.cases import open_case
from coding.services.codings import Answers, save_coding, verify_history
from coding.services.disagreements import waiting_disagreements
from coding.services.merged_actors import concerned, merge_actors, take_actors_apart
from coding.services.rechecks import rechecks_for
from dashboards.findings import reading as findings
from dashboards.findings.names import names_in_language
from dashboards.findings.numbers import Number
from dashboards.measures import Measures, UnknownWord
from dashboards.models import BuiltChart
from monitoring.importers.records import AccountSeen
from monitoring.models import (
    Account,
    Actor,
    Advertiser,
    Merging,
    Post,
    Project,
    Role,
)
from monitoring.services import accounts
from monitoring.services.actor_names import names_of_actors
from monitoring.services.actors import change_category, import_actors
from monitoring.services.ads import link_advertisers
from monitoring.services.merging import NotMergeable
from monitoring.services.revisions import revision_of
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make

pytestmark = pytest.mark.django_db

LATIN, CYRILLIC = "Japarov Sadyr", "Садыр Жапаров"
HEADER = "actor,category,platform,kind,handle,native_id,display_name,url,aliases"


@dataclass
class Mission:
    """An outlet that writes about a candidate who stands on the list twice, each with a page."""

    project: Project
    version: CodebookVersion
    latin: Actor
    cyrillic: Actor
    other: Actor
    posts: list[Post]
    monitors: list[User]
    admin: User

    def code(self, *mentions: tuple[Actor, str], place: int = 0, who: int = 0) -> Coding:
        post, coder = self.posts[place], self.monitors[who]
        return save_coding(
            project=self.project,
            post=post,
            coder=coder,
            version=self.version,
            request_id=uuid.uuid4(),
            base_number=Coding.objects.of(self.project).filter(post=post, coder=coder).count(),
            answers=Answers(("media",), tuple((actor.pk, tone) for actor, tone in mentions)),
            seconds=1,
            at=make.NOON,
        )

    def merge(self, actor: Actor | None = None, into: Actor | None = None) -> None:
        merge_actors(
            actor=actor or self.cyrillic, into=into or self.latin, by=self.admin, at=make.NOON
        )

    def apart(self, actor: Actor | None = None) -> None:
        take_actors_apart(actor=Actor.objects.of(self.project).get(pk=(actor or self.cyrillic).pk))

    def posts_of(self, name: str) -> int:
        return int(Measures(self.project).ask("posts", where={"actor": name}).value)

    def tones(self) -> dict[str, int]:
        """How often which tone toward whom counts."""
        found = Measures(self.project).ask("mentions", by=["about", "tone"])
        return {
            f"{row['about']}: {row['tone']}": row["value"] for row in found.rows if row["value"]
        }

    def looks_again(self) -> list[tuple[int, Actor | None]]:
        waiting = rechecks_for(project=self.project, coder=self.monitors[0])
        return [(row.coding_id, row.actor) for row in waiting]

    def admins(self, method: str, actor: Actor, **given: Any) -> Any:
        client = Client()
        client.force_login(self.admin)
        url = reverse("coding:actor", args=[self.project.slug, actor.pk])
        return getattr(client, method)(url, given, follow=True)


def make_mission() -> Mission:
    project = make.project()
    version = make.published_codebook(project)
    latin = make.actor(project, LATIN)
    cyrillic = make.actor(project, CYRILLIC, names=["Садыр Нургожоевич"])
    for candidate in (latin, cyrillic):
        for _number in range(2):
            make.post(make.account(candidate))
    outlet = make.account(make.actor(project, "Kabar", category="media"))
    monitors = [make.member(project), make.member(project)]
    posts = [make.post(outlet, text="Садыр Жапаров келди") for _number in range(3)]
    for post in posts:
        for monitor in monitors:
            make.assignment(post, monitor)
    rebuild_daily_totals(project=project)
    other = make.actor(project, "Madumarov Adakhan")
    admin = make.member(project, Role.ADMIN)
    return Mission(project, version, latin, cyrillic, other, posts, monitors, admin)


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Mission]) -> Mission:
    return once_for_the_file(make_mission)


@pytest.fixture
def mission(written: Mission) -> Mission:
    return deepcopy(written)


class TestNumbers:
    def test_the_posts_of_both_count_under_the_one_that_stays(self, mission: Mission) -> None:
        before = Measures(mission.project).ask("posts").value
        mission.merge()
        assert mission.posts_of(LATIN) == 4
        assert Measures(mission.project).ask("posts").value == before
        rows = Measures(mission.project).ask("posts", by=["actor"]).rows
        assert CYRILLIC not in {row["actor"] for row in rows}
        mission.apart()
        assert (mission.posts_of(LATIN), mission.posts_of(CYRILLIC)) == (2, 2)

    def test_a_chart_that_names_the_merged_one_shows_the_other(self, mission: Mission) -> None:
        mission.merge()
        assert mission.posts_of(CYRILLIC) == 4
        result = Measures(mission.project).ask("posts", where={"actor": [CYRILLIC, LATIN]})
        assert (result.value, list(result.where["actor"])) == (4, [LATIN])
        Measures(mission.project).check_values({"about": CYRILLIC})
        with pytest.raises(UnknownWord):
            Measures(mission.project).check_values({"about": "Nobody"})

    def test_open_dashboards_hear_of_it(self, mission: Mission) -> None:
        before = revision_of(mission.project)
        mission.merge()
        assert revision_of(mission.project) > before

    def test_no_statement_more_is_needed(self, mission: Mission) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as captured:
                measures = Measures(mission.project)
                measures.ask("posts", by=["actor"], where={"actor": CYRILLIC})
                measures.ask("mentions", by=["about", "tone"])
            return len(captured)

        before = statements()
        mission.merge()
        assert statements() == before

    def test_an_advertiser_passes_over_and_comes_back(self, mission: Mission) -> None:
        known = Advertiser.objects.create(
            project=mission.project, page_id="1", name="Page", actor=mission.cyrillic
        )
        mission.merge()
        named = Advertiser.objects.create(project=mission.project, page_id="2", name=CYRILLIC)
        link_advertisers(project=mission.project)
        for advertiser, whose in ((known, mission.latin), (named, mission.latin)):
            advertiser.refresh_from_db()
            assert advertiser.actor == whose
        mission.apart()
        for advertiser in (known, named):
            advertiser.refresh_from_db()
            assert advertiser.actor == mission.cyrillic


class TestCodings:
    def test_keep_what_was_said_and_are_read_as_of_the_one_that_stays(
        self, mission: Mission
    ) -> None:
        coding = mission.code((mission.cyrillic, "negative"))
        mission.code((mission.latin, "positive"), place=1)
        mission.merge()
        assert coding.mentions.get().actor == mission.cyrillic
        assert verify_history(project=mission.project).first_broken is None
        assert mission.tones() == {f"{LATIN}: negative": 1, f"{LATIN}: positive": 1}
        behind = Measures(mission.project).posts_behind("mentions", where={"about": CYRILLIC})
        assert {post.pk for post in behind.page(9)} == {post.pk for post in mission.posts[:2]}
        mission.apart()
        assert mission.tones() == {f"{CYRILLIC}: negative": 1, f"{LATIN}: positive": 1}

    def test_who_disagreed_only_on_which_of_the_two_it_is_agrees_now(
        self, mission: Mission
    ) -> None:
        mission.code((mission.latin, "negative"))
        mission.code((mission.cyrillic, "negative"), who=1)
        final = FinalCoding.objects.of(mission.project).get()
        assert final.state == FinalState.UNSETTLED
        mission.merge()
        final.refresh_from_db()
        assert final.state == FinalState.AGREED
        assert waiting_disagreements(project=mission.project) == []
        found = Reliability(mission.project)
        [line] = [line for line in found.lines() if line.key == "tone"]
        assert (line.agreement.units, line.agreement.percent) == (1, 1)
        assert [part.label for part in found.parts(found.words.variable("mentions"))] == [LATIN]
        of_merged = found.words.variable(f"mention:{mission.cyrillic.pk}")
        assert of_merged is not None
        assert found.words.name_of(of_merged) == LATIN
        mission.apart()
        final.refresh_from_db()
        assert final.state == FinalState.UNSETTLED

    def test_the_same_tone_toward_both_counts_once(self, mission: Mission) -> None:
        mission.code((mission.latin, "negative"), (mission.cyrillic, "negative"))
        mission.merge()
        assert mission.tones() == {f"{LATIN}: negative": 1}
        assert mission.looks_again() == []

    def test_another_tone_toward_each_counts_once_until_looked_at_again(
        self, mission: Mission
    ) -> None:
        coding = mission.code((mission.cyrillic, "positive"), (mission.latin, "negative"))
        assert concerned(actor=mission.cyrillic, into=mission.latin).torn == 1
        mission.merge()
        assert mission.tones() == {f"{LATIN}: negative": 1}
        assert mission.looks_again() == [(coding.pk, mission.latin)]
        mission.code((mission.latin, "neutral"))
        assert (mission.looks_again(), mission.tones()) == ([], {f"{LATIN}: neutral": 1})

    def test_nobody_looks_again_once_they_are_two(self, mission: Mission) -> None:
        mission.code((mission.cyrillic, "positive"), (mission.latin, "negative"))
        mission.merge()
        mission.apart()
        assert mission.looks_again() == []
        assert mission.tones() == {f"{LATIN}: negative": 1, f"{CYRILLIC}: positive": 1}
        assert not Recheck.objects.of(mission.project).exists()

    def test_an_answer_of_a_tab_that_knows_the_old_list_is_kept(self, mission: Mission) -> None:
        mission.merge()
        mission.code((mission.cyrillic, "positive"))
        assert (mission.tones(), mission.looks_again()) == ({f"{LATIN}: positive": 1}, [])
        torn = mission.code((mission.cyrillic, "positive"), (mission.latin, "negative"), place=1)
        assert mission.looks_again() == [(torn.pk, mission.latin)]

    def test_the_monitor_is_told_and_shown_their_answer_as_it_counts(
        self, mission: Mission, client: Client
    ) -> None:
        mission.code((mission.cyrillic, "positive"), (mission.latin, "negative"))
        mission.merge()
        client.force_login(mission.monitors[0])
        page = client.get(reverse("coding:recheck", args=[mission.project.slug])).content.decode()
        assert "two tones toward one" in page
        assert f"<b>{LATIN}</b>" in page
        desk = reverse("coding:desk", args=[mission.project.slug])
        card = client.get(desk, {"post": mission.posts[0].pk}).context["card"]
        assert [(row.name, row.tone) for row in card.actors] == [(LATIN, "negative")]

    def test_leads_see_one_question_and_no_dispute(self, mission: Mission, client: Client) -> None:
        mission.code((mission.latin, "negative"))
        mission.code((mission.cyrillic, "positive"), who=1)
        mission.merge()
        client.force_login(mission.admin)
        review = reverse("coding:review", args=[mission.project.slug])
        page = client.get(review).context
        asked = [one for one in page["comparisons"] if one.question != "Topics"]
        assert [(one.question, one.answers) for one in asked] == [(LATIN, ["negative", "positive"])]
        assert [row.name for row in page["card"].actors] == [LATIN]


class TestNames:
    def test_all_names_lead_to_the_one_that_stays(self, mission: Mission, client: Client) -> None:
        mission.merge()
        known = names_of_actors(project=mission.project)
        assert known[mission.latin.pk] == [LATIN, CYRILLIC, "Садыр Нургожоевич"]
        assert mission.cyrillic.pk not in known
        client.force_login(mission.monitors[0])
        page = client.get(reverse("coding:desk", args=[mission.project.slug]))
        assert [row.id for row in page.context["card"].actors] == [mission.latin.pk]
        assert mission.cyrillic.pk not in dict(page.context["actors"])

    def test_an_unknown_account_of_the_merged_name_is_offered_the_other(
        self, mission: Mission
    ) -> None:
        mission.merge()
        seen = AccountSeen("facebook", "page", "", "sadyr", CYRILLIC, "")
        [found] = accounts.resolve(project=mission.project, seen=[seen])
        client = Client()
        client.force_login(mission.admin)
        url = reverse("monitoring:unknown_accounts", args=[mission.project.slug])
        [row] = client.get(url).context["rows"]
        assert row.likely[0][0] == mission.latin
        # A page from before the merging.
        client.post(url, {"accounts": found.id, "do": f"assign:{mission.cyrillic.pk}"})
        assert Account.objects.get(pk=found.id).actor == mission.latin
        client.post(url, {"do": "undo"})
        assert Account.objects.get(pk=found.id).actor is None

    def test_a_list_that_names_the_merged_one_feeds_the_other_until_taken_apart(
        self, mission: Mission
    ) -> None:
        mission.merge()
        line = f"{CYRILLIC},candidate,facebook,page,sadyr.kg,,,,Садыр ажы"
        import_actors(project=mission.project, chunks=[f"{HEADER}\n{line}\n".encode()])
        account = Account.objects.get(handle="sadyr.kg")
        assert account.actor == mission.latin
        assert "Садыр ажы" in names_of_actors(project=mission.project)[mission.latin.pk]
        mission.apart()
        account.refresh_from_db()
        assert account.actor == mission.cyrillic
        assert "Садыр ажы" not in names_of_actors(project=mission.project)[mission.latin.pk]

    def test_no_new_actor_gets_the_name(self, mission: Mission) -> None:
        mission.merge()
        waiting = Account.objects.create(
            project=mission.project,
            platform="facebook",
            kind="page",
            handle="x",
            name="X",
            state="waiting",
        )
        category = make.category(mission.project)
        with pytest.raises(accounts.ActorExists, match=LATIN):
            accounts.adopt(account=waiting, category=category, name=CYRILLIC)


class TestWhatRefersToIt:
    def test_a_case_is_against_the_one_that_stays(self, mission: Mission) -> None:
        opened = open_case(
            project=mission.project, lead=mission.admin, post=mission.posts[0], kind="manipulation"
        )
        Case.objects.of(mission.project).filter(pk=opened.pk).update(target=mission.cyrillic)
        mission.merge()
        client = Client()
        client.force_login(mission.admin)
        url = reverse("coding:case", args=[mission.project.slug, opened.number])
        form = client.get(url).context["form"]
        assert form.initial["target"] == mission.latin
        assert mission.cyrillic not in form.fields["target"].queryset
        cases = client.get(reverse("coding:cases", args=[mission.project.slug]))
        assert f"<bdi>{LATIN}</bdi>" in cases.content.decode()

    def test_addresses_with_its_id_lead_to_the_other(self, mission: Mission) -> None:
        mission.merge()
        client = Client()
        client.force_login(mission.admin)
        api = f"/api/v1/projects/{mission.project.slug}"
        old = {"actor": mission.cyrillic.pk}
        assert len(client.get(f"{api}/posts/", old).json()["results"]) == 4
        assert len(client.get(f"{api}/accounts/", old).json()["results"]) == 4
        listed = {one["name"]: one for one in client.get(f"{api}/actors/").json()["results"]}
        assert CYRILLIC not in listed
        assert listed[LATIN]["merged"] == [mission.cyrillic.pk]
        assert CYRILLIC in listed[LATIN]["names"]
        page = client.get(reverse("monitoring:posts", args=[mission.project.slug]), old)
        assert len(page.context["posts"]) == 4
        assert page.context["form"]["actor"].value() == str(mission.latin.pk)

    def test_a_built_chart_goes_on(self, mission: Mission) -> None:
        chart = BuiltChart.objects.create(
            project=mission.project,
            title="His posts",
            measure="posts",
            by=["actor"],
            where={"actor": [CYRILLIC]},
            period="entire",
            scope="all",
            form="bars",
            made_by=mission.admin,
        )
        mission.merge()
        client = Client()
        client.force_login(mission.admin)
        url = reverse("dashboards:chart", args=[mission.project.slug, chart.key])
        page = client.get(url).content.decode()
        assert LATIN in page
        assert "4" in page

    def test_a_sentence_that_names_it_reads_the_other_and_spells_it_in_its_language(
        self, mission: Mission
    ) -> None:
        words = {"measure": "posts", "by": ["actor"], "who": CYRILLIC, "prints": "value"}
        mission.merge()
        measures = Measures(mission.project)
        reading = findings.Answers(measures).read(Number.of_words(words))
        assert (reading.name, reading.value) == (LATIN, 4)
        assert names_in_language(measures.background.directory, "ru")[LATIN] == CYRILLIC


class TestRules:
    def test_one_that_was_merged_into_comes_along_and_goes_back(self, mission: Mission) -> None:
        mission.merge()
        mission.merge(mission.latin, mission.other)
        assert mission.posts_of(mission.other.name) == mission.posts_of(CYRILLIC) == 4
        mission.apart(mission.latin)
        assert (mission.posts_of(mission.other.name), mission.posts_of(CYRILLIC)) == (0, 4)
        mission.merge(mission.latin, mission.other)
        mission.apart(mission.cyrillic)
        assert mission.posts_of(CYRILLIC) == mission.posts_of(LATIN) == 2

    def test_what_it_got_since_stays_where_it_is(self, mission: Mission) -> None:
        mission.merge()
        make.post(make.account(mission.latin))
        account = mission.cyrillic.accounts_before.first()
        accounts.release(project=mission.project, accounts={account.pk: mission.latin.pk})
        mission.apart()
        assert Account.objects.of(mission.project).filter(actor=mission.latin).count() == 3
        assert Account.objects.of(mission.project).filter(actor=mission.cyrillic).count() == 1

    def test_of_two_categories_they_are_not_merged_before_one_is_moved(
        self, mission: Mission
    ) -> None:
        media = make.category(mission.project, "media")
        change_category(actor=mission.cyrillic, category=media)
        with pytest.raises(NotMergeable, match="“Media” and .* “Candidates”"):
            mission.merge()
        change_category(actor=mission.latin, category=media)
        mission.merge()
        change_category(actor=mission.latin, category=make.category(mission.project))
        mission.cyrillic.refresh_from_db()
        assert mission.cyrillic.category.key == "candidate"

    def test_nobody_is_merged_into_themselves_or_twice(self, mission: Mission) -> None:
        with pytest.raises(NotMergeable):
            mission.merge(mission.latin, mission.latin)
        mission.merge()
        for actor, into in (
            (mission.cyrillic, mission.other),
            (mission.latin, mission.cyrillic),
            (mission.other, mission.cyrillic),
        ):
            with pytest.raises(NotMergeable):
                mission.merge(actor, into)
        with pytest.raises(NotMergeable):
            mission.apart(mission.latin)

    def test_neither_can_be_deleted(self, mission: Mission) -> None:
        mission.merge(mission.other, mission.latin)
        for actor in (mission.other, mission.latin):
            with pytest.raises(ProtectedError):
                actor.delete()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE monitoring_actor SET merged_into_id = id WHERE id = %(latin)s",
            "UPDATE monitoring_actor SET merged_into_id = %(cyrillic)s WHERE id = %(other)s",
            "UPDATE monitoring_actor SET merged_into_id = %(foreign)s WHERE id = %(other)s",
            "UPDATE monitoring_actor SET merged_into_id = %(outlet)s WHERE id = %(other)s",
            "UPDATE monitoring_actor SET merged_into_id = %(other)s WHERE id = %(latin)s",
            "UPDATE monitoring_account SET actor_id = %(cyrillic)s WHERE actor_id = %(latin)s",
            "UPDATE monitoring_account SET actor_id = %(other)s WHERE merged_from_id > 0",
            "UPDATE monitoring_actor SET merged_into_id = NULL WHERE id = %(cyrillic)s",
            "UPDATE monitoring_merging SET actor_id = %(other)s",
        ],
    )
    def test_the_database_refuses_what_does_not_hold_together(
        self, mission: Mission, statement: str
    ) -> None:
        mission.merge()
        foreign = make.actor(make.project("elsewhere"))
        outlet = Actor.objects.of(mission.project).get(name="Kabar")
        ids = {
            "latin": mission.latin.pk,
            "cyrillic": mission.cyrillic.pk,
            "other": mission.other.pk,
            "foreign": foreign.pk,
            "outlet": outlet.pk,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(IntegrityError):
                cursor.execute(statement, ids)
            transaction.set_rollback(True)


class TestPage:
    def test_an_admin_finds_who_it_is_sees_what_follows_merges_and_takes_apart(
        self, mission: Mission
    ) -> None:
        mission.code((mission.cyrillic, "positive"), (mission.latin, "negative"))
        suggested = mission.admins("get", mission.cyrillic).context["candidates"]
        assert suggested == [mission.latin]
        found = mission.admins("get", mission.cyrillic, q="жапар").context["candidates"]
        assert found == [mission.latin]
        page = mission.admins("get", mission.cyrillic, into=mission.latin.pk).content.decode()
        assert "2 accounts; posts: 2" in page
        assert "1 coding with a tone toward" in page
        assert "In 1 coding the tone toward" in page
        mission.admins("post", mission.cyrillic, do="merge", into=mission.latin.pk)
        merging = Merging.objects.of(mission.project).get()
        assert (merging.actor, merging.into, merging.by) == (
            mission.cyrillic,
            mission.latin,
            mission.admin,
        )
        page = mission.admins("get", mission.cyrillic).content.decode()
        assert f"Merged into {LATIN}" in page
        mission.admins("post", mission.cyrillic, do="apart")
        assert not Merging.objects.of(mission.project).exists()

    def test_says_why_actors_of_two_categories_cannot_be_merged(self, mission: Mission) -> None:
        mission.admins("post", mission.cyrillic, do="category", category="media")
        page = mission.admins("get", mission.cyrillic, into=mission.latin.pk)
        assert "change the category of one of them first" in page.content.decode()
        answer = mission.admins("post", mission.cyrillic, do="merge", into=mission.latin.pk)
        assert "change the category of one of them first" in answer.content.decode()
        assert not Merging.objects.of(mission.project).exists()

    def test_the_list_shows_the_merged_one_in_its_place(
        self, mission: Mission, client: Client
    ) -> None:
        mission.merge()
        client.force_login(mission.monitors[0])
        url = reverse("monitoring:actors", args=[mission.project.slug])
        groups = {
            category.key: count for category, _rows, count in client.get(url).context["groups"]
        }
        assert groups == {"candidate": 2, "media": 1}
        found = client.get(url, {"q": "Садыр"}).content.decode()
        assert f"merged into {LATIN}" in found
        assert "Page of" in found

    @pytest.mark.parametrize(("role", "status"), [(Role.LEAD, 403), (Role.ADMIN, 200), (None, 404)])
    def test_opens_to_admins(
        self, mission: Mission, client: Client, role: str | None, status: int
    ) -> None:
        client.force_login(make.member(mission.project, role) if role else make.user())
        url = reverse("coding:actor", args=[mission.project.slug, mission.latin.pk])
        assert client.get(url).status_code == status

    def test_asks_as_few_questions_however_long_the_list(
        self, mission: Mission, django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(20):
            make.account(make.actor(mission.project))
        client = Client()
        client.force_login(mission.admin)
        url = reverse("coding:actor", args=[mission.project.slug, mission.cyrillic.pk])
        with django_assert_max_num_queries(18):
            assert client.get(url, {"into": mission.latin.pk}).status_code == 200
