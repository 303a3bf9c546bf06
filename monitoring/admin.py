"""What the keeper of an installation may look up or mend by hand; imports are only looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from monitoring.models import Category, Import, Membership, Period, Project


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


class PeriodInline(admin.TabularInline):
    model = Period
    extra = 0


class CategoryInline(admin.TabularInline):
    model = Category
    extra = 0


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "country", "timezone"]
    inlines = [MembershipInline, PeriodInline, CategoryInline]


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    list_display = ["file_name", "project", "source", "state", "rows_read", "rows_rejected"]
    list_filter = ["project", "state", "source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
