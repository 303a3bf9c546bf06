"""What the keeper of an installation may set by hand; what people decided is not among it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from coding.models import Codebook, CodebookVersion, SampleRule


@admin.register(SampleRule)
class SampleRuleAdmin(admin.ModelAdmin):
    list_display = ["category", "project", "method", "size", "per_account"]
    list_filter = ["project"]
    list_select_related = ["category", "project"]


class CodebookVersionInline(admin.TabularInline):
    """Versions are looked at only: publishing has its own service, and is final."""

    model = CodebookVersion
    fields = ["number", "state", "published_at"]
    readonly_fields = ["number", "state", "published_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Codebook)
class CodebookAdmin(admin.ModelAdmin):
    list_display = ["name", "project"]
    list_filter = ["project"]
    list_select_related = ["project"]
    inlines = [CodebookVersionInline]
