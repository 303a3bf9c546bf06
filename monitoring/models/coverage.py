"""Which accounts an export holds, from which day to which."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.importers import SEARCHES
from monitoring.models.accounts import Account
from monitoring.models.imports import Import


class Covered(models.TextChoices):
    """Of which accounts an export is, silent ones included."""

    NOBODY = "nobody", _("nobody: it is a search or a capture")
    FILE = "file", _("only the accounts that have posts in it")
    LIST = "list", _("all monitored accounts of its platform")
    CATEGORY = "category", _("all monitored accounts of a category on its platform")

    @staticmethod
    def usual(source: str) -> "Covered":
        """What an export of a kind is of, unless somebody says otherwise."""
        return Covered.NOBODY if source in SEARCHES else Covered.FILE


# What can be said of an export in one word; of which category it is, its page asks.
COVERED_WITHOUT_MORE = (Covered.NOBODY, Covered.FILE, Covered.LIST)


class ImportedAccount(models.Model):
    """An account with posts in a file: the days of its first and last, in the project's zone."""

    pk = models.CompositePrimaryKey("source_import_id", "account_id")
    source_import = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="imported_accounts"
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="imported_by")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="imported_account_has_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.first_day} – {self.last_day}"


class StatedCoverage(models.Model):
    """What somebody says an export is of; else its kind decides (``Covered.usual``).

    A day counts as covered only where it was over when the file was exported.
    """

    source_import = models.OneToOneField(
        Import, on_delete=models.CASCADE, primary_key=True, related_name="stated_coverage"
    )
    accounts = models.CharField(max_length=8, choices=Covered.choices, default=Covered.FILE)
    category = models.ForeignKey(
        "monitoring.Category", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    # Of the accounts; what is on the list when that is first said was on it from the start.
    stated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accounts__in=Covered.values), name="stated_coverage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(accounts=Covered.CATEGORY, category__isnull=False)
                | ~Q(accounts=Covered.CATEGORY) & Q(category__isnull=True),
                name="stated_coverage_names_a_category_where_it_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(start__lte=F("end")),
                name="stated_coverage_has_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.get_accounts_display()
