"""The posts behind a number of a chart, and the top posts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dashboards.blindness import measures_for
from dashboards.forms import TopPostsForm, TranslationForm
from dashboards.measures import UnknownWord
from dashboards.measures.posts_behind import PAGE
from dashboards.measures.vocabulary import (
    DERIVED_MEASURES,
    MEASURES,
    POST_MEASURES,
    is_about_codings,
)
from dashboards.report.top_posts import top_posts as ranked_posts
from dashboards.services.charts import translate_post
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Post

# Every other parameter is a filter.
_WORDS = {"measure", "period", "scope", "after"}


@require_GET
@project_page(Action.VIEW_POSTS)
def behind(request: ProjectRequest) -> HttpResponse:
    """Exactly the posts that a number counts, the most interacted first."""
    try:
        context = _posts_of(request, request.GET)
    except UnknownWord as problem:
        return render(request, "dashboards/posts.html", {"problem": problem}, status=400)
    return render(request, "dashboards/posts.html", context)


def _posts_of(request: ProjectRequest, asked: QueryDict) -> dict[str, Any]:
    measure = asked.get("measure", "posts")
    where = {key: asked.getlist(key) for key in asked if key not in _WORDS}
    words: dict[str, Any] = {
        "where": where,
        "period": asked.get("period", "entire"),
        "scope": asked.get("scope", "all"),
    }
    coded = is_about_codings(measure=measure, by=(), where=where)
    if coded and not may(request.membership.role, Action.REVIEW):
        # How others coded a post is not to be seen before one's own coding.
        raise PermissionDenied
    measures = measures_for(request)
    answer = measures.ask(measure, **words)
    behind = measures.posts_behind(measure, **words)
    page = behind.page(PAGE + 1, after=_last_shown(request, asked))
    more = asked.copy()
    if len(page) > PAGE:
        more["after"] = str(page[PAGE - 1].pk)
    return {
        "posts": page[:PAGE],
        "count": behind.all().count() if coded else answer.base.n,
        "value": answer.value if measure not in DERIVED_MEASURES and measure != "posts" else None,
        "measure": MEASURES[measure],
        "is_counter": measure in POST_MEASURES,
        "base": answer.base,
        "more": more.urlencode() if len(page) > PAGE else "",
        "zone": request.project.timezone,
    }


def _last_shown(request: ProjectRequest, asked: QueryDict) -> Post | None:
    """The post after which the page begins."""
    number = str(asked.get("after", ""))
    if not number:
        return None
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    return get_object_or_404(Post.objects.of(request.project), pk=int(number))


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def top_posts(request: ProjectRequest) -> HttpResponse:
    """The most interacted posts per platform and category, as chapter IV of the report."""
    form = TopPostsForm({"period": "entire", **request.GET.dict()}, project=request.project)
    chosen = form.cleaned_data if form.is_valid() else {}
    language = translation.get_language()
    context = {
        "form": form,
        "groups": ranked_posts(
            project=request.project,
            count=chosen.get("count") or 5,
            platform=chosen.get("platform", ""),
            category=chosen.get("category", ""),
            period=measures_for(request).background.period(chosen.get("period") or "entire"),
            language=language,
        ),
        "zone": request.project.timezone,
        "may_edit": may(request.membership.role, Action.EDIT_CHARTS),
        "language": language,
    }
    return render(request, "dashboards/top_posts.html", context)


@require_POST
@project_page(Action.EDIT_CHARTS)
def translate(request: ProjectRequest, post: int) -> HttpResponse:
    """A lead's translation of a post; an empty one takes it away."""
    form = TranslationForm(request.POST)
    chosen = get_object_or_404(Post.objects.of(request.project), pk=post)
    if form.is_valid():
        translate_post(
            post=chosen,
            language=form.cleaned_data["language"],
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
        )
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if here else reverse("dashboards:top_posts", args=[request.project.slug]))
