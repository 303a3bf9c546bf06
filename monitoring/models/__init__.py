"""Who is watched, and what they published."""

from monitoring.models.accounts import PLATFORM_CHOICES, Account, AccountKind, AccountState
from monitoring.models.actors import Actor, ActorName, Merging, Script
from monitoring.models.ads import Ad, AdReportLine, Advertiser, LineKind
from monitoring.models.coverage import (
    COVERED_WITHOUT_MORE,
    Covered,
    ImportedAccount,
    StatedCoverage,
)
from monitoring.models.imports import (
    OPEN_STATES,
    UNFINISHED_STATES,
    UNREAD_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
    RejectedRow,
)
from monitoring.models.mappings import TableMapping
from monitoring.models.owned import Owned, OwnedQuerySet
from monitoring.models.posts import (
    DailyLanguage,
    DailyTotal,
    Language,
    Observation,
    OtherObservation,
    Post,
)
from monitoring.models.projects import (
    Category,
    CountersRule,
    Membership,
    Period,
    Project,
    Revision,
    Role,
    localized,
    validate_timezone,
)

__all__ = [
    "COVERED_WITHOUT_MORE",
    "OPEN_STATES",
    "PLATFORM_CHOICES",
    "UNFINISHED_STATES",
    "UNREAD_STATES",
    "Account",
    "AccountKind",
    "AccountState",
    "Actor",
    "ActorName",
    "Ad",
    "AdReportLine",
    "Advertiser",
    "Category",
    "ChunkState",
    "CountersRule",
    "Covered",
    "DailyLanguage",
    "DailyTotal",
    "Import",
    "ImportChunk",
    "ImportState",
    "ImportedAccount",
    "Language",
    "LineKind",
    "Membership",
    "Merging",
    "Observation",
    "OtherObservation",
    "Owned",
    "OwnedQuerySet",
    "Period",
    "Post",
    "Project",
    "RejectedRow",
    "Revision",
    "Role",
    "Script",
    "StatedCoverage",
    "TableMapping",
    "localized",
    "validate_timezone",
]
