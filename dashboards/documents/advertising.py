"""Chapter V as tables: who spent most, which candidates ran most ads, what became of single ads."""

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.documents.content import TablePart
from dashboards.numbers import count
from dashboards.report.ads import Advertising, Line
from dashboards.report.single_ads import STATUSES

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(marks: Iterable[int]) -> str:
    """The numbers of footnotes as they stand behind a name."""
    return " ".join(str(mark).translate(_RAISED) for mark in marks)


def tables_of(ads: Advertising) -> Iterator[TablePart]:
    """Each with the days of the Ad Library in its title, which are no period of the project."""
    spent_in = ", ".join(filter(None, [_("Spent"), ads.currency]))
    spent = (spent_in, True)
    yield TablePart(
        _dated(_("All advertisers together"), ads),
        [(_("Ads"), True), spent, (_("Advertisers"), True)],
        [[ads.ads, ads.spend, count(ads.advertisers)]],
        ads.base.printed,
    )
    yield TablePart(
        _dated(_("Advertisers by amount spent"), ads),
        [(_("Advertiser"), False), spent, (_("Ads"), True)],
        [
            [_name(line), line.advertiser.spend, line.advertiser.ads_in_words]
            for line in ads.largest
        ],
        _below(ads, ads.largest, others_in_words(ads)),
    )
    yield TablePart(
        _dated(_("Candidates by number of ads, all pages of one together"), ads),
        [(_("Candidate"), False), (_("Ads"), True), spent],
        [
            [_name(line), line.advertiser.ads_in_words, line.advertiser.spend]
            for line in ads.candidates
        ],
        _below(ads, ads.candidates, silent_in_words(ads)),
    )
    if ads.statuses:
        yield TablePart(
            _("What became of single ads"),
            [(_("Status"), False), (_("Ads"), True)],
            [[capfirst(str(STATUSES[key])), count(n)] for key, n in ads.statuses.items()],
        )


def others_in_words(ads: Advertising) -> str:
    """Of those who are not in the list of the largest."""
    others = ngettext(
        "%(others)s more spent over 100;", "%(others)s more spent over 100 each;", ads.others
    ) % {"others": ads.others}
    small = ngettext("%(small)s spent up to 100.", "%(small)s spent up to 100 each.", ads.small) % {
        "small": ads.small
    }
    return f"{others} {small}"


def silent_in_words(ads: Advertising) -> str:
    """The candidates who ran no ad: a zero is a finding."""
    return _("No ads: %(names)s.") % {"names": ", ".join(ads.silent)} if ads.silent else ""


def _dated(title: str, ads: Advertising) -> str:
    return f"{title} ({ads.days})"


def _name(line: Line) -> str:
    return " ".join(filter(None, [line.advertiser.name, raised(line.marks)]))


def _below(ads: Advertising, lines: Iterable[Line], words: str) -> str:
    """What is said below a list, with the footnotes of those who are in it."""
    used = {mark for line in lines for mark in line.marks}
    notes = [f"{raised([one.number])} {one.text}" for one in ads.footnotes if one.number in used]
    return " ".join(filter(None, [words, *notes]))
