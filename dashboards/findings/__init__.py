"""Findings: the sentences of a report, every number of which is bound to a measure.

A sentence holds placeholders (``{first} ({first_posts|post|posts})``); what each stands for is a
question to ``dashboards.measures`` and what to print of its answer (`numbers`). `reading` asks,
`wording` writes in a language, `linting` finds what the data refutes, `template` has the sentences
to start from.
"""

from dashboards.findings.sections import Section, Sentence, findings_of, hash_of

__all__ = ["Section", "Sentence", "findings_of", "hash_of"]
