"""What people decided about the posts."""

from coding.models.assignments import Assignment, AssignmentState
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
    "Mention",
    "Method",
    "Sample",
    "SamplePost",
    "SampleRule",
    "ToneGrade",
    "Topic",
    "VersionState",
]
