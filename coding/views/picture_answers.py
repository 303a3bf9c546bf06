"""Answering with a picture that somebody uploaded."""

from django.http import HttpResponse


def as_picture(content: bytes | memoryview, digest: str, media_type: str) -> HttpResponse:
    """A picture which no browser may take for a page; ``digest`` is the SHA-256 of its bytes."""
    name = f"{digest[:12]}.{media_type.rpartition('/')[2]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
