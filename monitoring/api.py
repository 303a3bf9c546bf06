"""The API of the room: projects, whom they watch, what was published, and imports."""

from contextlib import closing
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import tasks
from monitoring.access import Action, ProjectPermission
from monitoring.interactions import COUNTERS
from monitoring.models import (
    COVERED_WITHOUT_MORE,
    Account,
    Actor,
    Import,
    Observation,
    Post,
    Project,
    RejectedRow,
    validate_timezone,
)
from monitoring.refusals import sentence
from monitoring.services import steering
from monitoring.services.archives import parts_of
from monitoring.services.coverage import state_in_a_word
from monitoring.services.imports import (
    NotStored,
    SentFile,
    Stated,
    UnreadableFile,
    open_import,
    progress_of,
)


class ByNumber(CursorPagination):
    ordering = "pk"


class BySlug(CursorPagination):
    ordering = "slug"


class ByLine(CursorPagination):
    ordering = "line"


class ByMoment(CursorPagination):
    ordering = "observed_at"


class NewestFirst(CursorPagination):
    ordering = "-pk"


class ProjectList(generics.ListAPIView):
    """The projects in which the asker holds a role."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Project
            fields = ["slug", "name", "country", "timezone", "languages", "notice"]
            ref_name = "Project"

    permission_classes = [IsAuthenticated]
    serializer_class = Output
    pagination_class = BySlug
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        return Project.objects.visible_to(self.request.user)


def project_of(request: Any) -> Project:
    """The project that the permission let the asker into; none while the schema is written."""
    return cast(Project, getattr(request, "project", None))


class ProjectRows(generics.ListAPIView):
    """A list of rows of one project."""

    permission_classes = [ProjectPermission]
    pagination_class = ByNumber

    @property
    def project(self) -> Project:
        return project_of(self.request)


class ActorFilter(django_filters.FilterSet):
    category = django_filters.CharFilter(field_name="category__key")


class ActorList(ProjectRows):
    """The monitored actors."""

    class Output(serializers.ModelSerializer):
        category = serializers.SlugRelatedField(slug_field="key", read_only=True)
        names = serializers.SlugRelatedField(slug_field="text", many=True, read_only=True)

        class Meta:
            model = Actor
            fields = ["id", "name", "category", "names"]
            ref_name = "Actor"

    action_for = {"GET": Action.VIEW_ACTORS}
    serializer_class = Output
    filterset_class = ActorFilter

    def get_queryset(self) -> QuerySet:
        return Actor.objects.of(self.project).select_related("category").prefetch_related("names")


class AccountFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter()
    state = django_filters.CharFilter()
    actor = django_filters.NumberFilter(field_name="actor_id")
    category = django_filters.CharFilter(field_name="actor__category__key")


class AccountList(ProjectRows):
    """The accounts of the actors, and those that wait for theirs."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Account
            fields = ["id", "actor", "platform", "kind", "native_id", "handle", "name"]
            fields += ["url", "state"]
            ref_name = "Account"

    action_for = {"GET": Action.VIEW_ACTORS}
    serializer_class = Output
    filterset_class = AccountFilter

    def get_queryset(self) -> QuerySet:
        return Account.objects.of(self.project)


class PostFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter()
    type = django_filters.CharFilter()
    account = django_filters.NumberFilter(field_name="account_id")
    actor = django_filters.NumberFilter(field_name="account__actor_id")
    category = django_filters.CharFilter(field_name="account__actor__category__key")
    published_from = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte")
    published_before = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="lt")


class PostList(ProjectRows):
    """The posts with their reported counters; a counter the platform lacks is null, not 0."""

    class Output(serializers.ModelSerializer):
        last_observed_at = serializers.DateTimeField(source="newest_observation", read_only=True)

        class Meta:
            model = Post
            fields = ["id", "account", "platform", "native_id", "type", "published_at"]
            fields += ["text", "url", "link", "link_text", "link_description", "image_text"]
            fields += ["media_url", "sponsor", "followers", *COUNTERS, "reactions"]
            fields += ["interactions", "counted_at", "is_provisional", "last_observed_at"]
            ref_name = "Post"

    action_for = {"GET": Action.VIEW_POSTS}
    serializer_class = Output
    filterset_class = PostFilter

    def get_queryset(self) -> QuerySet:
        return Post.objects.of(self.project).with_newest_observation()


