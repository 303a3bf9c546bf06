"""What monitors ask while they code, and what leads reply."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coding.models import Coding, Reply
from coding.services.refusals import CodingRefused
from monitoring.models import Project


def asked_of(project: Project) -> QuerySet[Coding]:
    """What is asked in a project, the newest first, with post, person and reply."""
    return (
        Coding.objects.of(project)
        .asking()
        .select_related("post__account", "coder", "reply__lead")
        .order_by("-made_at", "-id")
    )


@transaction.atomic
def reply(*, project: Project, coding: int, lead: User, text: str, at: datetime.datetime) -> Reply:
    """Store a lead's reply. Raises CodingRefused where nothing was asked or somebody replied."""
    asked = Coding.objects.of(project).exclude(asks="").filter(pk=coding).first()
    if asked is None:
        raise CodingRefused("nothing_asked", _("Nobody asked this."))
    stored, is_new = Reply.objects.get_or_create(
        coding=asked, defaults={"lead": lead, "text": text, "made_at": at}
    )
    if not is_new and stored.text != text:
        raise CodingRefused("replied", _("Somebody replied to this already."))
    return stored
