"""Which posts are coded, by whom, and which of them twice."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from coding.allocation import Coder
from coding.models import Assignment, AssignmentState, Sample, SamplePost
from coding.overlap import RELIABLE, TENTATIVE, units_needed
from coding.sample_forms import NeedForm, OverlapForm, RuleForm, WorkloadForm
from coding.services import pool
from coding.services.assignments import coders_of, deal, set_workloads
from coding.services.desk_rules import keeps_unsent, set_keeps_unsent
from coding.services.overlaps import Stratum, draw_overlap, overlap_of
from coding.services.sample_rules import rule_in_words, rules_of, set_rules
from coding.services.samples import draw_samples, freeze, preview
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Category, Membership, Project


@dataclass(frozen=True)
class Drawn:
    """A sample as it was drawn, with its rule in words."""

    sample: Sample
    size: int
    coded: int

    @property
    def rule(self) -> str:
        return rule_in_words(self.sample.rule)


@require_GET
@project_page(Action.DRAW_SAMPLES)
def samples(request: ProjectRequest) -> HttpResponse:
    """Rules, samples, double coding, and who codes what; ``?preview=1`` tells what drawing does."""
    project = request.project
    need = NeedForm(request.GET if "rarest" in request.GET else None)
    units = None
    if need.is_valid():
        given = need.cleaned_data
        units = units_needed(rarest=given["rarest"] / 100, alpha=float(given["alpha"]))
    now = overlap_of(project=project)
    drawn = drawn_samples(project)
    context = {
        "rules": rule_forms(project),
        "drawn": drawn,
        "frozen": any(row.sample.frozen_at for row in drawn),
        "preview": preview(project=project) if request.GET.get("preview") else None,
        "need": need,
        "units": units,
        "table": [
            (share, *(units_needed(rarest=share / 100, alpha=a) for a in (TENTATIVE, RELIABLE)))
            for share in (33, 25, 5, 2)
        ],
        "overlap": now,
        "overlap_form": OverlapForm(
            initial={
                "size": max(units or 0, now.drawn - now.oversampled),
                "coders": now.coders,
                "by": Stratum.CATEGORY,
            }
        ),
        "people": people(project),
        "keeps_unsent": keeps_unsent(project=project),
        "pooled": SamplePost.objects.in_pool_of(project).current().count(),
    }
    return render(request, "coding/samples.html", context)


@require_POST
@project_page(Action.DRAW_SAMPLES)
def save_rules(request: ProjectRequest) -> HttpResponse:
    """Set the rules of all categories; what was drawn stays until it is drawn again."""
    forms = rule_forms(request.project, request.POST)
    if not all(form.is_valid() for _category, form in forms):
        messages.error(request, _("A top sample needs a number of posts."))
        return redirect("coding:samples", slug=request.project.slug)
    set_rules(project=request.project, rules={category: form.rule() for category, form in forms})
    messages.success(request, _("The rules are set. Look at what drawing by them would change."))
    return _back(request, "?preview=1#samples")


@require_POST
@project_page(Action.DRAW_SAMPLES)
def draw(request: ProjectRequest) -> HttpResponse:
    """Draw the samples, freeze them as they are, or let them be drawn again."""
    project, what = request.project, request.POST.get("what", "")
    if what == "freeze":
        freeze(project=project, at=timezone.now())
        messages.success(request, _("The samples are frozen: they stay as they are."))
    elif what == "thaw":
        freeze(project=project, at=None)
        messages.success(request, _("The samples can be drawn again."))
    else:
        draw_samples(project=project, at=timezone.now())
        messages.success(request, _("The samples are drawn."))
    return _back(request, "#samples")


@require_POST
@project_page(Action.DRAW_SAMPLES)
def overlap(request: ProjectRequest) -> HttpResponse:
    """Draw the posts that several code, or add to them."""
    form = OverlapForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how many posts, and how many monitors (2 to 5) code each."))
        return _back(request, "#overlap")
    added = draw_overlap(project=request.project, at=timezone.now(), **form.cleaned_data)
    messages.success(
        request,
        ngettext(
            "%(added)s post was added to those that several code. Deal the posts to give it out.",
            "%(added)s posts were added to those that several code. Deal them to give them out.",
            added,
        )
        % {"added": added},
    )
    return _back(request, "#people")


@require_POST
@project_page(Action.DRAW_SAMPLES)
def assign(request: ProjectRequest) -> HttpResponse:
    """Store how the work is divided, and deal the posts or open the pool."""
    project = request.project
    rows = people(project, request.POST)
    if not all(row["form"].is_valid() for row in rows):
        messages.error(request, _("A share is a number from 0 to 100."))
        return _back(request, "#people")
    set_workloads(project=project, coders=[row["form"].coder(row["person"].pk) for row in rows])
    what = request.POST.get("what", "")
    if what == "pool":
        number = pool.open_pool(project=project)
        messages.success(
            request, _("%(number)s posts are in the common pool.") % {"number": number}
        )
    elif what == "deal":
        dealt = deal(project=project, coders=coders_of(project=project), at=timezone.now())
        messages.success(request, _("%(number)s assignments were made.") % {"number": dealt.made})
        if dealt.nobody:
            messages.warning(
                request,
                _("%(number)s posts are not coded by as many as they should: nobody takes them.")
                % {"number": dealt.nobody},
            )
    else:
        messages.success(request, _("The division of work is stored."))
    return _back(request, "#people")


@require_POST
@project_page(Action.DRAW_SAMPLES)
def computers(request: ProjectRequest) -> HttpResponse:
    """Say whether the monitors' computers keep answers that are not sent yet."""
    set_keeps_unsent(project=request.project, kept="keeps_unsent" in request.POST)
    messages.success(request, _("Stored. Desks that are opened from now on follow it."))
    return _back(request, "#computers")


