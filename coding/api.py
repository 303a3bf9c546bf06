"""Stub of the house, until the room has an API; replace it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
