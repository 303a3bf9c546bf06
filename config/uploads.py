"""Uploads: hundreds of megabytes are welcome, a full disk is not."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Streams a file to the disk, and refuses one larger than ``UPLOAD_LIMIT`` bytes."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            self.upload_interrupted()  # what has come in is removed at once
            raise RequestDataTooBig("The file is larger than UPLOAD_LIMIT.")
        super().receive_data_chunk(raw_data, start)
