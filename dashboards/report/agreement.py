"""How far monitors agree, for the page of the report: computed once for each state of the data."""

import json
from dataclasses import asdict

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from dashboards.documents import annex
from dashboards.documents.content import TablePart
from monitoring.models import Project


def remembered_agreement(project: Project, *, revision: int, language: str) -> TablePart | None:
    """The table of the documents, in the active language; None where no post was coded twice.

    Its intervals take thousands of draws: they are kept until the project's next change.
    """
    seconds = settings.MEASURES_REMEMBERED_SECONDS
    if not seconds:
        return annex.agreement(project)
    key = f"agreement:{project.pk}:{revision}:{language}"
    try:
        known = cache.get(key)
        if known is None:
            found = annex.agreement(project)
            cache.set(key, json.dumps(asdict(found) if found else None, default=str), seconds)
            return found
    except RedisError:
        return annex.agreement(project)
    kept = json.loads(known)
    return TablePart(**kept) if kept else None
