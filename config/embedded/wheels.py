"""Where pip has put the programs that the wheels carry."""

from importlib.util import find_spec
from pathlib import Path

from config.embedded.server import EmbeddedServerError


def folder_of(package: str) -> Path:
    """The folder of an installed package, which need not be imported (some are slow to)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(f"the package {package} is not installed: make demo installs it")
    return Path(spec.submodule_search_locations[0])