class ObservationList(ProjectRows):
    """Every reading of a post's counters, the oldest first."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Observation
            fields = ["observed_at", "source_import", *COUNTERS]
            ref_name = "Observation"

    action_for = {"GET": Action.VIEW_POSTS}
    serializer_class = Output
    pagination_class = ByMoment
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        post = generics.get_object_or_404(Post.objects.of(self.project), pk=self.kwargs["pk"])
        return Observation.objects.filter(post=post)


class ImportOutput(serializers.ModelSerializer):
    """An import and what became of its rows."""

    percent = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()
    no_worker = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = ["id", "file_name", "size", "sha256", "source", "encoding", "timezone"]
        fields += ["exported_at", "state", "error", "repeats", "created_at", "started_at"]
        fields += ["finished_at", "rows_total", "rows_read", "rows_created", "rows_updated"]
        fields += ["rows_unchanged", "rows_rejected", "rows_waiting", "rows_taken_back"]
        fields += ["kept_in_use", "kept_shared", "repairs"]
        fields += ["percent", "seconds_left", "no_worker"]
        ref_name = "Import"

    def get_percent(self, one: Import) -> int | None:
        return progress_of(source_import=one, now=timezone.now()).percent

    def get_seconds_left(self, one: Import) -> int | None:
        return progress_of(source_import=one, now=timezone.now()).seconds_left

    def get_no_worker(self, one: Import) -> bool:
        return progress_of(source_import=one, now=timezone.now()).no_worker


class ImportInput(serializers.Serializer):
    """A file, and what it does not say of itself."""

    file = serializers.FileField(max_length=1000, allow_empty_file=True)
    timezone = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64, validators=[validate_timezone]
    )
    exported_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    covers = serializers.ChoiceField(
        [(one.value, one.label) for one in COVERED_WITHOUT_MORE],
        required=False,
        default="",
        allow_blank=True,
        help_text="Of whom silence is a finding; else its kind decides",
    )

    class Meta:
        ref_name = "ImportInput"


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
        """Send a file. 200 where the same file is being imported already, 201 for a new import."""
        stated = ImportInput(data=request.data)
        stated.is_valid(raise_exception=True)
        file = stated.validated_data["file"]
        try:
            with closing(parts_of(SentFile(file.name, file.chunks(1 << 20)), most=1)) as parts:
                opened = open_import(
                    project=request.project,
                    file=next(parts),
                    received_at=timezone.now(),
                    stated=Stated(
                        timezone=stated.validated_data["timezone"],
                        exported_at=stated.validated_data["exported_at"],
                    ),
                    started_by=request.user,
                )
        except UnreadableFile as problem:
            refusal = {"file": [sentence(problem)], "code": problem.code}
            return Response(refusal, status.HTTP_400_BAD_REQUEST)
        except NotStored as problem:
            refusal = {"file": [str(problem)], "code": "not_stored"}
            return Response(refusal, status.HTTP_507_INSUFFICIENT_STORAGE)
        covers = stated.validated_data["covers"]
        state_in_a_word(source_import=opened.source_import, accounts=covers)
        tasks.enqueue(opened.source_import)
        code = status.HTTP_201_CREATED if opened.is_new else status.HTTP_200_OK
        return Response(ImportOutput(opened.source_import).data, code)


class ImportDetail(generics.RetrieveAPIView):
    """How far an import is."""

    permission_classes = [ProjectPermission]
    action_for = {"GET": Action.VIEW_IMPORTS}
    serializer_class = ImportOutput

    def get_queryset(self) -> QuerySet:
        return Import.objects.of(project_of(self.request))


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
        except steering.NotPossible as problem:
            refusal = {"detail": _("The import is “%(state)s” by now.") % {"state": problem}}
            return Response(refusal, status.HTTP_409_CONFLICT)
        if changed.is_open:
            tasks.enqueue(changed)
        return Response(ImportOutput(changed).data)


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


_PROJECT = "projects/<slug:slug>"
urlpatterns = [
    path("projects/", ProjectList.as_view(), name="api-projects"),
    path(f"{_PROJECT}/actors/", ActorList.as_view(), name="api-actors"),
    path(f"{_PROJECT}/accounts/", AccountList.as_view(), name="api-accounts"),
    path(f"{_PROJECT}/posts/", PostList.as_view(), name="api-posts"),
    path(
        f"{_PROJECT}/posts/<int:pk>/observations/",
        ObservationList.as_view(),
        name="api-observations",
    ),
    path(f"{_PROJECT}/imports/", ImportList.as_view(), name="api-imports"),
    path(f"{_PROJECT}/imports/<int:pk>/", ImportDetail.as_view(), name="api-import"),
    *(
        path(
            f"{_PROJECT}/imports/<int:pk>/{act}/",
            ImportSteering.as_view(act=act),
            name=f"api-{act}-import",
        )
        for act in ("pause", "resume", "cancel")
    ),
    path(
        f"{_PROJECT}/imports/<int:pk>/rejected/",
        RejectedRowList.as_view(),
        name="api-rejected-rows",
    ),
]
