"""What people decided about the posts."""

from coding.models.assignments import Assignment, AssignmentState
from coding.models.cases import (
    Case,
    CaseLink,
    CasePost,
    CaseState,
    LinkKind,
    Screenshot,
    Severity,
)
from coding.models.codebooks import (
    Codebook,
    CodebookVersion,
    FlagKind,
    ToneGrade,
    Topic,
    VersionState,
)
from coding.models.codings import (
    ChainHead,
    Coding,
    CodingKind,
    CodingTopic,
    FinalCoding,
    FinalState,
    Flag,
    Mention,
)
from coding.models.samples import Method, Sample, SamplePost, SampleRule

__all__ = [
    "Assignment",
    "AssignmentState",
    "Case",
    "CaseLink",
    "CasePost",
    "CaseState",
    "ChainHead",
    "Codebook",
    "CodebookVersion",
    "Coding",
    "CodingKind",
    "CodingTopic",
    "FinalCoding",
    "FinalState",
    "Flag",
    "FlagKind",
    "LinkKind",
    "Mention",
    "Method",
    "Sample",
    "SamplePost",
    "SampleRule",
    "Screenshot",
    "Severity",
    "ToneGrade",
    "Topic",
    "VersionState",
]
