"""A shared snapshot: the only page with a project's numbers that needs no sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from coding.views.picture_answers import as_picture
from dashboards import sharing
from dashboards.snapshots import chapters_in, charts_in, picture_of


@login_not_required
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The frozen charts, in the language of the link; nothing in the request changes a byte."""
    now = timezone.now()
    share = sharing.shared(token=token, at=now)
    if share is None:
        raise Http404
    sharing.count_view(share=share, at=now)
    with translation.override(share.language):
        context = {
            "snapshot": share.snapshot,
            "charts": charts_in(share.snapshot, share.language),
            "chapters": chapters_in(share.snapshot, share.language),
            "language": share.language,
            "token": token,
        }
        response = render(request, "dashboards/shared.html", context)
    response.headers["Content-Language"] = share.language
    return _for_nobody_else(response)


@login_not_required
@require_safe
def picture(request: HttpRequest, token: str, digest: str) -> HttpResponse:
    """A picture of an example of the shared snapshot, and no other."""
    share = sharing.shared(token=token, at=timezone.now())
    found = picture_of(share.snapshot, digest) if share else None
    if found is None:
        raise Http404
    return _for_nobody_else(as_picture(found.content, found.sha256, found.media_type))


def _for_nobody_else(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, found by no search engine, told to no other site."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
