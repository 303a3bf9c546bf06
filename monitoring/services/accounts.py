"""Whose is it? Accounts that imports meet are found, or made to wait for an admin."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now

from monitoring.importers.records import AccountSeen
from monitoring.models import Account, AccountState, Actor, Category, Project
from monitoring.services.arrays import array_of
from monitoring.services.revisions import note_change


class Found(NamedTuple):
    """The account that an account seen in an export is."""

    id: int
    platform: str
    waits: bool


class _Listed(NamedTuple):
    """What is asked of an account to find it; a model for each row took longer than to ask."""

    id: int
    platform: str
    native_id: str
    handle: str
    name: str
    state: str

    def takes_name_of(self, one: AccountSeen) -> bool:
        """Whether it waits under its handle or id alone, and is seen under a name."""
        is_nameless = self.name in (self.handle, self.native_id)
        is_named = one.name not in ("", self.name, one.handle, one.native_id)
        return self.state == AccountState.WAITING and is_nameless and is_named


# Of one that was seen in a chunk it is asked for each chunk, hundreds of accounts at a time.
_LISTED = """
    SELECT id, platform, native_id, handle, name, state FROM monitoring_account
    WHERE project_id = %(project)s AND platform = ANY(%(platforms)s::text[])
        AND (native_id = ANY(%(native_ids)s::text[]) OR lower(handle) = ANY(%(handles)s::text[]))
"""


class AccountTaken(Exception):
    """The account already belongs to another actor."""


class ActorExists(Exception):
    """The project has an actor of this name already."""


def resolve(*, project: Project, seen: Sequence[AccountSeen]) -> list[Found]:
    """The account of each one seen, in the same order; unknown ones are created as waiting.

    The platform's own id decides. A handle decides only where one side has no id: a handle passes
    to another page when the first is deleted. One that was first seen in an export that prints less
    of it learns its id and, while it waits, its name: people tell by that whose it is.
    """
    known = _known(project, seen)
    missing = sorted({one for one in seen if known.find(one) is None})
    if missing:
        _create_waiting(project, missing)
        known = _known(project, seen)
    found = [account for one in seen if (account := known.find(one)) is not None]
    # Of two imports that meet the same accounts neither must wait for the other.
    for account, one in sorted(zip(found, seen, strict=True)):
        if one.native_id and not account.native_id:
            _learn_native_id(project, account.id, one.native_id)
        if account.takes_name_of(one):
            Account.objects.of(project).filter(pk=account.id).update(name=one.name)
    return [Found(one.id, one.platform, one.state == AccountState.WAITING) for one in found]


def assign(*, account: Account, actor: Actor) -> None:
    """Say whose a waiting account is: its posts count from now on.

    Of an actor that was merged into another one meanwhile it becomes that one's.
    """
    with transaction.atomic():
        # The actor first, then the account: as ``merging`` does.
        actors = Actor.objects.of(actor.project).select_for_update(no_key=True)
        actor = actors.get(pk=actor.pk).counts_as
        locked = Account.objects.of(actor.project).select_for_update().get(pk=account.pk)
        if locked.actor_id not in (None, actor.pk):
            raise AccountTaken(str(locked.actor))
        locked.actor = actor
        if locked.state != AccountState.MONITORED:
            locked.state = AccountState.MONITORED
            locked.joined_at = Now()
        locked.save(update_fields=["actor", "state", "joined_at"])
        note_change(project_id=actor.project_id)


@transaction.atomic
def adopt(*, account: Account, category: Category, name: str) -> Actor:
    """Make an actor of a waiting account.

    Raises ActorExists for a name that is in use, with that of the actor it counts as.
    """
    project = category.project
    actor, is_new = Actor.objects.of(project).get_or_create(
        project=project, name=name, defaults={"category": category}
    )
    if not is_new:
        raise ActorExists(actor.counts_as.name)
    assign(account=account, actor=actor)
    return actor


@transaction.atomic
def release(*, project: Project, accounts: Mapping[int, int], made: Sequence[int] = ()) -> int:
    """Take back whose accounts are, given as account and actor: they wait again.

    What got another actor since stays. Of the actors that were ``made`` for them those go that
    nothing else names. Returns how many accounts wait again.
    """
    changed = 0
    for account, actor in sorted(accounts.items()):
        changed += (
            Account.objects.of(project)
            .filter(pk=account, actor=actor)
            .update(actor=None, merged_from=None, state=AccountState.WAITING)
        )
    for unused in Actor.objects.of(project).filter(pk__in=made, accounts=None):
        with suppress(ProtectedError):
            unused.delete()
    note_change(project_id=project.pk)
    return changed


def set_ignored(*, project: Project, accounts: Sequence[int], ignored: bool) -> int:
    """Ignore waiting accounts, or let ignored ones wait again; returns how many there were."""
    before, after = AccountState.WAITING, AccountState.IGNORED
    if not ignored:
        before, after = after, before
    with transaction.atomic():
        changed = (
            Account.objects.of(project).filter(pk__in=accounts, state=before).update(state=after)
        )
        note_change(project_id=project.pk)
    return changed


class _Known:
    """The accounts of a project by native id and by handle."""

    def __init__(self, accounts: Sequence[_Listed]) -> None:
        self._by_id = {(a.platform, a.native_id): a for a in accounts if a.native_id}
        self._by_handle: dict[tuple[str, str], _Listed] = {}
        # Reversed, so that of several with one handle the first wins.
        for account in reversed(accounts):
            if account.handle:
                self._by_handle[account.platform, account.handle.lower()] = account

    def find(self, one: AccountSeen) -> _Listed | None:
        if one.native_id and (account := self._by_id.get((one.platform, one.native_id))):
            return account
        account = self._by_handle.get((one.platform, one.handle.lower())) if one.handle else None
        if account is not None and (not one.native_id or not account.native_id):
            return account
        return None


def _known(project: Project, seen: Sequence[AccountSeen]) -> _Known:
    values: dict[str, Any] = {
        "project": project.pk,
        "platforms": array_of({one.platform for one in seen}),
        "native_ids": array_of({one.native_id for one in seen if one.native_id}),
        "handles": array_of({one.handle.lower() for one in seen if one.handle}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, values)
        accounts = [_Listed._make(row) for row in cursor.fetchall()]
    # Of several with one handle: those without an id first, then monitored ones, then the oldest.
    monitored = AccountState.MONITORED
    accounts.sort(key=lambda one: (bool(one.native_id), one.state != monitored, one.id))
    return _Known(accounts)


def _create_waiting(project: Project, missing: Sequence[AccountSeen]) -> None:
    """In a fixed order, so that two workers meeting the same accounts cannot deadlock."""
    Account.objects.bulk_create(
        [
            Account(
                project=project,
                platform=one.platform,
                kind=one.kind,
                native_id=one.native_id,
                handle=one.handle,
                name=one.name or one.handle or one.native_id,
                url=one.url[:500],
                state=AccountState.WAITING,
            )
            for one in missing
        ],
        ignore_conflicts=True,
    )


def _learn_native_id(project: Project, account: int, native_id: str) -> None:
    """An account that was listed by its handle gets the id that an export prints."""
    try:
        with transaction.atomic():
            Account.objects.of(project).filter(pk=account, native_id="").update(native_id=native_id)
    except IntegrityError:
        pass  # another account has the id: an admin must say which of the two is right
