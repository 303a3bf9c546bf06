"""The API of coding: what was drawn, what one has to code, and what one coded.

Monitors work blind: nothing here shows another person's answers, and agreement is for leads.
"""

import datetime
from typing import Any

import django_filters
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coding.models import (
    Ask,
    Assignment,
    Case,
    CaseLink,
    CodebookVersion,
    Coding,
    ExtraAnswer,
    Flag,
    Mention,
    Sample,
    Screenshot,
)
from coding.reliability import Breakdown
from coding.services import codings
from coding.services.agreement_tables import Reliability
from coding.services.codebooks import published_version_id
from coding.services.handing_out import next_assignments
from coding.services.sample_rules import rule_in_words
from monitoring.access import Action, ProjectPermission
from monitoring.api import ByNumber, NewestFirst, ProjectRows
from monitoring.interactions import COUNTERS
from monitoring.models import Account, Post

LARGEST_ID = 2**63 - 1
# A desk holds a few posts ahead; more would grow stale there.
MOST_ASSIGNMENTS = 50
LONGEST_DAY = 24 * 60 * 60  # seconds
STATUS_OF_REFUSAL = {
    "stale": status.HTTP_409_CONFLICT,
    "already_saved": status.HTTP_422_UNPROCESSABLE_ENTITY,
}


class SampleList(ProjectRows):
    """The posts that were drawn to be coded: by which rule, and how many."""

    class Output(serializers.ModelSerializer):
        category = serializers.SlugRelatedField(slug_field="key", read_only=True)
        rule = serializers.SerializerMethodField()
        size = serializers.IntegerField(read_only=True)

        class Meta:
            model = Sample
            fields = ["id", "platform", "category", "rule", "wanted", "size", "drawn_at"]
            ref_name = "Sample"

        def get_rule(self, sample: Sample) -> str:
            return rule_in_words(sample.rule)

    action_for = {"GET": Action.DRAW_SAMPLES}
    serializer_class = Output
    pagination_class = ByNumber
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        in_it_now = Count("sample_posts", filter=Q(sample_posts__left_at=None))
        return Sample.objects.of(self.project).select_related("category").annotate(size=in_it_now)


class AccountToCode(serializers.ModelSerializer):
    """Whose post it is."""

    actor = serializers.CharField(source="actor.name", default=None)
    category = serializers.CharField(source="actor.category.key", default=None)

    class Meta:
        model = Account
        fields = ["id", "name", "kind", "url", "actor", "category"]


class PostToCode(serializers.ModelSerializer):
    """A post with all that a monitor reads of it."""

    account = AccountToCode(read_only=True)

    class Meta:
        model = Post
        fields = ["id", "platform", "native_id", "type", "published_at", "text", "url", "link"]
        fields += ["link_text", "link_description", "image_text", "media_url", "sponsor"]
        fields += ["followers", *COUNTERS, "reactions", "interactions", "account"]


class AssignmentOutput(serializers.ModelSerializer):
    """A post to be coded; ``base_number`` is what saving it is based on."""

    post = PostToCode(read_only=True)
    base_number = serializers.IntegerField(read_only=True)

    class Meta:
        model = Assignment
        fields = ["id", "base_number", "post"]


class Wanted(serializers.Serializer):
    """How many posts are asked for."""

    count = serializers.IntegerField(min_value=1, max_value=MOST_ASSIGNMENTS, default=5)


class NextPosts(serializers.Serializer):
    """The posts that come next; ``version`` is the codebook's, null until one is published."""

    version = serializers.IntegerField(allow_null=True)
    assignments = AssignmentOutput(many=True)


class NextAssignments(APIView):
    """One's own next posts, in the order of one's queue."""

    permission_classes = [ProjectPermission]
    action_for = {"GET": Action.CODE}

    @extend_schema(
        parameters=[OpenApiParameter("count", OpenApiTypes.INT, default=5)], responses=NextPosts
    )
    def get(self, request: Request, slug: str) -> Response:
        wanted = Wanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        assignments = next_assignments(
            project=request.project,
            monitor=request.user,
            count=wanted.validated_data["count"],
            at=timezone.now(),
        )
        version = published_version_id(project=request.project)
        answer = {"version": version, "assignments": assignments}
        return Response(NextPosts(answer).data)


