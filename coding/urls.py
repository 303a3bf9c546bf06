"""Stub of the house, until the room has pages; replace it."""

from django.urls import URLPattern

app_name = "coding"
urlpatterns: list[URLPattern] = []
