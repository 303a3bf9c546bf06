"""The desk for accounts that posts wait for."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monitoring.models import Account, AccountState, Actor, Membership, Project, Role
from monitoring.services.accounts import assign
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, as_csv, history, page_post
from tests.monitoring.test_imports import make_project, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """An actor, and two accounts that nobody has claimed: one of hers, one of nobody's."""
    project = make.project()
    make.actor(project, "Asanova Ainura", names=["Айнура Асанова"])
    for name, posts in [("Айнура АСАНОВА", 3), ("Ош базары", 1)]:
        account = waiting(project, name)
        for _post in range(posts):
            make.post(account, likes=10)
    rebuild_daily_totals(project=project)
    return project


def waiting(project: Project, name: str) -> Account:
    number = Account.objects.of(project).count() + 1000
    return Account.objects.create(
        project=project,
        platform="facebook",
        kind="page",
        native_id=str(number),
        name=name,
        state=AccountState.WAITING,
    )


@pytest.fixture
def admin(project: Project, client: Client) -> Client:
    client.force_login(make.member(project, Role.ADMIN))
    return client


def test_an_account_that_was_met_under_its_handle_learns_its_name_and_id() -> None:
    """The history of a post names its page by the handle alone; an export tells whose it is."""
    project = make.project()
    take_in(project, history(1, ("2021-01-05 17:00:00", 2)))
    (account,) = Account.objects.of(project)
    assert (account.name, account.native_id) == ("ainura", "")
    take_in(project, as_csv(PAGES_2020, [page_post(1, **{"Page Name": ""})]))
    account.refresh_from_db()
    assert (account.name, account.native_id) == ("ainura", "100000000000001")
    take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    account.refresh_from_db()
    assert (account.name, account.native_id) == ("Айнура Асанова", "100000000000001")
    take_in(project, as_csv(PAGES_2020, [page_post(2, **{"Page Name": "Another name"})]))
    account.refresh_from_db()
    assert account.name == "Айнура Асанова"


def test_the_name_that_an_admin_gave_stays() -> None:
    project = make.project()
    account = waiting(project, "ainura")
    Account.objects.of(project).update(handle="ainura", native_id="")
    assign(account=account, actor=make.actor(project, "Asanova Ainura"))
    take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    account.refresh_from_db()
    assert (account.name, account.native_id) == ("ainura", "100000000000001")


def url() -> str:
    return reverse("monitoring:unknown_accounts", args=["mission"])


def named(project: Project, name: str) -> Account:
    return Account.objects.of(project).get(name=name)


def press(client: Client, project: Project, account: str, do: str, **others: Any) -> str:
    sent = {"accounts": [named(project, account).pk], "do": do, **others}
    return client.post(url(), sent, follow=True).content.decode()


def test_accounts_are_listed_by_their_posts_with_likely_actors(
    project: Project, admin: Client
) -> None:
    page = admin.get(url())
    rows = page.context["rows"]
    assert [(row.account.name, row.account.post_count) for row in rows] == [
        ("Айнура АСАНОВА", 3),
        ("Ош базары", 1),
    ]
    assert [[actor.name for actor, _likely in row.likely] for row in rows] == [
        ["Asanova Ainura"],
        [],
    ]


def test_an_assigned_account_counts_from_then_on(project: Project, admin: Client) -> None:
    actor = Actor.objects.of(project).get()
    assert posts_of(admin, actor) == 0
    page = press(admin, project, "Айнура АСАНОВА", f"assign:{actor.pk}")
    assert "Its posts count from now on" in page
    assert named(project, "Айнура АСАНОВА").actor == actor
    assert posts_of(admin, actor) == 3


def posts_of(client: Client, actor: Actor) -> int:
    asked = {"measure": "posts", "by": "actor"}
    rows = client.get("/api/v1/projects/mission/measures/", asked).json()["rows"]
    return next(row["value"] for row in rows if row["actor_id"] == actor.pk)


def test_an_account_becomes_an_actor_of_its_own(project: Project, admin: Client) -> None:
    media = make.category(project, "media")
    press(admin, project, "Ош базары", "create", category=media.pk, name="Osh bazaar")
    actor = Actor.objects.of(project).get(name="Osh bazaar")
    assert actor.category == media
    assert named(project, "Ош базары").actor == actor


def test_a_name_that_is_in_use_makes_no_second_actor(project: Project, admin: Client) -> None:
    media = make.category(project, "media")
    sent = {"category": media.pk, "name": "Asanova Ainura"}
    assert "assign to it" in press(admin, project, "Ош базары", "create", **sent)
    assert Actor.objects.of(project).count() == 1
    assert named(project, "Ош базары").state == AccountState.WAITING


def undo(client: Client) -> str:
    return client.post(url(), {"do": "undo"}, follow=True).content.decode()