class CodingInput(serializers.Serializer):
    """One post's answers, in keys of the codebook and ids of actors."""

    class Mention(serializers.Serializer):
        actor = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
        tone = serializers.CharField(max_length=50)

        class Meta:
            ref_name = "MentionInput"

    class Flag(serializers.Serializer):
        kind = serializers.CharField(max_length=50)
        quote = serializers.CharField(max_length=10_000, allow_blank=True, default="")
        translation = serializers.CharField(max_length=10_000, allow_blank=True, default="")

        class Meta:
            ref_name = "FlagInput"

    post = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    request_id = serializers.UUIDField()
    base_number = serializers.IntegerField(min_value=0)
    version = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    topics = serializers.ListField(child=serializers.CharField(max_length=50), min_length=1)
    mentions = Mention(many=True, default=list)
    flags = Flag(many=True, default=list)
    # The answer to each extra question, by its key.
    extra = serializers.DictField(
        child=serializers.CharField(max_length=10_000, allow_blank=True), default=dict
    )
    seconds = serializers.IntegerField(min_value=0, max_value=LONGEST_DAY, default=0)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")
    asks = serializers.CharField(max_length=6, allow_blank=True, default="")

    def validate_asks(self, asks: str) -> str:
        if asks not in ("", *Ask.values):
            raise serializers.ValidationError(_("Use lead or second, or leave it empty."))
        return asks

    def answers(self) -> codings.Answers:
        given = self.validated_data
        return codings.Answers(
            topics=tuple(given["topics"]),
            mentions=tuple((mention["actor"], mention["tone"]) for mention in given["mentions"]),
            flags=tuple(codings.FlagAnswer(**flag) for flag in given["flags"]),
            extra=tuple(given["extra"].items()),
        )


class CodingOutput(serializers.ModelSerializer):
    """One row of one's history, with its answers."""

    class Mention(serializers.ModelSerializer):
        tone = serializers.SlugRelatedField(slug_field="key", read_only=True)

        class Meta:
            model = Mention
            fields = ["actor", "tone"]
            ref_name = "Mention"

    class Flag(serializers.ModelSerializer):
        kind = serializers.SlugRelatedField(slug_field="key", read_only=True)

        class Meta:
            model = Flag
            fields = ["kind", "quote", "translation"]
            ref_name = "Flag"

    # Spelt out: the OpenAPI document would mix up its choices with those of accounts' kinds.
    kind = serializers.CharField(read_only=True)
    topics = serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)
    mentions = Mention(many=True, read_only=True)
    flags = Flag(many=True, read_only=True)
    extra = serializers.SerializerMethodField()

    class Meta:
        model = Coding
        fields = ["id", "post", "kind", "number", "request_id", "version", "topics", "mentions"]
        fields += ["flags", "extra", "seconds", "reason", "asks", "made_at"]
        ref_name = "Coding"

    def get_extra(self, coding: Coding) -> dict[str, str]:
        return {row.question.key: row.value for row in coding.extra_answers.all()}


class Refusal(serializers.Serializer):
    """Why nothing was stored; ``current`` is one's own newer row where that is the reason."""

    code = serializers.CharField()
    detail = serializers.CharField()
    current = CodingOutput(allow_null=True, required=False)


