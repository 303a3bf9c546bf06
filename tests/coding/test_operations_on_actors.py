"""Whatever is done to the list of actors, nothing that names one is lost or left without it."""

import random
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import ProtectedError

from coding.models import Coding, Mention
from coding.services.codings import Answers, save_coding, withdraw
from monitoring.importers.records import AccountSeen
from monitoring.models import Account, AccountState, Actor, Category, Post
from monitoring.services import accounts
from monitoring.services.actors import import_actors
from tests import factories as make

pytestmark = pytest.mark.django_db

OPERATIONS = 500
HEADER = "actor,category,platform,kind,handle,native_id,display_name,url,aliases"
PLATFORM, KIND = "facebook", "page"


class Mission:
    """A project at which a careless admin works; ``said`` is what was coded about whom."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.project = make.project()
        self.version = make.published_codebook(self.project)
        self.monitor = make.member(self.project)
        self.said: dict[int, tuple[int, str]] = {}
        self.posts: dict[int, int] = {}
        for _ in range(4):
            self.publish(make.account(make.actor(self.project)))

    def publish(self, account: Account) -> None:
        """Some posts of an account, to be coded."""
        for _ in range(2):
            post = make.post(account)
            make.assignment(post, self.monitor)
            self.posts[post.pk] = account.pk

    def an_actor(self) -> Actor:
        return self.dice.choice(list(Actor.objects.of(self.project).order_by("pk")))

    def an_account(self) -> Account:
        return self.dice.choice(list(Account.objects.of(self.project).order_by("pk")))

    def a_category(self) -> Category:
        return self.dice.choice(list(Category.objects.of(self.project)))

    def meet_an_account(self) -> None:
        name = f"page-{self.dice.randrange(60)}"
        seen = AccountSeen(PLATFORM, KIND, "", name, name, "")
        [found] = accounts.resolve(project=self.project, seen=[seen])
        account = Account.objects.of(self.project).get(pk=found.id)
        if account.pk not in self.posts.values():
            self.publish(account)

    def list_an_actor(self) -> None:
        name = self.dice.choice([self.an_actor().name, f"Listed {self.dice.randrange(20)}"])
        account = f"{PLATFORM},{KIND},page-{self.dice.randrange(60)}"
        if self.dice.random() < 0.5:
            account = ",,"
        line = f"{name},{self.a_category().key},{account},,,,Also {name}"
        import_actors(project=self.project, chunks=[f"{HEADER}\n{line}\n".encode()])

    def say_whose_an_account_is(self) -> None:
        accounts.assign(account=self.an_account(), actor=self.an_actor())

    def make_an_actor_of_an_account(self) -> None:
        name = f"Adopted {self.dice.randrange(20)}"
        accounts.adopt(account=self.an_account(), category=self.a_category(), name=name)

    def take_it_back(self) -> None:
        account = self.an_account()
        if account.actor_id is not None:
            made = [account.actor_id]
            pairs = {account.pk: account.actor_id}
            accounts.release(project=self.project, accounts=pairs, made=made)

    def ignore_or_not(self) -> None:
        chosen, ignored = [self.an_account().pk], self.dice.random() < 0.5
        accounts.set_ignored(project=self.project, accounts=chosen, ignored=ignored)

    def delete_an_actor(self) -> None:
        self.an_actor().delete()

    def code_a_post(self) -> None:
        post = Post.objects.of(self.project).get(pk=self.dice.choice(list(self.posts)))
        last = Coding.objects.of(self.project).filter(post=post).order_by("-number").first()
        request = {
            "project": self.project,
            "post": post,
            "coder": self.monitor,
            "request_id": uuid.UUID(int=self.dice.getrandbits(128)),
            "base_number": last.number if last else 0,
            "at": make.NOON,
        }
        if last is not None and last.kind == "coding":
            withdraw(**request)
            return
        actor, tone = self.an_actor().pk, self.dice.choice(list(make.TONES))
        answers = Answers(topics=("media",), mentions=((actor, tone),))
        coding = save_coding(**request, version=self.version, answers=answers, seconds=1)
        self.said[coding.pk] = (actor, tone)

    def operations(self) -> list[Callable[[], None]]:
        return [
            self.meet_an_account,
            self.list_an_actor,
            self.say_whose_an_account_is,
            self.make_an_actor_of_an_account,
            self.take_it_back,
            self.ignore_or_not,
            self.delete_an_actor,
            self.code_a_post,
        ]


def test_500_random_operations_on_actors_leave_every_reference_whole() -> None:
    dice = random.Random(2021)
    mission = Mission(dice)
    done, refused = set(), set()
    for _number in range(OPERATIONS):
        operation = dice.choice(mission.operations())
        try:
            with transaction.atomic():
                operation()
            done.add(operation.__name__)
        except (ProtectedError, accounts.AccountTaken, accounts.ActorExists):
            refused.add(operation.__name__)
    assert done == {operation.__name__ for operation in mission.operations()}
    assert "delete_an_actor" in refused
    assert list(dangling()) == []
    assert dict(Post.objects.values_list("pk", "account")) == mission.posts
    said = Mention.objects.values_list("coding", "actor", "tone__key")
    assert {coding: (actor, tone) for coding, actor, tone in said} == mission.said
    monitored = Account.objects.filter(state=AccountState.MONITORED)
    assert set(monitored) == set(Account.objects.exclude(actor=None))
    assert {account.actor.project for account in monitored} == {mission.project}


def dangling() -> Iterator[str]:
    """References that lead nowhere, of every table: the database checks its own anew as well."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                to, name = field.related_model._base_manager, field.target_field.attname
                known = to.values(name)
                rows = model._base_manager.exclude(**{f"{field.attname}__isnull": True})
                if rows.exclude(**{f"{field.attname}__in": known}).exists():
                    yield f"{model.__name__}.{field.name}"