def test_the_last_step_is_taken_back_whatever_it_was(project: Project, admin: Client) -> None:
    actor = Actor.objects.of(project).get()
    press(admin, project, "Айнура АСАНОВА", f"assign:{actor.pk}")
    assert posts_of(admin, actor) == 3
    assert "1 account waits again" in undo(admin)
    assert named(project, "Айнура АСАНОВА").state == AccountState.WAITING
    assert posts_of(admin, actor) == 0
    press(admin, project, "Ош базары", "create", category=make.category(project, "media").pk)
    undo(admin)
    assert list(Actor.objects.of(project)) == [actor]
    press(admin, project, "Ош базары", "ignore")
    undo(admin)
    assert named(project, "Ош базары").state == AccountState.WAITING
    assert "nothing to undo" in undo(admin)


def test_undoing_leaves_what_others_decided_since(project: Project, admin: Client) -> None:
    actor, other = Actor.objects.of(project).get(), make.actor(project)
    press(admin, project, "Айнура АСАНОВА", f"assign:{actor.pk}")
    Account.objects.of(project).filter(actor=actor).update(actor=other)
    assert "0 accounts wait again" in undo(admin)
    assert named(project, "Айнура АСАНОВА").actor == other


def test_what_was_done_in_another_project_is_not_undone_here(
    project: Project, admin: Client
) -> None:
    press(admin, project, "Ош базары", "ignore")
    elsewhere = make.project("elsewhere")
    person = Membership.objects.get(project=project, role=Role.ADMIN).user
    Membership.objects.create(project=elsewhere, user=person, role=Role.ADMIN)
    there = reverse("monitoring:unknown_accounts", args=["elsewhere"])
    assert "nothing to undo" in admin.post(there, {"do": "undo"}, follow=True).text
    assert named(project, "Ош базары").state == AccountState.IGNORED


def test_many_accounts_are_one_message(project: Project, admin: Client) -> None:
    actor = Actor.objects.of(project).get()
    ids = list(Account.objects.of(project).values_list("pk", flat=True))
    sent = {"accounts": ids, "do": "assign", "actor": actor.pk}
    page = admin.post(url(), sent, follow=True)
    assert [str(one) for one in page.context["messages"]] == [
        "2 accounts have their actors. Their posts count from now on."
    ]


def test_ignoring_can_be_undone(project: Project, admin: Client) -> None:
    press(admin, project, "Ош базары", "ignore")
    assert named(project, "Ош базары").state == AccountState.IGNORED
    assert "Ош базары" not in admin.get(url()).content.decode()
    press(admin, project, "Ош базары", "wait")
    assert named(project, "Ош базары").state == AccountState.WAITING


def test_several_are_assigned_at_once(project: Project, admin: Client) -> None:
    actor = Actor.objects.of(project).get()
    ids = list(Account.objects.of(project).values_list("pk", flat=True))
    admin.post(url(), {"accounts": ids, "do": "assign", "actor": actor.pk})
    assert Account.objects.of(project).filter(actor=actor).count() == 2


@pytest.mark.parametrize("do", ["", "assign", "assign:x", "assign:999999", "create", "drop"])
def test_what_the_page_does_not_offer_changes_nothing(
    project: Project, admin: Client, do: str
) -> None:
    assert "Choose what to do" in press(admin, project, "Ош базары", do)
    assert named(project, "Ош базары").state == AccountState.WAITING


def test_accounts_and_actors_of_another_project_are_out_of_reach(
    project: Project, admin: Client
) -> None:
    elsewhere = make.project("elsewhere")
    theirs = waiting(elsewhere, "Theirs")
    stranger = make.actor(elsewhere)
    admin.post(url(), {"accounts": [theirs.pk], "do": "ignore"})
    press(admin, project, "Ош базары", f"assign:{stranger.pk}")
    theirs.refresh_from_db()
    assert theirs.state == AccountState.WAITING
    assert named(project, "Ош базары").state == AccountState.WAITING


def test_many_accounts_take_no_more_queries(
    project: Project, admin: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        waiting(project, f"Account {number}")
    with django_assert_max_num_queries(14):
        assert len(admin.get(url()).context["rows"]) == 50


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 403), (None, 404)]
)
def test_only_admins_say_whose_accounts_are(
    project: Project, client: Client, role: str | None, status: int
) -> None:
    client.force_login(make.member(project, role) if role else make.user("stranger"))
    assert client.get(url()).status_code == status
    assert client.post(url(), {"do": "ignore"}).status_code == status


@pytest.mark.parametrize("role", [Role.ADMIN, Role.LEAD])
def test_an_import_leads_only_those_to_the_desk_who_may_use_it(client: Client, role: Role) -> None:
    project = make_project("waits")
    stranger = {"Facebook Id": "100000000000009", "User Name": "bekov", "Page Name": "Беков"}
    done = take_in(project, as_csv(PAGES_2020, [page_post(5, **stranger)]))
    client.force_login(make.member(project, role))
    page = client.get(reverse("monitoring:import", args=[project.slug, done.pk])).content.decode()
    desk = reverse("monitoring:unknown_accounts", args=[project.slug])
    assert "nobody has said yet whose it is" in page
    assert (f'<a href="{desk}">Say whose' in page) == (role == Role.ADMIN)
    assert ("An admin can say it." in page) == (role == Role.LEAD)
