"""Accounts that posts wait for: whose they are, one key each."""

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
from monitoring.forms import UnknownAccountsForm
from monitoring.likely_actors import Known, Likely, likely_actors
from monitoring.models import Account, AccountState, Actor, Project
from monitoring.services import accounts as service

SHOWN = 50


class Row(NamedTuple):
    """A waiting account, and the actors it may belong to, the likeliest first."""

    account: Account
    likely: list[tuple[Actor, Likely]]


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_ACTORS)
def unknown(request: ProjectRequest) -> HttpResponse:
    """The accounts by their number of posts; ``?ignored=1`` shows those that were ignored."""
    is_ignored = "ignored" in request.GET
    if request.method == "POST":
        _carry_out(request)
        return redirect(f"{request.path}?ignored=1" if is_ignored else request.path)
    state = AccountState.IGNORED if is_ignored else AccountState.WAITING
    page = Paginator(_accounts(request.project, state), SHOWN).get_page(request.GET.get("page"))
    actors = list(
        Actor.objects.of(request.project)
        .select_related("category")
        .prefetch_related("names", "accounts")
        .order_by("name")
    )
    context: dict[str, Any] = {
        "page": page,
        "rows": _rows(list(page.object_list), actors),
        "actors": actors,
        "categories": request.project.categories.all(),
        "is_ignored": is_ignored,
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


def _rows(accounts: list[Account], actors: list[Actor]) -> list[Row]:
    known = [
        Known(
            actor.pk,
            (actor.name, *(name.text for name in actor.names.all())),
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
    project = request.project
    form = UnknownAccountsForm(request.POST, project=project)
    if not form.is_valid():
        messages.error(request, _("Choose what to do, and with which accounts."))
        return
    given = form.cleaned_data
    accounts: list[Account] = list(given["accounts"])
    if given["do"] in ("ignore", "wait"):
        is_ignored = given["do"] == "ignore"
        ids = [account.pk for account in accounts]
        changed = service.set_ignored(project=project, accounts=ids, ignored=is_ignored)
        text = (
            ngettext("%(count)s account is ignored.", "%(count)s accounts are ignored.", changed)
            if is_ignored
            else ngettext(
                "%(count)s account waits again.", "%(count)s accounts wait again.", changed
            )
        )
        messages.success(request, text % {"count": changed})
        return
    for account in accounts:
        try:
            if given["do"] == "create":
                name = given["name"] or account.name
                service.adopt(account=account, category=given["category"], name=name)
            else:
                service.assign(account=account, actor=given["actor"])
        except service.ActorExists:
            messages.error(
                request, _("There is an actor called %(name)s: assign to it.") % {"name": name}
            )
        except service.AccountTaken as taken:
            messages.error(
                request,
                _("%(account)s belongs to %(actor)s by now.")
                % {"account": account.name, "actor": taken},
            )
        else:
            account.refresh_from_db()
            messages.success(
                request,
                _("%(account)s belongs to %(actor)s. Its posts count from now on.")
                % {"account": account.name, "actor": account.actor},
            )
