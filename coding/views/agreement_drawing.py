"""A line of agreement as it is drawn: its interval against .667 and .800, and its verdict."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coding.agreement import Reason, Verdict
from coding.services.agreement_tables import Line
from monitoring.numbers import in_language

WIDTH = 120  # of the bar, in its own units; alpha 0 is at its left end, 1 at its right
VERDICTS: dict[Verdict, tuple[str | Promise, str]] = {
    Verdict.RELIABLE: (_("reliable"), "success"),
    Verdict.TENTATIVE: (_("tentative"), "warning"),
    Verdict.NOT_RELIABLE: (_("not reliable"), "danger"),
    Verdict.NEED_MORE: (_("need more"), ""),
    Verdict.UNDEFINED: (_("undefined"), ""),
}
REASONS: dict[Reason, str | Promise] = {
    Reason.NO_OVERLAP: _("No two monitors answered the same."),
    Reason.ONE_VALUE: _("Nobody used two values."),
    Reason.NEED_MORE: _("Too few were answered twice for an interval."),
}


def place(alpha: float) -> str:
    """Where a value stands on the bar; below 0 at its left end."""
    return f"{min(max(alpha, 0), 1) * WIDTH:.1f}"


@dataclass(frozen=True)
class Drawn:
    """``query`` is the address of what the line is about."""

    line: Line
    query: str

    @property
    def alpha(self) -> str:
        return number(self.line.agreement.alpha)

    @property
    def interval(self) -> str:
        found = self.line.agreement
        return f"{number(found.low)} … {number(found.high)}" if found.low is not None else ""

    @property
    def percent(self) -> str:
        return percentage(self.line.agreement.percent)

    @property
    def ac1(self) -> str:
        # Of sets there is no fixed list of answers for chance to choose from.
        return number(None if self.line.scale == "masi" else self.line.agreement.ac1)

    @property
    def prevalence(self) -> str:
        """How often a yes was given; of other variables the most frequent answer's share."""
        shares = self.line.prevalence
        if not shares:
            return ""
        return percentage(shares["true"] if "true" in shares else max(shares.values()))

    @property
    def is_weighted(self) -> bool:
        return self.line.agreement.is_weighted

    @property
    def bar(self) -> dict[str, str] | None:
        """Positions of alpha and the ends of its interval; None without an alpha."""
        found = self.line.agreement
        if found.alpha is None:
            return None
        low = found.alpha if found.low is None else found.low
        high = found.alpha if found.high is None else found.high
        width = f"{max(float(place(high)) - float(place(low)), 0):.1f}"
        return {"alpha": place(found.alpha), "low": place(low), "width": width}

    @property
    def verdict(self) -> tuple[str | Promise, str]:
        """The word, and the colour of its badge."""
        return VERDICTS[self.line.agreement.verdict]

    @property
    def why(self) -> str | Promise:
        found = self.line.agreement
        if found.reason:
            return REASONS[found.reason]
        if found.verdict is Verdict.NEED_MORE:
            return _("The interval reaches from below .667 to above .800.")
        return ""


def number(value: float | None) -> str:
    """A coefficient as papers print it: .743, -.050, 1.000."""
    if value is None:
        return "–"
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 0.9995 else f"{value:.3f}"


def percentage(share: float | None) -> str:
    return "–" if share is None else in_language(f"{share:.1%}")
