"""Imports: sent, followed and mended."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import tasks
from monitoring.access import Action, ProjectPermission
from monitoring.api.import_serializers import ImportInput, ImportOutput, MendedRows
from monitoring.api.rows import ByLine, NewestFirst, ProjectRows, project_of
from monitoring.models import Import, RejectedRow
from monitoring.refusals import sentence
from monitoring.rejected_rows import rejected_rows
from monitoring.services.coverage import state_in_a_word
from monitoring.services.imports import NotStored, SentFile, UnreadableFile, open_import


class ImportList(ProjectRows):
    """The imports of a project, newest first; POST sends a file."""

    action_for = {"GET": Action.VIEW_IMPORTS, "POST": Action.IMPORT}
    serializer_class = ImportOutput
    pagination_class = NewestFirst
    parser_classes = [MultiPartParser]
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        return Import.objects.of(self.project)

    @extend_schema(request={"multipart/form-data": ImportInput}, responses={201: ImportOutput})
    def post(self, request: Request, slug: str) -> Response:
        """Send a file. 200 where the same file is being imported already, 201 for a new import.

        A file that has to be unpacked or converted is read after this answer: its ``state`` tells.
        Of an archive with several files, those after the first are imports ``unpacked_from`` it.
        """
        sent = ImportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        file, covers = sent.validated_data["file"], sent.validated_data["covers"]
        return _opened(request, file, covers, stated=sent.stated())


class ImportDetail(generics.RetrieveAPIView):
    """How far an import is."""

    permission_classes = [ProjectPermission]
    action_for = {"GET": Action.VIEW_IMPORTS}
    serializer_class = ImportOutput

    def get_queryset(self) -> QuerySet:
        return Import.objects.of(project_of(self.request))


class AnyContent(BaseContentNegotiation):
    """The one form there is, whatever is asked for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ImportMending(APIView):
    """The rejected rows of an import as a CSV to mend; the mended CSV comes back by POST."""

    permission_classes = [ProjectPermission]
    parser_classes = [MultiPartParser]
    content_negotiation_class = AnyContent
    action_for = {"GET": Action.VIEW_IMPORTS, "POST": Action.IMPORT}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, pk: int) -> HttpResponseBase:
        source_import = generics.get_object_or_404(Import.objects.of(request.project), pk=pk)
        return rejected_rows(source_import)

    @extend_schema(
        request={"multipart/form-data": MendedRows},
        responses={200: ImportOutput, 201: ImportOutput},
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Send mended rows. The answer is an import of its own, which ``repairs`` this one."""
        mended = generics.get_object_or_404(Import.objects.of(request.project), pk=pk)
        sent = MendedRows(data=request.data)
        sent.is_valid(raise_exception=True)
        return _opened(request, sent.validated_data["file"], mends=mended)


def _opened(request: Request, file: UploadedFile, covers: str = "", **known: Any) -> Response:
    """Open an import of a file, and answer what became of that."""
    try:
        opened = open_import(
            project=request.project,
            file=SentFile(file.name or "", file.chunks(1 << 20)),
            received_at=timezone.now(),
            started_by=request.user,
            may_ask=True,
            **known,
        )
    except UnreadableFile as problem:
        refusal = {"file": [sentence(problem)], "code": problem.code}
        return Response(refusal, status.HTTP_400_BAD_REQUEST)
    except NotStored as problem:
        refusal = {"file": [str(problem)], "code": "not_stored"}
        return Response(refusal, status.HTTP_507_INSUFFICIENT_STORAGE)
    state_in_a_word(source_import=opened.source_import, accounts=covers)
    if opened.source_import.is_open:
        tasks.enqueue(opened.source_import)
    code = status.HTTP_201_CREATED if opened.is_new else status.HTTP_200_OK
    return Response(ImportOutput(opened.source_import).data, code)


class RejectedRowList(ProjectRows):
    """The rows of an import that could not be read, in the order of the file."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = RejectedRow
            fields = ["line", "column", "code", "reason", "record"]
            ref_name = "RejectedRow"

    action_for = {"GET": Action.VIEW_IMPORTS}
    serializer_class = Output
    pagination_class = ByLine
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        source_import = generics.get_object_or_404(
            Import.objects.of(self.project), pk=self.kwargs["pk"]
        )
        return RejectedRow.objects.filter(source_import=source_import)


_IMPORTS = "projects/<slug:slug>/imports"
urlpatterns = [
    path(f"{_IMPORTS}/", ImportList.as_view(), name="api-imports"),
    path(f"{_IMPORTS}/<int:pk>/", ImportDetail.as_view(), name="api-import"),
    path(f"{_IMPORTS}/<int:pk>/mend/", ImportMending.as_view(), name="api-mend-import"),
    path(
        f"{_IMPORTS}/<int:pk>/rejected/",
        RejectedRowList.as_view(),
        name="api-rejected-rows",
    ),
]
