"""An import asks, and somebody answers on its page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from monitoring import tasks
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Import
from monitoring.refusals import sentence
from monitoring.services.answering import answer_all
from monitoring.services.examining import Stated
from monitoring.services.imports import UnreadableFile
from monitoring.services.steering import NotPossible
from monitoring.views.imports import answer_form, page_of

_ANSWERS = ("exported_at", "timezone", "day_order", "encoding")


@require_POST
@project_page(Action.IMPORT)
def answered(request: ProjectRequest, pk: int) -> HttpResponse:
    """Take the answers; where they do not fit the file, the page says why."""
    source_import = get_object_or_404(
        Import.objects.of(request.project).select_related("started_by"), pk=pk
    )
    form = answer_form(request, source_import)
    if not form.is_valid():
        return page_of(request, source_import, form)
    said = {name: form.cleaned_data.get(name) for name in _ANSWERS}
    stated = Stated(**{name: value for name, value in said.items() if value})
    try:
        alike = form.cleaned_data.get("alike", False)
        answered = answer_all(source_import=source_import, stated=stated, alike=alike)
    except UnreadableFile as problem:
        form.add_error(None, sentence(problem))
        return page_of(request, source_import, form)
    except NotPossible as problem:
        messages.error(
            request,
            _("Nothing was changed: the import is “%(state)s” by now.") % {"state": problem},
        )
    else:
        tasks.enqueue_open(answered)
        if answered[0].is_open:
            messages.success(request, _("Thank you. It goes on."))
    return redirect("monitoring:import", request.project.slug, pk)
