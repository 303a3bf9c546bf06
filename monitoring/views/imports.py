"""Sending files in, and watching them."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from monitoring import tasks
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.forms.answers import AnswerForm
from monitoring.forms.coverage import StatedCoverageForm
from monitoring.forms.imports import UploadForm
from monitoring.importers.evidence import ENCODINGS
from monitoring.importers.questions import question_of
from monitoring.models import (
    Account,
    Covered,
    Import,
    ImportState,
    RejectedRow,
    StatedCoverage,
    TableMapping,
)
from monitoring.refusals import ADVICE, sentence
from monitoring.services.answering import asking_alike
from monitoring.services.coverage import held_by, state_in_a_word
from monitoring.services.examining import Stated
from monitoring.services.imports import (
    NotStored,
    Opened,
    SentFile,
    UnreadableFile,
    open_import,
)
from monitoring.services.progress import progress_of
from monitoring.services.repairs import repairs_of
from monitoring.services.rereading import as_read_in_each

SHOWN_IMPORTS = 50
SHOWN_ROWS = 100


@require_GET
@project_page(Action.VIEW_IMPORTS)
def imports(request: ProjectRequest) -> HttpResponse:
    return _list(request, UploadForm(project=request.project, now=timezone.now()))


@require_POST
@project_page(Action.IMPORT)
def upload(request: ProjectRequest) -> HttpResponse:
    """Open an import for each file; one that is refused does not keep the others out."""
    form = UploadForm(request.POST, request.FILES, project=request.project, now=timezone.now())
    if not form.is_valid():
        return _list(request, form)
    said = {name: form.cleaned_data[name] for name in ("timezone", "exported_at", "encoding")}
    stated = Stated(**said)
    for file in form.cleaned_data["uploads"]:
        _open(request, file, stated, form.cleaned_data["covers"])
    if request.htmx:
        return _list(request, UploadForm(project=request.project, now=timezone.now()))
    return redirect("monitoring:imports", request.project.slug)


def _open(request: ProjectRequest, file: UploadedFile, stated: Stated, covers: str) -> None:
    """Open an import for a file; one that is refused is named with its reason."""
    name = file.name or ""
    try:
        opened = open_import(
            project=request.project,
            file=SentFile(name, file.chunks(1 << 20)),
            received_at=timezone.now(),
            stated=stated,
            started_by=request.user,
            may_ask=True,
            may_explain=True,
        )
    except UnreadableFile as problem:
        messages.error(request, f"{name}: {sentence(problem)}")
    except NotStored as problem:
        messages.error(
            request,
            _("%(name)s was not stored: %(reason)s. Nothing of it was kept.")
            % {"name": name, "reason": problem},
        )
    else:
        state_in_a_word(source_import=opened.source_import, accounts=covers)
        if opened.source_import.is_open:
            tasks.enqueue(opened.source_import)
        _say_what_to_know(request, name, opened)


def _say_what_to_know(request: ProjectRequest, name: str, opened: Opened) -> None:
    if not opened.is_new:
        said = _("%(name)s is being imported already: it is “%(state)s”.")
        state = opened.source_import.get_state_display()
        messages.info(request, said % {"name": name, "state": state})
    elif opened.source_import.repairs is not None:
        said = _("%(name)s holds mended rows of %(other)s; those that can be read now come in.")
        other = opened.source_import.repairs.file_name
        messages.info(request, said % {"name": name, "other": other})
    elif opened.source_import.repeats is not None:
        said = _("%(name)s was imported before (%(day)s); importing it again changes nothing.")
        sent = opened.source_import.repeats.created_at.astimezone(request.project.zone)
        day = date_format(sent, "j E Y, H:i")
        messages.info(request, said % {"name": name, "day": day})


def _list(request: ProjectRequest, form: UploadForm) -> HttpResponse:
    now = timezone.now()
    found = Import.objects.of(request.project).filter(repairs=None)
    found = found.select_related("started_by", "stopped_by", "repeats", "repairs")
    found = found.annotate(others=Count("unpacked")).order_by("-pk")
    asking = found.filter(state=ImportState.ASKING)
    page = Paginator(found, SHOWN_IMPORTS).get_page(request.GET.get("page"))
    return render(
        request,
        "monitoring/_imports.html" if request.htmx else "monitoring/imports.html",
        {
            "form": form,
            "page": page,
            "progresses": [progress_of(source_import=one, now=now) for one in page],
            "asking": [progress_of(source_import=one, now=now) for one in asking],
            "kinds": TableMapping.objects.of(request.project).select_related("made_by"),
            "may_import": may(request.membership.role, Action.IMPORT),
            "has_worker": tasks.has_worker(),
        },
    )


@require_GET
@project_page(Action.VIEW_IMPORTS)
def one(request: ProjectRequest, pk: int) -> HttpResponse:
    """What became of one file's rows."""
    found = Import.objects.of(request.project).select_related(
        "started_by", "stopped_by", "repeats", "repairs", "unpacked_from"
    )
    return page_of(request, get_object_or_404(found, pk=pk))


