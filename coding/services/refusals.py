"""Why a decision is not stored."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coding.models import Coding


class CodingRefused(Exception):
    """A decision that cannot be stored; ``message`` is for the person who made it."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AlreadySaved(CodingRefused):
    """The request was stored before, with other answers."""

    def __init__(self) -> None:
        super().__init__("already_saved", _("This was saved before, with other answers."))


class StaleBase(CodingRefused):
    """The person answered for the post elsewhere meanwhile; ``current`` is that answer."""

    def __init__(self, current: Coding) -> None:
        super().__init__("stale", _("You answered for this post in another window meanwhile."))
        self.current = current
