"""What people decided about the posts."""

from coding.models.assignments import Assignment, AssignmentState, Workload
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
    Question,
    QuestionKind,
    ToneGrade,
    Topic,
    VersionState,
)
from coding.models.codings import (
    ChainHead,
    Coding,
    CodingKind,
    CodingTopic,
    ExtraAnswer,
    FinalCoding,
    FinalState,
    Flag,
    Mention,
)
from coding.models.revisions import CarriedKey, Recheck, RecheckReason, Section
from coding.models.samples import Method, OverlapPost, Sample, SamplePost, SampleRule

__all__ = [
    "Assignment",
    "AssignmentState",
    "CarriedKey",
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
    "ExtraAnswer",
    "FinalCoding",
    "FinalState",
    "Flag",
    "FlagKind",
    "LinkKind",
    "Mention",
    "Method",
    "OverlapPost",
    "Question",
    "QuestionKind",
    "Recheck",
    "RecheckReason",
    "Sample",
    "SamplePost",
    "SampleRule",
    "Screenshot",
    "Section",
    "Severity",
    "ToneGrade",
    "Topic",
    "VersionState",
    "Workload",
]
