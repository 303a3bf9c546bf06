"""Imports under way: paused, resumed, cancelled, answered."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import tasks
from monitoring.access import Action, ProjectPermission
from monitoring.api.import_serializers import AnswersInPlace, ImportOutput
from monitoring.models import Import
from monitoring.refusals import sentence
from monitoring.services import steering
from monitoring.services.answering import answer_all
from monitoring.services.imports import UnreadableFile
from monitoring.services.steering import NotPossible


class ImportSteering(APIView):
    """Pause an import, let it go on, or cancel it; 409 where its state does not allow it."""

    permission_classes = [ProjectPermission]
    action_for = {"POST": Action.MANAGE_IMPORTS}
    act: str = ""

    @extend_schema(request=None, responses={200: ImportOutput})
    def post(self, request: Request, slug: str, pk: int) -> Response:
        source_import = generics.get_object_or_404(Import.objects.of(request.project), pk=pk)
        person = {} if self.act == "resume" else {"by": request.user}
        try:
            changed = getattr(steering, self.act)(source_import=source_import, **person)
        except NotPossible as problem:
            return _not_possible(problem)
        if changed.is_open:
            tasks.enqueue(changed)
        return Response(ImportOutput(changed).data)


class ImportAnswer(APIView):
    """Answer what an import asks; 409 where it asks nothing, 400 for what does not fit the file."""

    permission_classes = [ProjectPermission]
    action_for = {"POST": Action.IMPORT}

    @extend_schema(request=AnswersInPlace, responses={200: ImportOutput})
    def post(self, request: Request, slug: str, pk: int) -> Response:
        source_import = generics.get_object_or_404(Import.objects.of(request.project), pk=pk)
        answers = AnswersInPlace(data=request.data)
        answers.is_valid(raise_exception=True)
        alike = answers.validated_data["alike"]
        try:
            changed = answer_all(source_import=source_import, stated=answers.stated(), alike=alike)
        except NotPossible as problem:
            return _not_possible(problem)
        except UnreadableFile as problem:
            refusal = {"detail": sentence(problem), "code": problem.code}
            return Response(refusal, status.HTTP_400_BAD_REQUEST)
        tasks.enqueue_open(changed)
        return Response(ImportOutput(changed[0]).data)


def _not_possible(problem: NotPossible) -> Response:
    refusal = {"detail": _("The import is “%(state)s” by now.") % {"state": problem}}
    return Response(refusal, status.HTTP_409_CONFLICT)


_IMPORTS = "projects/<slug:slug>/imports"
urlpatterns = [
    *(
        path(
            f"{_IMPORTS}/<int:pk>/{act}/",
            ImportSteering.as_view(act=act),
            name=f"api-{act}-import",
        )
        for act in ("pause", "resume", "cancel")
    ),
    path(f"{_IMPORTS}/<int:pk>/answer/", ImportAnswer.as_view(), name="api-answer-import"),
]
