"""The reference project, built and read back once for all tests."""

import pytest

from monitoring.reference.kyrgyzstan_2021.build import Reference, build
from tests.monitoring.reference.files import Reading, read


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return build(tmp_path_factory.mktemp("kyrgyzstan_2021"))


@pytest.fixture(scope="session")
def reading(reference: Reference) -> Reading:
    return read(reference)
