"""The list of who is watched: taken in from a CSV, again and again."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from monitoring.importers.actors import ActorList
from monitoring.importers.files import table_of
from monitoring.importers.problems import UnreadableFile, UnreadableRow
from monitoring.importers.reading import Setting, bad_row, each_record, piece_of
from monitoring.importers.records import ActorRow, BadRow
from monitoring.models import (
    Account,
    AccountState,
    Actor,
    ActorName,
    Category,
    Project,
    Script,
)
from monitoring.services.ads import link_advertisers
from monitoring.services.received import as_table, discard, receive
from monitoring.services.revisions import note_change


class ActorCounts(NamedTuple):
    """What became of a list of actors."""

    actors_created: int
    accounts_created: int
    accounts_claimed: int  # waiting accounts that now have their actor
    rejected: list[BadRow]


def import_actors(*, project: Project, chunks: Iterable[bytes]) -> ActorCounts:
    """Take in a list of actors: new ones are added, known ones get new accounts and names.

    Nothing is removed, and no account passes from one actor to another. Raises UnreadableFile.
    """
    received = receive(chunks)
    try:
        text, encoding = as_table(received)
        table = table_of(text, encoding)
        if missing := ActorList.missing(table.header):
            raise UnreadableFile("missing_columns", columns=", ".join(missing))
        data = text.read_bytes()[table.body_from :]
    finally:
        discard(received)
    piece = piece_of(table, data, table.first_line)
    found = each_record(ActorList(Setting(table.header)), piece)
    with transaction.atomic():
        return _Roster(project).take_in(found)


class _Roster:
    """The actors and accounts of a project while a list is taken in."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.categories = {one.key: one for one in Category.objects.of(project)}
        self.actors = {
            one.name: one
            for one in Actor.objects.of(project)
            .select_related("category", "merged_into")
            .select_for_update(of=("self",))
        }
        accounts = list(Account.objects.of(project).select_related("actor"))
        self.by_id = {(one.platform, one.native_id): one for one in accounts if one.native_id}
        self.by_handle = {(one.platform, one.handle.lower()): one for one in accounts if one.handle}
        self.actors_created = self.accounts_created = self.accounts_claimed = 0

    def take_in(self, found: Iterable[tuple[int, str, ActorRow | UnreadableRow]]) -> ActorCounts:
        rejected = []
        for line, record, row in found:
            try:
                if isinstance(row, UnreadableRow):
                    raise row
                self._add(row)
            except UnreadableRow as problem:
                rejected.append(bad_row(problem, line, record))
        link_advertisers(project=self.project)
        note_change(project_id=self.project.pk)
        return ActorCounts(
            self.actors_created, self.accounts_created, self.accounts_claimed, rejected
        )

    def _add(self, row: ActorRow) -> None:
        actor = self.actors.get(row.actor)
        category = self.categories.get(row.category)
        if category is None:
            raise UnreadableRow("unknown_category", "category", value=row.category)
        if actor is not None and actor.category_id != category.pk:
            raise UnreadableRow("actor_elsewhere", "category", category=actor.category.key)
        account = self._account(row) if row.platform else None
        if account is not None and account.actor not in (None, actor and actor.counts_as):
            raise UnreadableRow("account_taken", "handle", actor=str(account.actor))
        if actor is None:
            actor = Actor.objects.create(project=self.project, category=category, name=row.actor)
            self.actors[row.actor] = actor
            self.actors_created += 1
        self._name(actor, row.aliases)
        if account is not None:
            self._claim(account, actor, row)
        elif row.platform:
            self._create_account(actor, row)

    def _account(self, row: ActorRow) -> Account | None:
        if row.native_id and (account := self.by_id.get((row.platform, row.native_id))):
            return account
        account = self.by_handle.get((row.platform, row.handle.lower())) if row.handle else None
        if account and row.native_id and account.native_id:
            return None  # a handle that passed to another page
        return account

    def _claim(self, account: Account, actor: Actor, row: ActorRow) -> None:
        if account.actor is None:
            for name, value in _held_by(actor).items():
                setattr(account, name, value)
            account.state = AccountState.MONITORED
            account.joined_at = Now()
            self.accounts_claimed += 1
        account.native_id = account.native_id or row.native_id
        account.handle = row.handle or account.handle
        account.kind = row.kind
        account.name = row.display_name or account.name
        account.url = row.url or account.url
        account.save()
        self._remember(account)

    def _create_account(self, actor: Actor, row: ActorRow) -> None:
        account = Account.objects.create(
            project=self.project,
            **_held_by(actor),
            platform=row.platform,
            kind=row.kind,
            native_id=row.native_id,
            handle=row.handle,
            name=row.display_name or row.actor,
            url=row.url,
        )
        self._remember(account)
        self.accounts_created += 1

    def _remember(self, account: Account) -> None:
        if account.native_id:
            self.by_id[account.platform, account.native_id] = account
        if account.handle:
            self.by_handle[account.platform, account.handle.lower()] = account

    def _name(self, actor: Actor, aliases: tuple[str, ...]) -> None:
        ActorName.objects.bulk_create(
            [
                ActorName(actor=actor, text=alias, script=script_of(alias))
                for alias in aliases
                if alias != actor.name
            ],
            ignore_conflicts=True,
        )


def _held_by(actor: Actor) -> dict[str, Actor | None]:
    """Whose an account is that the list gives to an actor, which may count as another one."""
    return {"actor": actor.counts_as, "merged_from": actor if actor.merged_into else None}


def change_category(*, actor: Actor, category: Category) -> None:
    """Put an actor, and with it those that were merged into it, into another category.

    Samples follow when they are drawn again.
    """
    with transaction.atomic():
        listed = Actor.objects.of(category.project).filter(pk=actor.counts_as.pk)
        listed.update(category=category)  # those merged into it follow by their foreign key
        note_change(project_id=category.project_id)


def script_of(text: str) -> str:
    """The writing system of most letters of a name."""
    letters = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    for script in (Script.CYRILLIC, Script.LATIN):
        if sum(name.startswith(script.name) for name in letters) * 2 > len(letters):
            return script
    return Script.OTHER