def rule_forms(project: Project, data: Any = None) -> list[tuple[Category, RuleForm]]:
    """A form for each category's rule."""
    rules = rules_of(project)
    return [
        (
            category,
            RuleForm(data, prefix=category.key, initial=RuleForm.values(rules[category.pk])),
        )
        for category in project.categories.all()
    ]


def drawn_samples(project: Project) -> list[Drawn]:
    in_it = Q(sample_posts__left_at=None)
    rows = (
        Sample.objects.of(project)
        .select_related("category")
        .annotate(
            size=Count("sample_posts", filter=in_it),
            coded=Count(
                "sample_posts",
                filter=in_it & Q(sample_posts__post__final_coding__isnull=False),
            ),
        )
    )
    return [Drawn(row, row.size, row.coded) for row in rows]


def people(project: Project, data: Any = None) -> list[dict[str, Any]]:
    """Those who may code, each with the form of their part and how far they are. Four queries."""
    coders = {coder.id: coder for coder in coders_of(project=project)}
    counts = {
        row["monitor"]: row
        for row in Assignment.objects.of(project)
        .held(timezone.now())
        .values("monitor")
        .annotate(
            left=Count("pk", filter=Q(state=AssignmentState.OPEN)),
            done=Count("pk", filter=Q(state=AssignmentState.DONE)),
        )
        .order_by()
    }
    categories = [(each.key, each.label) for each in project.categories.all()]
    members = Membership.objects.filter(project=project, user__is_active=True).select_related(
        "user"
    )
    rows = []
    for member in members.order_by("user__username"):
        if not may(member.role, Action.CODE):
            continue
        person: User = member.user
        coder = coders.get(person.pk, Coder(person.pk, share=0))
        form = WorkloadForm(
            data,
            prefix=f"person-{person.pk}",
            initial=WorkloadForm.values(coder),
            categories=categories,
        )
        count = counts.get(person.pk, {"left": 0, "done": 0})
        rows.append({"person": person, "role": member.get_role_display(), "form": form, **count})
    return rows


def _back(request: ProjectRequest, where: str) -> HttpResponse:
    response = redirect("coding:samples", slug=request.project.slug)
    response["Location"] += where
    return response
