"""Noting which ads were taken down."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from dashboards.models import TakenDown
from monitoring.models import Ad, Advertiser
from monitoring.services.revisions import note_change


class NotNoted(Exception):
    """It cannot be noted like that; the message says why."""


@transaction.atomic
def note_taken_down(
    *, advertiser: Advertiser, ad: Ad | None, reason: str, by: User, at: datetime.datetime
) -> None:
    """Keep why an ad, or all ads of a page, were taken down; an empty reason takes it away.

    Raises NotNoted for an ad of another page.
    """
    if ad is not None and ad.advertiser_id != advertiser.pk:
        raise NotNoted(_("This ad is of another page."))
    if not reason:
        TakenDown.objects.of(advertiser.project).filter(advertiser=advertiser, ad=ad).delete()
    else:
        TakenDown.objects.of(advertiser.project).update_or_create(
            project=advertiser.project,
            advertiser=advertiser,
            ad=ad,
            defaults={"reason": reason, "noted_by": by, "noted_at": at},
        )
    note_change(project_id=advertiser.project_id)
