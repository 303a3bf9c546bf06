"""Links by which strangers see a snapshot, and nothing else."""

import datetime
import hashlib
import secrets
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection, transaction

from dashboards.models import Share, Snapshot

TOKEN_BYTES = 24  # 192 bits: nobody guesses one
LONGEST_DAYS = 365


class Made(NamedTuple):
    """A new link; the token is in no database and is shown once."""

    share: Share
    token: str


def make_share(
    *, snapshot: Snapshot, language: str, days: int, by: User, at: datetime.datetime
) -> Made:
    """A link that leads to the snapshot for ``days`` days (1 to LONGEST_DAYS; else ValueError)."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"{days} days is not between 1 and {LONGEST_DAYS}")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = Share.objects.create(
        snapshot=snapshot,
        token_sha256=_hash(token),
        language=language,
        made_by=by,
        made_at=at,
        expires_at=at + datetime.timedelta(days=days),
    )
    return Made(share, token)


def revoke(*, share: Share, at: datetime.datetime) -> None:
    """The link leads nowhere from now on. What was revoked stays revoked at its first time."""
    Share.objects.filter(pk=share.pk, revoked_at__isnull=True).update(revoked_at=at)


def shared(*, token: str, at: datetime.datetime) -> Share | None:
    """What a token opens, or None: unknown, expired and revoked ones are the same to a stranger."""
    return (
        Share.objects.open(at)
        .filter(token_sha256=_hash(token))
        .select_related("snapshot__project")
        .first()
    )


@transaction.atomic
def count_view(*, share: Share, at: datetime.datetime) -> None:
    """Add one to the views of this hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dashboards_shareviews AS known (share_id, hour, count)"
            " VALUES (%s, date_trunc('hour', %s AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', 1)"
            " ON CONFLICT (share_id, hour) DO UPDATE SET count = known.count + 1",
            [share.pk, at],
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
