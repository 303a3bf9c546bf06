"""Whatever is done to the list of actors, nothing that names one is lost or left without it."""

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, ProtectedError

from coding.models import Coding, CountedMention, FinalCoding, Mention, Recheck
from coding.services.codings import Answers, save_coding, verify_history, withdraw
from coding.services.merged_actors import merge_actors, take_actors_apart
from dashboards.measures import Measures
from monitoring.importers.records import AccountSeen
from monitoring.models import Account, AccountState, Actor, Category, Merging, Post, Role
from monitoring.services import accounts
from monitoring.services.actor_names import names_of_actors
from monitoring.services.actors import change_category, import_actors
from monitoring.services.merging import NotMergeable, obstacle_to
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make

pytestmark = pytest.mark.django_db

OPERATIONS, PARTS = 500, 5
HEADER = "actor,category,platform,kind,handle,native_id,display_name,url,aliases"
PLATFORM, KIND = "facebook", "page"


Said = tuple[tuple[int, str], ...]


class Mission:
    """A project at which a careless admin works; ``said`` is what was coded about whom."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.project = make.project()
        self.version = make.published_codebook(self.project)
        self.monitors = [make.member(self.project) for _ in range(2)]
        self.admin = make.member(self.project, Role.ADMIN)
        self.said: dict[int, Said] = {}
        # By post and person, what they say now.
        self.standing: dict[tuple[int, int], int] = {}
        self.posts: dict[int, int] = {}
        for _ in range(4):
            self.publish(make.account(make.actor(self.project)))

    def publish(self, account: Account) -> None:
        """Some posts of an account, to be coded."""
        for _ in range(2):
            post = make.post(account)
            for monitor in self.monitors:
                make.assignment(post, monitor)
            self.posts[post.pk] = account.pk

    def an_actor(self) -> Actor:
        return self.dice.choice(list(Actor.objects.of(self.project).order_by("pk")))

    def an_account(self) -> Account:
        return self.dice.choice(list(Account.objects.of(self.project).order_by("pk")))

    def a_category(self) -> Category:
        return make.category(self.project, self.dice.choice(["candidate", "media"]))

    def meet_an_account(self) -> None:
        name = f"page-{self.dice.randrange(60)}"
        seen = AccountSeen(PLATFORM, KIND, "", name, name, "")
        [found] = accounts.resolve(project=self.project, seen=[seen])
        account = Account.objects.of(self.project).get(pk=found.id)
        if account.pk not in self.posts.values():
            self.publish(account)

    def list_an_actor(self) -> None:
        name = self.dice.choice([self.an_actor().name, f"Listed {self.dice.randrange(200)}"])
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

    def merge_two_actors(self) -> None:
        actor = into = self.an_actor()
        if self.dice.random() < 0.8:
            alike = Actor.objects.of(self.project).listed().filter(category=actor.category_id)
            into = self.dice.choice([*alike.order_by("pk"), actor])
        merge_actors(actor=actor, into=into, by=self.admin, at=make.NOON)

    def take_two_actors_apart(self) -> None:
        merged = list(Merging.objects.of(self.project).order_by("pk"))
        if merged and self.dice.random() < 0.4:
            take_actors_apart(actor=self.dice.choice(merged).actor)

    def move_to_another_category(self) -> None:
        change_category(actor=self.an_actor(), category=self.a_category())

    def delete_an_actor(self) -> None:
        nobody_names_it = make.actor(self.project)
        self.dice.choice([nobody_names_it, self.an_actor()]).delete()

    def code_a_post(self) -> None:
        post = Post.objects.of(self.project).get(pk=self.dice.choice(list(self.posts)))
        coder, other = self.dice.sample(self.monitors, 2)
        request = {
            "project": self.project,
            "post": post,
            "coder": coder,
            "request_id": uuid.UUID(int=self.dice.getrandbits(128)),
            "base_number": Coding.objects.of(self.project).filter(post=post, coder=coder).count(),
            "at": make.NOON,
        }
        if (post.pk, coder.pk) in self.standing and self.dice.random() < 0.3:
            withdraw(**request)
            del self.standing[post.pk, coder.pk]
            return
        mentions = self.some_tones(self.standing.get((post.pk, other.pk)))
        answers = Answers(topics=("media",), mentions=mentions)
        coding = save_coding(**request, version=self.version, answers=answers, seconds=1)
        self.said[coding.pk] = mentions
        self.standing[post.pk, coder.pk] = coding.pk

    def some_tones(self, others: int | None) -> Said:
        """Toward one or two actors; often as somebody else said, of whoever counts as the same."""
        if others is not None and self.dice.random() < 0.6:
            whom, said = self.counts_as(), self.said[others]
            alike = [[one for one in whom if whom[one] == whom[actor]] for actor, _tone in said]
            return tuple({self.dice.choice(a): said[n][1] for n, a in enumerate(alike)}.items())
        named = {self.an_actor().pk, self.an_actor().pk}
        return tuple((actor, self.dice.choice(list(make.TONES))) for actor in named)

    def operations(self) -> list[Callable[[], None]]:
        return [
            self.meet_an_account,
            self.list_an_actor,
            self.say_whose_an_account_is,
            self.make_an_actor_of_an_account,
            self.take_it_back,
            self.ignore_or_not,
            *[self.merge_two_actors] * 3,
            self.take_two_actors_apart,
            self.move_to_another_category,
            self.delete_an_actor,
            *[self.code_a_post] * 3,
        ]

    def do(self, times: int) -> tuple[set[str], set[str]]:
        """Operations by chance; gives the names of what was done and of what was refused."""
        done, refused = set(), set()
        for _number in range(times):
            operation = self.dice.choice(self.operations())
            try:
                with transaction.atomic():
                    operation()
                done.add(operation.__name__)
            except (ProtectedError, accounts.AccountTaken, accounts.ActorExists, NotMergeable):
                refused.add(operation.__name__)
        return done, refused

    def counts_as(self) -> dict[int, int]:
        """Whom each actor counts as, by what was asked for alone."""
        asked = dict(Merging.objects.of(self.project).values_list("actor", "into"))

        def last(actor: int) -> int:
            return last(asked[actor]) if actor in asked else actor

        return {pk: last(pk) for pk in Actor.objects.of(self.project).values_list("pk", flat=True)}

    def finals(self) -> dict[int, dict[int, str] | None]:
        """Of each coded post the tones that count; None where people say different things.

        One tone toward each who counts: their own, else that of who was entered first.
        """
        whom, said_of = self.counts_as(), defaultdict[int, list[dict[int, str]]](list)
        for (post, _coder), coding in self.standing.items():
            toward: dict[int, str] = {}
            said = sorted(self.said[coding], key=lambda one: (whom[one[0]] != one[0], one))
            for actor, tone in said:
                toward.setdefault(whom[actor], tone)
            said_of[post].append(toward)
        return {post: said[0] if said[0] == said[-1] else None for post, said in said_of.items()}

    def torn(self) -> set[tuple[int, int]]:
        """What says two things toward one, with whom."""
        whom, found = self.counts_as(), set()
        for coding in self.standing.values():
            tones: dict[int, set[str]] = defaultdict(set)
            for actor, tone in self.said[coding]:
                tones[whom[actor]].add(tone)
            found |= {(coding, actor) for actor, said in tones.items() if len(said) > 1}
        return found


def test_500_random_operations_on_actors_leave_every_reference_whole() -> None:
    mission = Mission(random.Random(2021))
    done, refused, torn = set(), set(), 0
    for _part in range(PARTS):
        now = mission.do(OPERATIONS // PARTS)
        done, refused = done | now[0], refused | now[1]
        torn += len(mission.torn())
        numbers_add_up(mission)
    assert done == {operation.__name__ for operation in mission.operations()}
    assert {"delete_an_actor", "merge_two_actors"} <= refused
    assert torn > 0
    assert list(dangling()) == []
    assert dict(Post.objects.values_list("pk", "account")) == mission.posts
    said: dict[int, tuple[tuple[int, str], ...]] = defaultdict(tuple)
    for coding, actor, tone in Mention.objects.order_by("actor").values_list(
        "coding", "actor", "tone__key"
    ):
        said[coding] += ((actor, tone),)
    assert said == {coding: tuple(sorted(given)) for coding, given in mission.said.items()}
    assert verify_history(project=mission.project).first_broken is None
    monitored = Account.objects.filter(state=AccountState.MONITORED)
    assert set(monitored) == set(Account.objects.exclude(actor=None))
    assert {account.actor.project for account in monitored} == {mission.project}


def numbers_add_up(mission: Mission) -> None:
    """Whoever counts has the posts of their accounts and the tones toward those they stand for."""
    rebuild_daily_totals(project=mission.project)
    measures, whom = Measures(mission.project), mission.counts_as()
    assert {a.pk: a.counts_as.pk for a in Actor.objects.of(mission.project)} == whom
    of_account = dict(Account.objects.exclude(actor=None).values_list("pk", "actor"))
    posts = dict.fromkeys(whom.values(), 0) | Counter(
        of_account[account] for account in mission.posts.values() if account in of_account
    )
    by_actor = measures.ask("posts", by=["actor"])
    assert {row["actor_id"]: row["value"] for row in by_actor.rows} == posts
    assert measures.ask("posts").value == sum(posts.values())
    waiting = set(Recheck.objects.waiting().values_list("coding", "actor"))
    assert waiting == mission.torn()
    finals = mission.finals()
    unsettled = {post for post, tones in finals.items() if tones is None}
    of_post = FinalCoding.objects.values_list("post", "coding")
    assert {post: coding is None for post, coding in of_post} == {
        post: post in unsettled for post in finals
    }
    counted = CountedMention.objects.filter(coding__final_codings__isnull=False)
    assert Counter(counted.values_list("actor", "tone__key")) == Counter(
        tone for tones in finals.values() if tones is not None for tone in tones.items()
    )
    asked = measures.ask("mentions", by=["about", "tone"])
    by_tone: Counter[tuple[int, str]] = Counter()
    for row in asked.rows:
        by_tone[row["about_id"], row["tone"]] += row["value"]
    of_listed = FinalCoding.objects.exclude(post__account__actor=None).values_list("coding")
    assert by_tone == Counter(
        counted.filter(coding__in=of_listed).values_list("actor", "tone__key")
    )


def state_of(mission: Mission) -> list[object]:
    """All that merging may change, and what is read by it."""
    tables: list[tuple[type[models.Model], tuple[str, ...]]] = [
        (Actor, ("pk", "name", "category", "merged_into")),
        (Account, ("pk", "actor", "merged_from", "state")),
        (Merging, ("actor", "into")),
        (FinalCoding, ("post", "state", "coding")),
        (CountedMention, ("coding", "actor", "tone")),
        (Recheck, ("coding", "actor", "section", "key", "reason")),
    ]
    rows = [sorted(map(str, table._base_manager.values_list(*names))) for table, names in tables]
    return [*rows, names_of_actors(project=mission.project)]


@pytest.mark.parametrize("seed", range(2))
def test_merging_and_taking_apart_leaves_everything_as_it_was(seed: int) -> None:
    mission = Mission(random.Random(seed))
    mission.do(60)
    tried = 0
    while tried < 5:
        actor, into = mission.an_actor(), mission.an_actor()
        if obstacle_to(actor, into):
            mission.do(2)
            continue
        before = state_of(mission)
        merge_actors(actor=actor, into=into, by=mission.admin, at=make.NOON)
        assert state_of(mission) != before
        take_actors_apart(actor=actor)
        assert state_of(mission) == before
        merge_actors(actor=actor, into=into, by=mission.admin, at=make.NOON)
        tried += 1
    assert Merging.objects.exclude(into=F("actor__merged_into")).exists()


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
