"""The rule by which a category's posts are chosen, and the rule in words."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coding.models import Method, SampleRule
from coding.sampling import Rule, default_rule
from monitoring.models import Category, Project


def rules_of(project: Project) -> dict[int, Rule]:
    """The rule of each category, by its id; the report's is stored where the lead set none."""
    rules = {row.category_id: row.rule for row in SampleRule.objects.of(project)}
    missing = {
        category: default_rule(is_political=category.is_political)
        for category in project.categories.all()
        if category.pk not in rules
    }
    if missing:
        set_rules(project=project, rules=missing)
    return rules | {category.pk: rule for category, rule in missing.items()}


@transaction.atomic
def set_rules(*, project: Project, rules: dict[Category, Rule]) -> None:
    """Set the rules of categories. What was drawn stays as it is until it is drawn again."""
    SampleRule.objects.bulk_create(
        [
            SampleRule(project=project, category=category, **_columns(rule))
            for category, rule in rules.items()
        ],
        update_conflicts=True,
        unique_fields=["category"],
        update_fields=["method", "size", "per_account", "per_period"],
    )


def rule_in_words(rule: Rule) -> str:
    """The rule as it is printed beside every number that rests on it."""
    if rule.size is None:
        return _("all posts")
    templates = {
        (False, False): ngettext(
            "the %(size)s post with most interactions per sampled category and platform",
            "the %(size)s posts with most interactions per sampled category and platform",
            rule.size,
        ),
        (True, False): ngettext(
            "the %(size)s post with most interactions of each account",
            "the %(size)s posts with most interactions of each account",
            rule.size,
        ),
        (False, True): ngettext(
            "the %(size)s post with most interactions per sampled category, platform and period",
            "the %(size)s posts with most interactions per sampled category, platform and period",
            rule.size,
        ),
        (True, True): ngettext(
            "the %(size)s post with most interactions of each account in each period",
            "the %(size)s posts with most interactions of each account in each period",
            rule.size,
        ),
    }
    return templates[rule.per_account, rule.per_period] % {"size": rule.size}


def _columns(rule: Rule) -> dict[str, object]:
    return {
        "method": Method.CENSUS if rule.size is None else Method.TOP,
        "size": rule.size,
        "per_account": rule.per_account and rule.size is not None,
        "per_period": rule.per_period and rule.size is not None,
    }
