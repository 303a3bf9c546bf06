"""The API, ``/api/v1/``: what each room adds, and the OpenAPI document that describes it all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

schema = SpectacularAPIView.as_view(permission_classes=[IsAuthenticated])

urlpatterns = [
    path("schema/", schema, name="schema"),
    path("", include("monitoring.api")),
    path("", include("coding.api")),
    path("", include("dashboards.api")),
]
