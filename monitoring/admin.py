"""What the keeper of an installation may look up or mend by hand; imports are only looked at."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from monitoring.models import Category, Import, Membership, Period, Project
from monitoring.services.projects import WHOLE_PERIOD


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


class PeriodsOfProject(BaseInlineFormSet):
    """The periods of a project, of which the whole one stays: charts and reports ask for it."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if all(getattr(form, "cleaned_data", {}).get("key") != WHOLE_PERIOD for form in kept):
            raise ValidationError(
                _("A project needs the period “%(key)s”, from its first to its last day."),
                params={"key": WHOLE_PERIOD},
            )


class PeriodInline(admin.TabularInline):
    model = Period
    formset = PeriodsOfProject
    extra = 0


class CategoryInline(admin.TabularInline):
    model = Category
    extra = 0


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "country", "timezone"]
    inlines = [MembershipInline, PeriodInline, CategoryInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Projects come from ``create_project``, with their categories, periods and codebook."""
        return False


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
