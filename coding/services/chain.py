"""The chain of a project's decisions: each row carries the hash of the one before it.

The place is taken under a lock on the head row, not from a sequence: a sequence leaves holes when
a transaction fails, and every hole would be a false alarm. Whoever changes or removes a row, as the
owner of the database can, breaks the chain at that row; cutting off its end shows at the head.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coding.models import ChainHead, Coding
from monitoring.models import Project


@dataclass(frozen=True)
class Verdict:
    """How many rows are sound, and where the chain is broken (None: it is whole)."""

    rows: int
    first_broken: int | None = None
    message: str = ""


def locked_head(project: Project) -> ChainHead:
    """The head of the chain, locked until the transaction ends: decisions come one by one."""
    head = ChainHead.objects.select_for_update().filter(project=project).first()
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(project=project)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(project=project)
    return head


def append(head: ChainHead, coding: Coding, content: dict[str, Any]) -> None:
    """Give a row, not stored yet, the place behind the head; ``content`` is all that it says."""
    coding.chain_number = head.number + 1
    coding.previous_hash = head.hash
    coding.hash = _hash(coding.previous_hash, coding.chain_number, content)


def verify(rows: Iterable[tuple[Coding, dict[str, Any]]], head: ChainHead | None) -> Verdict:
    """Compare rows, in order, with their hashes, and the last with the head."""
    number, last = 0, ""
    for coding, content in rows:
        number += 1
        if coding.chain_number != number:
            return Verdict(number - 1, number, _("Row %(number)s is missing.") % {"number": number})
        is_sound = coding.previous_hash == last and coding.hash == _hash(last, number, content)
        if not is_sound:
            message = _("Row %(number)s is not as it was stored.") % {"number": number}
            return Verdict(number - 1, number, message)
        last = coding.hash
    if (number, last) != ((head.number, head.hash) if head else (0, "")):
        message = _("Rows are missing after row %(number)s.") % {"number": number}
        return Verdict(number, number + 1, message)
    return Verdict(number)


def _hash(previous: str, number: int, content: dict[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{number}\n{canonical}".encode()).hexdigest()
