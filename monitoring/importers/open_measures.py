"""Open Measures: its view of Telegram (as Kibana prints it), and its normalised posts."""

from typing import ClassVar

from monitoring.importers.table import KnownTable


class OpenMeasuresTelegram(KnownTable):
    """Posts of Telegram channels; ``-`` is an empty cell, times are the browser's."""

    source: ClassVar[str] = "open-measures-telegram"
    of_platform: ClassVar[str] = "telegram"
    nothing: ClassVar[str] = "-"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("date",),
        ("message",),
        ("channelusername",),
        ("url",),
        ("views",),
        ("forwards",),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("date",),
        "url": ("url",),
        "text": ("message",),
        "account": ("channeltitle",),
        "handle": ("channelusername",),
        "shares": ("forwards",),
        "views": ("views",),
    }

    def text(self, cells: list[str]) -> str:
        text = super().text(cells)
        return "" if text.strip() == self.nothing else text


class OpenMeasures(KnownTable):
    """Posts in the form that is the same for all of its sources."""

    source: ClassVar[str] = "open-measures"
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("id",),
        ("created_at",),
        ("text",),
        ("url",),
        ("openmeasures_metadata_source_endpoint", "openmeasures_meta_source_endpoint"),
        ("actor_username", "context_name"),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("created_at",),
        "url": ("url",),
        "post_id": ("id",),
        "text": ("text",),
        "handle": ("actor_username",),
        "account": ("context_name",),
        "likes": ("engagement_likes",),
        "comments": ("engagement_replies",),
        "shares": ("engagement_reshares",),
        "views": ("engagement_views",),
    }
