"""Response headers for which Django has no setting."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Nothing here needs a camera, a position or a payment.
UNUSED_FEATURES = [
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
]


class HeadersMiddleware:
    """Keeps our pages out of other sites, of search engines and of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in UNUSED_FEATURES)
        response.headers["X-Robots-Tag"] = "noindex"
        if request.user.is_authenticated:
            # After signing out, the Back button must not show what a project has.
            response.headers["Cache-Control"] = "no-store, private"
        return response
