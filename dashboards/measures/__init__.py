"""A question (measure, by, where, period, scope) becomes SQL and rows with their base.

This package is the only place with such SQL. Every chart, table, API answer and export is made of
these rows, so a number can be traced to one question.
"""

from dashboards.measures.asking import Measures
from dashboards.measures.base import Base
from dashboards.measures.rows import Result
from dashboards.measures.vocabulary import (
    DIMENSIONS,
    MEASURES,
    SCOPES,
    NotInProject,
    UnknownWord,
    Withheld,
)

__all__ = [
    "DIMENSIONS",
    "MEASURES",
    "SCOPES",
    "Base",
    "Measures",
    "NotInProject",
    "Result",
    "UnknownWord",
    "Withheld",
]
