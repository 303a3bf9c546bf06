"""The reference project, built and read back once for all tests."""

import pytest

from monitoring.reference.kyrgyzstan_2021.build import Reference
from tests.monitoring.reference.files import Reading, read
from tests.monitoring.reference.once import built_once


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return built_once(tmp_path_factory)


@pytest.fixture(scope="session")
def reading(reference: Reference) -> Reading:
    return read(reference)
