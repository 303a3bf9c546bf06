"""Imports as programs see them, and what programs say of their files."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.importers.evidence import ENCODINGS
from monitoring.importers.questions import (
    AS_PRINTED,
    COLUMNS,
    DAY_ORDER,
    MOMENT,
    TIMEZONE,
    Question,
    question_of,
)
from monitoring.importers.times import ORDERS
from monitoring.models import COVERED_WITHOUT_MORE, Import, validate_timezone
from monitoring.refusals import sentence
from monitoring.services.examining import Stated
from monitoring.services.progress import progress_of


class QuestionOutput(serializers.Serializer):
    """What an import asks, in words; ``about`` is the field of the answer."""

    about = serializers.ChoiceField(choices=[TIMEZONE, DAY_ORDER, MOMENT, COLUMNS])
    code = serializers.CharField()
    question = serializers.SerializerMethodField()
    printed = serializers.ListField(child=serializers.CharField(), help_text="as in the file")
    likely = serializers.ListField(child=serializers.CharField(), help_text="the likeliest first")

    class Meta:
        ref_name = "Question"

    def get_question(self, one: Question) -> str:
        return sentence(one.as_refusal)


class ImportOutput(serializers.ModelSerializer):
    """An import and what became of its rows."""

    asks = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()
    no_worker = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = ["id", "file_name", "size", "sha256", "source", "encoding", "timezone"]
        fields += ["day_order", "exported_at", "is_moment_assumed", "state", "error", "asks"]
        fields += [
            "left_out",
            "repeats",
            "unpacked_from",
            "bytes_converted",
            "created_at",
            "started_at",
        ]
        fields += ["finished_at", "rows_total", "rows_read", "rows_created", "rows_updated"]
        fields += ["rows_unchanged", "rows_rejected", "rows_waiting", "rows_taken_back"]
        fields += ["kept_in_use", "kept_shared", "repairs"]
        fields += ["percent", "seconds_left", "no_worker"]
        ref_name = "Import"

    @extend_schema_field(QuestionOutput(many=True))
    def get_asks(self, one: Import) -> list[dict[str, Any]]:
        return [QuestionOutput(question_of(asked)).data for asked in one.asks]

    def get_percent(self, one: Import) -> int | None:
        return progress_of(source_import=one, now=timezone.now()).percent

    def get_seconds_left(self, one: Import) -> int | None:
        return progress_of(source_import=one, now=timezone.now()).seconds_left

    def get_no_worker(self, one: Import) -> bool:
        return progress_of(source_import=one, now=timezone.now()).no_worker


class Answers(serializers.Serializer):
    """What a file does not say of itself."""

    timezone = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=64,
        help_text=f"IANA zone; or {AS_PRINTED}: none was stated rightly, each time carries its own",
    )
    exported_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    day_order = serializers.ChoiceField(
        choices=ORDERS, required=False, default="", allow_blank=True
    )

    encoding = serializers.ChoiceField(
        choices=ENCODINGS,
        required=False,
        default="",
        allow_blank=True,
        help_text="Of a text that is no Unicode, where its letters come out wrong",
    )

    class Meta:
        ref_name = "ImportAnswers"

    def validate_timezone(self, name: str) -> str:
        if name and name != AS_PRINTED:
            try:
                validate_timezone(name)
            except ValidationError as problem:
                raise serializers.ValidationError(problem.messages) from None
        return name

    def validate_exported_at(self, moment: datetime.datetime | None) -> datetime.datetime | None:
        if moment is not None and moment > timezone.now():
            raise serializers.ValidationError(_("This moment is still to come."))
        return moment

    def stated(self) -> Stated:
        said = {name: self.validated_data[name] for name in Answers().fields}
        return Stated(**said)


class AnswersInPlace(Answers):
    """Answers to what an import asks."""

    alike = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Also for the other files of its archive that ask the same",
    )

    class Meta:
        ref_name = "ImportAnswersInPlace"


class ImportInput(Answers):
    """A file, and what it does not say of itself."""

    file = serializers.FileField(max_length=1000, allow_empty_file=True)
    covers = serializers.ChoiceField(
        [(one.value, one.label) for one in COVERED_WITHOUT_MORE],
        required=False,
        default="",
        allow_blank=True,
        help_text="Of whom silence is a finding; else its kind decides",
    )

    class Meta:
        ref_name = "ImportInput"


class MendedRows(serializers.Serializer):
    file = serializers.FileField(max_length=1000)

    class Meta:
        ref_name = "MendedRows"
