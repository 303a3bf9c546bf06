"""Accounts that posts wait for: whose they are, one key each."""

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from monitoring.access import Action, ProjectRequest, project_page
from monitoring.forms.accounts import UnknownAccountsForm
from monitoring.likely_actors import Known, Likely, likely_actors
from monitoring.models import Account, AccountState, Actor, Project
from monitoring.services import accounts as service
from monitoring.services.actor_names import names_of_actors

SHOWN = 50
# Where a session keeps what was done last.
LAST = "unknown_accounts_last"


class Row(NamedTuple):
    """A waiting account, and the actors it may belong to, the likeliest first."""

    account: Account
    likely: list[tuple[Actor, Likely]]


@dataclass
class Done:
    """What was done last, so that one key takes it back."""

    given: dict[int, int] = field(default_factory=dict)  # the actor of each account
    made: list[int] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    let_wait: list[int] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_ACTORS)
def unknown(request: ProjectRequest) -> HttpResponse:
    """The accounts by their number of posts; ``?ignored=1`` shows those that were ignored."""
    is_ignored = "ignored" in request.GET
    if request.method == "POST":
        _carry_out(request)
        return redirect(request.get_full_path())
    state = AccountState.IGNORED if is_ignored else AccountState.WAITING
    page = Paginator(_accounts(request.project, state), SHOWN).get_page(request.GET.get("page"))
    actors = list(
        Actor.objects.of(request.project)
        .listed()
        .select_related("category")
        .prefetch_related("accounts")
        .order_by("name")
    )
    context: dict[str, Any] = {
        "page": page,
        "rows": _rows(request.project, list(page.object_list), actors),
        "actors": actors,
        "categories": request.project.categories.all(),
        "is_ignored": is_ignored,
        "may_undo": request.session.get(LAST, {}).get("project") == request.project.pk,
        "counts": {
            each: Account.objects.of(request.project).filter(state=each).count()
            for each in (AccountState.WAITING, AccountState.IGNORED)
        },
    }
    return render(request, "monitoring/unknown_accounts.html", context)


def _accounts(project: Project, state: str) -> QuerySet[Account]:
    return (
        Account.objects.of(project)
        .filter(state=state)
        .annotate(
            post_count=Coalesce(Sum("daily_totals__posts"), 0),
            last_day=Max("daily_totals__day"),
        )
        .order_by("-post_count", "name", "pk")
    )


def _rows(project: Project, accounts: list[Account], actors: list[Actor]) -> list[Row]:
    names = names_of_actors(project=project)
    known = [
        Known(
            actor.pk,
            tuple(names[actor.pk]),
            tuple(account.handle for account in actor.accounts.all() if account.handle),
        )
        for actor in actors
    ]
    by_id = {actor.pk: actor for actor in actors}
    found = likely_actors([(account.name, account.handle) for account in accounts], known)
    return [
        Row(account, [(by_id[one.id], one) for one in likely])
        for account, likely in zip(accounts, found, strict=True)
    ]


def _carry_out(request: ProjectRequest) -> None:
    """Do what the pressed button says with one account or with the marked ones."""
    if request.POST.get("do") == "undo":
        _undo(request)
        return
    form = UnknownAccountsForm(request.POST, project=request.project)
    if not form.is_valid():
        messages.error(request, _("Choose what to do, and with which accounts."))
        return
    given = form.cleaned_data
    accounts = [account.pk for account in given["accounts"]]
    if given["do"] == "ignore":
        _ignore(request, accounts)
        _remember(request, Done(ignored=accounts))
    elif given["do"] == "wait":
        _let_wait(request, accounts)
        _remember(request, Done(let_wait=accounts))
    else:
        _give(request, given)


def _ignore(request: ProjectRequest, accounts: list[int]) -> None:
    changed = service.set_ignored(project=request.project, accounts=accounts, ignored=True)
    text = ngettext("%(count)s account is ignored.", "%(count)s accounts are ignored.", changed)
    messages.success(request, text % {"count": changed})


def _let_wait(request: ProjectRequest, accounts: list[int]) -> None:
    changed = service.set_ignored(project=request.project, accounts=accounts, ignored=False)
    _say_waiting(request, changed)


def _say_waiting(request: ProjectRequest, changed: int) -> None:
    text = ngettext("%(count)s account waits again.", "%(count)s accounts wait again.", changed)
    messages.success(request, text % {"count": changed})


def _give(request: ProjectRequest, given: dict[str, Any]) -> None:
    """Give each account the actor, or a new one of its own."""
    done = Done()
    accounts: list[Account] = list(given["accounts"])
    for account in accounts:
        try:
            if given["do"] == "create":
                name = given["name"] or account.name
                actor = service.adopt(account=account, category=given["category"], name=name)
                done.made.append(actor.pk)
            else:
                actor = given["actor"]
                service.assign(account=account, actor=actor)
        except service.ActorExists as known:
            messages.error(
                request, _("There is an actor called %(name)s: assign to it.") % {"name": known}
            )
        except service.AccountTaken as taken:
            messages.error(
                request,
                _("%(account)s belongs to %(actor)s by now.")
                % {"account": account.name, "actor": taken},
            )
        else:
            done.given[account.pk] = actor.pk
    if done.given:
        _say_given(request, accounts[0] if len(accounts) == 1 else None, len(done.given))
        _remember(request, done)


def _say_given(request: ProjectRequest, alone: Account | None, count: int) -> None:
    if alone is not None:
        alone.refresh_from_db()
        text = _("%(account)s belongs to %(actor)s. Its posts count from now on.")
        messages.success(request, text % {"account": alone.name, "actor": alone.actor})
        return
    text = ngettext(
        "%(count)s account has its actor. Its posts count from now on.",
        "%(count)s accounts have their actors. Their posts count from now on.",
        count,
    )
    messages.success(request, text % {"count": count})


def _remember(request: ProjectRequest, done: Done) -> None:
    request.session[LAST] = {"project": request.project.pk, **asdict(done)}


def _undo(request: ProjectRequest) -> None:
    last = request.session.pop(LAST, {})
    if last.pop("project", None) != request.project.pk:
        messages.error(request, _("There is nothing to undo."))
        return
    done = Done(**last)
    if done.ignored:
        _let_wait(request, done.ignored)
    elif done.let_wait:
        _ignore(request, done.let_wait)
    else:
        given = {int(account): actor for account, actor in done.given.items()}
        _say_waiting(
            request, service.release(project=request.project, accounts=given, made=done.made)
        )
