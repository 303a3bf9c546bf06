"""Rules of the house that no single module could keep."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from monitoring.models import Owned

ROOT = Path(__file__).parent.parent
ROOMS = ["monitoring", "coding", "dashboards"]
ENTRANCES = {"of", "visible_to", "none", "bulk_create", "create"}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


OWNED = {model.__name__ for model in apps.get_models() if issubclass(model, Owned)}


def unscoped_queries(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "objects"
            and isinstance(node.value.value, ast.Name)
            and node.value.value.id in OWNED
            and node.attr not in ENTRANCES
        ):
            query = f"{node.value.value.id}.objects.{node.attr}"
            yield f"{path.relative_to(ROOT)}:{node.lineno} {query}"


def test_every_query_on_rows_of_a_project_starts_from_the_project_or_the_person() -> None:
    assert {"Actor", "Account", "Post", "Import", "Coding", "Assignment"} <= OWNED
    assert [found for path in sources() for found in unscoped_queries(path)] == []


def project_routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from project_routes(pattern.url_patterns, route)
        elif route.startswith("p/<slug:slug>"):
            yield route, pattern.callback


PROJECT_ROUTES = dict(project_routes(get_resolver().url_patterns))


@pytest.mark.parametrize("route", PROJECT_ROUTES)
def test_every_page_of_a_project_names_the_action_its_visitors_need(route: str) -> None:
    assert getattr(PROJECT_ROUTES[route], "action", None), f"{route} lacks @project_page"


def api_routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_routes(pattern.url_patterns, route)
        elif "projects/<slug:slug>/" in route:
            yield route, pattern.callback


def test_every_api_view_of_a_project_names_an_action_for_each_method() -> None:
    routes = list(api_routes(get_resolver().url_patterns))
    assert routes
    for route, callback in routes:
        view = callback.cls
        handlers = {name.upper() for name in ("get", "post", "put", "patch", "delete")}
        methods = {method for method in handlers if hasattr(view, method.lower())}
        assert methods, route
        assert methods <= set(view.action_for), f"{route} leaves a method without an action"


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_called_after_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc", "tools"}


def test_no_code_of_the_server_asks_another_host() -> None:
    forbidden = {"requests", "httpx", "urllib.request", "aiohttp", "http.client"}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not forbidden.intersection(names), path


def test_templates_carry_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "<script>" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path


def test_only_the_tokens_hold_colours() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        if path.name not in {"tokens.css", "plotly.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text()), path