class CodingList(ProjectRows):
    """One's own codings, newest first; POST stores one."""

    action_for = {"GET": Action.CODE, "POST": Action.CODE}
    serializer_class = CodingOutput
    pagination_class = NewestFirst
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        # No user while the OpenAPI document is written.
        coder = getattr(self.request, "user", None)
        return (
            Coding.objects.of(self.project)
            .filter(coder=coder)
            .prefetch_related(
                "topics",
                Prefetch("mentions", Mention.objects.select_related("tone").order_by("pk")),
                Prefetch("flags", Flag.objects.select_related("kind").order_by("pk")),
                Prefetch("extra_answers", ExtraAnswer.objects.select_related("question")),
            )
        )

    @extend_schema(
        request=CodingInput,
        responses={
            200: CodingOutput,
            201: CodingOutput,
            400: Refusal,
            409: Refusal,
            422: Refusal,
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Store one post's answers. 200 where this very request was stored before."""
        given = CodingInput(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        try:
            coding = save(request, given, at=now)
        except codings.CodingRefused as refusal:
            return self.refused(refusal)
        # What is stored already carries the moment of its own request.
        code = status.HTTP_201_CREATED if coding.made_at == now else status.HTTP_200_OK
        return Response(self.shown(coding), code)

    def shown(self, coding: Coding) -> dict[str, Any]:
        return CodingOutput(self.get_queryset().get(pk=coding.pk)).data

    def refused(self, refusal: codings.CodingRefused) -> Response:
        answer: dict[str, Any] = {"code": refusal.code, "detail": str(refusal.message)}
        if refusal.code == "stale":
            current = refusal.current if isinstance(refusal, codings.StaleBase) else None
            answer["current"] = current and self.shown(current)
        code = STATUS_OF_REFUSAL.get(refusal.code, status.HTTP_400_BAD_REQUEST)
        return Response(answer, code)


def save(request: Any, given: CodingInput, *, at: datetime.datetime) -> Coding:
    """Store what was sent. Raises CodingRefused."""
    sent = given.validated_data
    post = Post.objects.of(request.project).filter(pk=sent["post"]).first()
    if post is None:
        raise codings.CodingRefused("unknown_post", _("The project has no such post."))
    version = CodebookVersion.objects.filter(
        codebook__project=request.project, pk=sent["version"]
    ).first()
    if version is None:
        raise codings.CodingRefused("unknown_version", _("The codebook has no such version."))
    return codings.save_coding(
        project=request.project,
        post=post,
        coder=request.user,
        version=version,
        request_id=sent["request_id"],
        base_number=sent["base_number"],
        answers=given.answers(),
        seconds=sent["seconds"],
        reason=sent["reason"],
        asks=sent["asks"],
        at=at,
    )


class CaseList(ProjectRows):
    """The documented examples."""

    class Output(serializers.ModelSerializer):
        class Link(serializers.ModelSerializer):
            class Meta:
                model = CaseLink
                fields = ["kind", "url", "title"]
                ref_name = "CaseLink"

        class Evidence(serializers.ModelSerializer):
            class Meta:
                model = Screenshot
                fields = ["sha256", "published_sha256", "media_type", "width", "height", "caption"]
                ref_name = "Screenshot"

        target = serializers.CharField(source="against.name", default=None)
        beneficiary = serializers.CharField(source="in_favour_of.name", default=None)
        posts = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
        links = Link(many=True, read_only=True)
        screenshots = Evidence(many=True, read_only=True)

        class Meta:
            model = Case
            fields = ["number", "state", "kind", "title", "quote", "translation", "explanation"]
            fields += ["severity", "target", "target_in_words", "beneficiary"]
            fields += ["beneficiary_in_words", "posts", "links", "screenshots", "changed_at"]
            ref_name = "Case"

    class Filter(django_filters.FilterSet):
        state = django_filters.CharFilter()
        kind = django_filters.CharFilter()

    action_for = {"GET": Action.DOCUMENT_CASES}
    serializer_class = Output
    pagination_class = ByNumber
    filterset_class = Filter

    def get_queryset(self) -> QuerySet:
        return (
            Case.objects.of(self.project)
            .with_actors()
            .prefetch_related(
                Prefetch("posts", Post.objects.of(self.project).only("pk")), "links", "screenshots"
            )
        )


class AgreementQuery(serializers.Serializer):
    """Which break-down is asked for; without ``by`` a line per variable."""

    variable = serializers.CharField(max_length=100, default="tone")
    by = serializers.ChoiceField(choices=[*Breakdown, "answer"], required=False)


class AgreementLine(serializers.Serializer):
    """The agreement of one variable, or of one part of it; null is undefined, never 1."""

    variable = serializers.CharField()
    label = serializers.CharField()
    scale = serializers.CharField()
    units = serializers.IntegerField()
    pairs = serializers.IntegerField()
    coders = serializers.IntegerField()
    alpha = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    percent_of_pairs = serializers.FloatField(allow_null=True)
    ac1 = serializers.FloatField(allow_null=True)
    prevalence = serializers.DictField(child=serializers.FloatField(), allow_null=True)
    verdict = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    weighted = serializers.BooleanField(
        help_text="Posts drawn more often since they were flagged count by what they stand for."
    )


class AgreementList(APIView):
    """How far monitors agree, from their blind answers; for leads."""

    permission_classes = [ProjectPermission]
    action_for = {"GET": Action.VIEW_AGREEMENT}

    @extend_schema(parameters=[AgreementQuery], responses=AgreementLine(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """A line per variable; with ``by`` per actor, pair, week or answer of ``variable``."""
        asked = AgreementQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found, by = Reliability(request.project), asked.validated_data.get("by")
        if by is None:
            return Response([line.as_json() for line in found.lines()])
        variable = found.words.variable(asked.validated_data["variable"])
        if variable is None:
            raise serializers.ValidationError({"variable": _("There is no such variable.")})
        parts = found.parts(variable) if by == "answer" else None
        lines = found.breakdown(variable, Breakdown(by)) if parts is None else parts
        return Response([line.as_json() for line in lines])


_PROJECT = "projects/<slug:slug>"
urlpatterns = [
    path(f"{_PROJECT}/samples/", SampleList.as_view(), name="api-samples"),
    path(
        f"{_PROJECT}/assignments/next/",
        NextAssignments.as_view(),
        name="api-next-assignments",
    ),
    path(f"{_PROJECT}/codings/", CodingList.as_view(), name="api-codings"),
    path(f"{_PROJECT}/agreement/", AgreementList.as_view(), name="api-agreement"),
    path(f"{_PROJECT}/cases/", CaseList.as_view(), name="api-cases"),
]
