"""The API of what it adds up to: measures, charts, exports."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dashboards import tasks
from dashboards.blindness import FilesOfCodings, chart_for, charts_for, measures_for
from dashboards.charts import Chart
from dashboards.exports import jobs
from dashboards.exports.charts import chart_csv, picture_file
from dashboards.findings.linting import Linter
from dashboards.findings.sections import sentences_of
from dashboards.measures import Base, UnknownWord, Withheld
from dashboards.measures.vocabulary import FILTERS
from dashboards.models import (
    REPORT,
    DocumentFormat,
    Export,
    ExportedTable,
    ExportFormat,
    ExportState,
)
from dashboards.pictures import THEMES, Form, NoPicture
from monitoring.access import Action, ProjectPermission, may
from monitoring.api import NewestFirst, ProjectRows

# Every other parameter of a question is a filter.
_WORDS = {"measure", "by", "period", "scope", "against", "format"}


class ProjectView(APIView):
    """Something to read of one project."""

    permission_classes = [ProjectPermission]
    action_for = {"GET": Action.VIEW_DASHBOARD}


class MeasureView(ProjectView):
    """One question: ``measure``, ``by``, ``period``, ``scope``, ``against``, and filters."""

    @extend_schema(
        parameters=[
            OpenApiParameter("measure", required=True),
            OpenApiParameter("by", many=True),
            OpenApiParameter("period"),
            OpenApiParameter("scope", enum=["all", "analysed"]),
            OpenApiParameter("against", description="a second period, or previous"),
            *(OpenApiParameter(name, description="a filter", many=True) for name in FILTERS),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, slug: str) -> Response:
        asked = request.query_params
        try:
            measures = measures_for(request)
            where = {key: asked.getlist(key) for key in asked if key not in _WORDS}
            result = measures.ask(
                asked.get("measure", ""),
                by=[name for names in asked.getlist("by") for name in names.split(",")],
                where=where,
                period=asked.get("period", "entire"),
                scope=asked.get("scope", "all"),
                against=asked.get("against", ""),
            )
            measures.check_values(where)
        except Withheld as problem:
            raise PermissionDenied(str(problem)) from problem
        except UnknownWord as problem:
            raise ValidationError(str(problem)) from problem
        return Response({"rows": result.rows, "base": _base(result.base)})


class ChartList(ProjectView):
    """The charts: those that leads built, others, and the report's in its order."""

    @extend_schema(operation_id="projects_charts_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        return Response([_chart(chart) for chart in charts_for(request)])


class ChartView(ProjectView):
    """One chart with its table, its figure and its base."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, key: str) -> Response:
        one = chart_for(request, key)
        drawing = one.drawing
        keys = [column.key for column in drawing.columns]
        return Response(
            {
                **_chart(one.chart),
                "caption": one.caption,
                "note": one.note,
                "rows": [
                    dict(zip(keys, (cell.value for cell in row), strict=True))
                    for row in drawing.rows
                ],
                "figure": drawing.figure,
                "base": _base(drawing.base),
            }
        )


class ChartData(ProjectView):
    """A chart's table as CSV."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, key: str) -> HttpResponse:
        return chart_csv(chart_for(request, key).drawing, file_name=f"{slug}-chart-{key}.csv")


class FindingList(ProjectView):
    """The sentences of the report as they read now, with what their numbers rest on.

    In the language of the request. ``remarks``, for those who edit the report, is what the data
    refutes (``is_wrong``) or what is worth a look.
    """

    @extend_schema(operation_id="projects_findings_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        sentences = sentences_of(measures_for(request))
        edits = may(request.membership.role, Action.EDIT_REPORT)
        remarks = Linter(request.project, sentences).remarks() if edits else {}
        return Response(
            [
                {
                    "section": one.finding.section,
                    "text": one.text,
                    "numbers": one.finding.numbers,
                    "printed": one.printed,
                    "changed": one.changed,
                    "remarks": [
                        {"text": remark.text, "is_wrong": remark.is_wrong}
                        for remark in remarks.get(one.finding.position, [])
                    ],
                }
                for one in sentences
            ]
        )


class ChartPicture(ProjectView):
    """A chart's figure with its caption and its base, in the colours of ``theme``."""

    form: Form = "svg"

    @extend_schema(
        parameters=[OpenApiParameter("theme", enum=list(THEMES), default="colour")],
        responses={200: OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, key: str) -> HttpResponse:
        theme = request.query_params.get("theme", "colour")
        if theme not in THEMES:
            words = {"theme": theme, "themes": ", ".join(THEMES)}
            raise ValidationError({"theme": _("%(theme)s is none of: %(themes)s.") % words})
        one = chart_for(request, key)
        try:
            return picture_file(one, project=request.project, form=self.form, theme=theme)
        except NoPicture as problem:
            raise Http404 from problem


class ExportList(ProjectRows):
    """Files of the project; POST asks for one, GET tells how far they are."""

    class Output(serializers.ModelSerializer):
        file = serializers.SerializerMethodField(
            help_text="Where it is fetched, once it is done; null for who may not read it now: "
            "it holds others' answers to posts that they have still to code."
        )
        withheld_posts = serializers.SerializerMethodField(
            help_text="Posts left out because whoever asked had still to code them."
        )

        class Meta:
            model = Export
            fields = [
                "id",
                "what",
                "format",
                "language",
                "state",
                "problem",
                "rows",
                "size",
                "asked_at",
            ]
            fields += ["withheld_posts", "sha256", "as_of", "finished_at", "file"]
            ref_name = "Export"

        def get_withheld_posts(self, export: Export) -> int:
            return len(export.withheld)

        def get_file(self, export: Export) -> str | None:
            files = self.context["view"].files_of_codings
            if export.state != ExportState.DONE or not files.are_for(export):
                return None
            page = "dashboards:document" if export.is_document else "dashboards:export"
            return reverse(page, args=[self.context["view"].kwargs["slug"], export.pk])

    class Wish(serializers.Serializer):
        what = serializers.ChoiceField([*ExportedTable.choices, REPORT])
        format = serializers.ChoiceField([*ExportFormat.choices, *DocumentFormat.choices])
        language = serializers.ChoiceField(
            settings.LANGUAGES, required=False, help_text="Of the report; en where none is named."
        )

        def validate(self, wish: dict[str, str]) -> dict[str, str]:
            if (wish["what"] == REPORT) != (wish["format"] in DocumentFormat.values):
                raise ValidationError(
                    {"format": _("The report is a docx, pdf or html; tables are none of these.")}
                )
            return {
                **wish,
                "language": wish.get("language", "en") if wish["what"] == REPORT else "",
            }

    action_for = {"GET": Action.EXPORT, "POST": Action.EXPORT}
    serializer_class = Output
    pagination_class = NewestFirst
    filter_backends: list[Any] = []

    @cached_property
    def files_of_codings(self) -> FilesOfCodings:
        return FilesOfCodings(self.request)

    def get_queryset(self) -> QuerySet:
        return Export.objects.of(self.project)

    @extend_schema(request=Wish, responses={202: Output})
    def post(self, request: Request, slug: str) -> Response:
        wish = self.Wish(data=request.data)
        wish.is_valid(raise_exception=True)
        export = jobs.ask(
            project=self.project,
            by=request.user,
            what=wish.validated_data["what"],
            form=wish.validated_data["format"],
            language=wish.validated_data["language"],
        )
        tasks.enqueue(export)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "id": chart.key,
        "number": chart.number or None,
        "platform": chart.platform,
        "caption": chart.caption,
    }


def _base(base: Base) -> dict[str, Any]:
    return {
        "text": str(base),
        "sample_rule": base.sample_rule,
        "against": base.against,
        "scope": base.scope,
        "start": base.start,
        "end": base.end,
        "n": base.n,
        "as_of": base.as_of,
        "provisional": base.provisional,
        "unsettled": base.unsettled,
    }


urlpatterns = [
    path("projects/<slug:slug>/measures/", MeasureView.as_view(), name="api-measures"),
    path("projects/<slug:slug>/charts/", ChartList.as_view(), name="api-charts"),
    path("projects/<slug:slug>/charts/<slug:key>/", ChartView.as_view(), name="api-chart"),
    path(
        "projects/<slug:slug>/charts/<slug:key>/data.csv",
        ChartData.as_view(),
        name="api-chart-data",
    ),
    path("projects/<slug:slug>/findings/", FindingList.as_view(), name="api-findings"),
    path(
        "projects/<slug:slug>/charts/<slug:key>/picture.svg",
        ChartPicture.as_view(form="svg"),
        name="api-chart-svg",
    ),
    path(
        "projects/<slug:slug>/charts/<slug:key>/picture.png",
        ChartPicture.as_view(form="png"),
        name="api-chart-png",
    ),
    path("projects/<slug:slug>/exports/", ExportList.as_view(), name="api-exports"),
]