def page_of(
    request: ProjectRequest, source_import: Import, answers: AnswerForm | None = None
) -> HttpResponse:
    """The page of an import; ``answers`` are those that did not fit, with what is wrong."""
    progress = progress_of(source_import=source_import, now=timezone.now())
    if source_import.asks and answers is None:
        answers = answer_form(request, source_import)
    rejected = RejectedRow.objects.filter(source_import=source_import)
    codes = rejected.values("code").annotate(rows=Count("line")).order_by("-rows", "code")
    return render(
        request,
        "monitoring/import.html",
        {
            "progress": progress,
            "answers": answers,
            "encodings": ENCODINGS,
            "unpacked": source_import.unpacked.order_by("pk"),
            "reasons": [{**code, "advice": ADVICE.get(code["code"], "")} for code in codes],
            "page": Paginator(rejected, SHOWN_ROWS).get_page(request.GET.get("page")),
            "repairs": repairs_of(source_import),
            "held": held_by(source_import),
            "waiting_accounts": Account.objects.of(request.project)
            .waiting()
            .filter(imported_by__source_import=source_import)
            .count(),
            "coverage_form": _coverage_form(request, source_import),
            "may_import": may(request.membership.role, Action.IMPORT),
            "may_manage": may(request.membership.role, Action.MANAGE_IMPORTS),
            "may_edit_actors": may(request.membership.role, Action.EDIT_ACTORS),
        },
    )


def answer_form(request: ProjectRequest, source_import: Import) -> AnswerForm:
    """The questions of an import, with the moment it was received as the preset."""
    moment = source_import.exported_at.astimezone(request.project.zone)
    return AnswerForm(
        request.POST or None,
        initial={
            "exported_at": moment.replace(tzinfo=None, second=0, microsecond=0),
            "encoding": source_import.encoding,
        },
        questions=[question_of(one) for one in source_import.asks],
        alike=len(asking_alike(source_import)),
        readings=as_read_in_each(source_import),
        project=request.project,
        now=timezone.now(),
    )


def _coverage_form(request: ProjectRequest, source_import: Import) -> StatedCoverageForm:
    stated = StatedCoverage.objects.filter(source_import=source_import).first()
    said: dict[str, Any] = {"accounts": Covered.usual(source_import.source)}
    if stated is not None:
        said = {name: getattr(stated, name) for name in ("accounts", "category", "start", "end")}
    return StatedCoverageForm(project=request.project, initial=said)


@require_GET
@project_page(Action.VIEW_IMPORTS)
def progress(request: ProjectRequest, pk: int) -> HttpResponse:
    """How far one import is, asked for every second while it runs."""
    found = Import.objects.of(request.project).annotate(others=Count("unpacked"))
    source_import = get_object_or_404(
        found.select_related("repeats", "stopped_by", "repairs", "started_by"), pk=pk
    )
    state = progress_of(source_import=source_import, now=timezone.now())
    if state.no_worker:
        tasks.ask_again(source_import)
    is_card = "card" in request.GET
    template = "_import_card.html" if is_card else "_import_progress.html"
    response = render(request, f"monitoring/{template}", {"progress": state})
    if not (is_card or source_import.is_open):
        response["HX-Refresh"] = (
            "true"  # the page has more to say now: rejected rows, other buttons
        )
    return response
