"""How people get in: an admin makes their account, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    """allauth's behaviour, without its sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
