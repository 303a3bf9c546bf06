"""Uploads go to the disk, up to a limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.test import RequestFactory


@contextmanager
def uploaded(content: bytes) -> Iterator[UploadedFile]:
    file = BytesIO(content)
    file.name = "posts.csv"
    request = RequestFactory().post("/", {"file": file})
    yield request.FILES["file"]
    request.close()


def test_even_a_small_file_is_on_the_disk_where_a_worker_finds_it() -> None:
    with uploaded(b"a,b\n1,2\n") as file:
        assert isinstance(file, TemporaryUploadedFile)
        assert file.read() == b"a,b\n1,2\n"


def test_a_file_up_to_the_limit_comes_in(settings) -> None:
    settings.UPLOAD_LIMIT = 100_000
    with uploaded(b"x" * 100_000) as file:
        assert file.size == 100_000


def test_a_larger_one_is_refused_while_it_arrives(settings) -> None:
    settings.UPLOAD_LIMIT = 100_000
    with pytest.raises(RequestDataTooBig), uploaded(b"x" * 100_001):
        pass
