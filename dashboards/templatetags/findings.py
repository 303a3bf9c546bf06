"""What the templates of findings need."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.charts.drawing import question_of, words_of
from dashboards.findings.reading import Reading
from dashboards.findings.sections import Sentence
from dashboards.findings.wording import GAP, Part
from dashboards.measures.vocabulary import AD_MEASURES, is_about_codings
from monitoring.access import Action, may

register = template.Library()


@register.simple_tag(takes_context=True)
def bound_number(context: Context, sentence: Sentence, part: Part) -> SafeString:
    """A number of a sentence: what it rests on, what it was, and the posts behind it."""
    reading = sentence.readings.get(part.name)
    if reading is None:
        return format_html('<span class="bound is-missing">{}</span>', GAP)
    was = sentence.changed.get(part.name, "")
    base = str(reading.result.base) if reading.result else ""
    title = " · ".join(filter(None, [_("was %(was)s") % {"was": was} if was else "", base]))
    kind = "bound is-changed" if was else "bound"
    address = _posts_behind(context, reading)
    if address:
        return format_html(
            '<a class="{}" href="{}" title="{}">{}</a>', kind, address, title, part.text
        )
    return format_html('<span class="{}" title="{}">{}</span>', kind, title, part.text)


def _posts_behind(context: Context, reading: Reading) -> str:
    """Where the posts are that a number counts; empty where it counts none, or not for this eye."""
    result = reading.result
    if result is None or result.measure in AD_MEASURES or reading.is_text:
        return ""
    question = question_of(result)
    if reading.row is not None:
        question |= words_of(result, reading.row)
    coded = is_about_codings(measure=question["measure"], by=(), where=question)
    membership = context["request"].membership
    if not may(membership.role, Action.REVIEW if coded else Action.VIEW_POSTS):
        return ""
    address = reverse("dashboards:posts", args=[membership.project.slug])
    return f"{address}?{urlencode(question, doseq=True)}"
