"""The findings of the report: read, ordered, confirmed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET, require_POST

from dashboards.blindness import measures_for
from dashboards.finding_forms import TemplateForm
from dashboards.findings.linting import Linter
from dashboards.findings.sections import sentences_of
from dashboards.findings.template import proposed
from dashboards.models import Finding, FindingSection
from dashboards.services import findings as services
from monitoring.access import Action, ProjectRequest, may, project_page


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def findings(request: ProjectRequest) -> HttpResponse:
    """Every sentence with its numbers as they are now, and what is to be said of it.

    ``?language=`` reads them in another language than the page's.
    """
    measures = measures_for(request)
    known = dict(settings.LANGUAGES)
    language = request.GET.get("language", "")
    language = language if language in known else get_language() or "en"
    sentences = sentences_of(measures, language)
    is_editor = may(request.membership.role, Action.EDIT_REPORT)
    remarks = Linter(request.project, sentences).remarks() if is_editor else {}
    context: dict[str, Any] = {
        "sections": _sections(sentences, remarks),
        "language": language,
        "languages": settings.LANGUAGES,
        "changed": sum(bool(one.changed) for one in sentences),
        "wrong": sum(remark.is_wrong for found in remarks.values() for remark in found),
        "remarked": sum(map(len, remarks.values())),
        "moment": measures.background.moment,
        "is_editor": is_editor,
        "is_blind": not measures.with_codings,
        "zone": request.project.timezone,
    }
    if is_editor:
        context["template_form"] = TemplateForm(measures=measures)
    return render(request, "dashboards/findings.html", context)


def _sections(sentences: list[Any], remarks: dict[int, list[Any]]) -> list[tuple[str, list[Any]]]:
    """Sentences with their remarks, under the headings in which they stand."""
    found: list[tuple[str, list[Any]]] = []
    for sentence in sentences:
        label = str(FindingSection(sentence.finding.section).label)
        if not found or found[-1][0] != label:
            found.append((label, []))
        found[-1][1].append((sentence, remarks.get(sentence.finding.position, [])))
    return found


@require_POST
@project_page(Action.EDIT_REPORT)
def start(request: ProjectRequest) -> HttpResponse:
    """Put the sentences of a template at the end: those that the project can answer."""
    measures = measures_for(request)
    form = TemplateForm(request.POST, measures=measures)
    if form.is_valid():
        chosen = proposed(
            form.cleaned_data["template"], measures, frontrunner=form.cleaned_data["frontrunner"]
        )
        try:
            made = services.add_findings(
                project=request.project, proposed=chosen, by=request.user, at=timezone.now()
            )
        except services.NotWritten as problem:
            messages.error(request, str(problem))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)s sentence was added.", "%(count)s sentences were added.", len(made)
                )
                % {"count": len(made)},
            )
    return redirect("dashboards:findings", request.project.slug)


@require_POST
@project_page(Action.EDIT_REPORT)
def act(request: ProjectRequest, number: int) -> HttpResponse:
    """Confirm, move, delete, or dismiss a remark: ``do`` says which."""
    finding = get_object_or_404(Finding.objects.of(request.project), pk=number)
    asked, _colon, rest = request.POST.get("do", "").partition(":")
    if asked == "confirm":
        services.confirm_numbers(finding=finding, by=request.user, at=timezone.now())
    elif asked in ("up", "down"):
        services.move_finding(finding=finding, by_places=-1 if asked == "up" else 1)
    elif asked == "dismiss":
        services.dismiss_remark(finding=finding, key=rest[:500])
    elif asked == "delete":
        services.delete_finding(finding=finding)
    back = reverse("dashboards:findings", args=[request.project.slug])
    return redirect(back if asked == "delete" else f"{back}#finding-{finding.pk}")
