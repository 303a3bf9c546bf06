"""Serves the plotly.min.js that the Python package carries, so that both are of one version."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SCRIPT = "plotly.min.js"
PREFIX = "vendor/plotly"


class PlotlyFinder(BaseFinder):
    """Finds one file, ``vendor/plotly/plotly.min.js``; its neighbours are not for browsers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # find_spec, since importing plotly takes a second and only its folder is needed.
        spec = find_spec("plotly")
        folder = Path(spec.origin or "").parent / "package_data" if spec else Path()
        self.storage = FileSystemStorage(location=folder)
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # collectstatic reads it
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        if path != f"{PREFIX}/{SCRIPT}":
            return []
        found = self.storage.path(SCRIPT)
        return [found] if find_all else found

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        yield SCRIPT, self.storage
