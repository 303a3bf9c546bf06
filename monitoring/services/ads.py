"""Ads, lines of Ad Library reports, and whose advertisers they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import F, QuerySet

from monitoring.importers.records import AdRow, AdSeen, Parsed
from monitoring.models import (
    Account,
    Actor,
    Ad,
    AdReportLine,
    Advertiser,
    Import,
    Project,
)
from monitoring.services.loading import Counts, Raced

_VALUES = ("spend_lower", "spend_upper", "ads")
Key = tuple[object, ...]


def load_lines(*, project: Project, source_import: Import, content: Parsed) -> Counts:
    """Store the lines of a chunk; of two that say different, the later export's stands.

    Runs in the caller's transaction. Raises Raced where a concurrent import was quicker.
    """
    lines: Sequence[AdRow] = content.rows
    advertisers = _advertisers(
        project, {(row.page_id, row.page_name) for row in lines if row.kind != "location"}
    )
    known = _known(project, lines)
    new: dict[Key, AdReportLine] = {}
    changed: dict[Key, AdReportLine] = {}
    updated = 0
    for row in lines:
        advertiser = advertisers.get((row.page_id, row.page_name))
        line = _line(project, source_import, row, advertiser)
        key = _key(line)
        there = known.get(key) or new.get(key)
        if there is None:
            new[key] = line
        elif _values(there) != _values(line) and _replaces(line, there):
            updated += there.source_import_id != source_import.pk
            _take_over(there, line)
            if key in known:
                changed[key] = there
    try:
        AdReportLine.objects.bulk_create(new.values())
    except IntegrityError as error:
        raise Raced from error
    rows = AdReportLine.objects.of(project)
    rows.bulk_update(changed.values(), [*_VALUES, "source_import"])
    return Counts(len(new), updated, len(lines) - len(new) - updated)


def load_ads(*, project: Project, source_import: Import, content: Parsed) -> Counts:
    """Store the ads of a chunk; what a later export says of an ad stands.

    Within one moment of export the greater reading stands, so that the order does not matter.
    Runs in the caller's transaction. Raises Raced where a concurrent import was quicker.
    """
    rows: Sequence[AdSeen] = content.rows
    advertisers = _advertisers(project, {(row.page_id, row.page_name) for row in rows})
    found = (
        Ad.objects.of(project)
        .filter(native_id__in={row.native_id for row in rows})
        .select_related("source_import")
        .select_for_update(of=("self",))
    )
    known = {ad.native_id: ad for ad in found}
    new: dict[str, Ad] = {}
    updated: set[str] = set()
    for row in rows:
        facts = _facts(row, advertisers[row.page_id, row.page_name])
        there = known.get(row.native_id) or new.get(row.native_id)
        if there is None:
            new[row.native_id] = Ad(project=project, source_import=source_import, **facts)
        elif _is_newer(facts, source_import, there):
            for name, value in {**facts, "source_import": source_import}.items():
                setattr(there, name, value)
            if row.native_id in known:
                updated.add(row.native_id)
    try:
        Ad.objects.bulk_create(new.values())
    except IntegrityError as error:
        raise Raced from error
    Ad.objects.of(project).bulk_update(
        [known[native_id] for native_id in sorted(updated)],
        [*AdSeen._fields[3:], "advertiser", "source_import"],
    )
    return Counts(len(new), len(updated), len(rows) - len(new) - len(updated))


def _facts(row: AdSeen, advertiser: Advertiser) -> dict[str, Any]:
    facts = row._asdict()
    del facts["page_id"], facts["page_name"]
    return {**facts, "platforms": list(row.platforms), "advertiser": advertiser}


def _is_newer(facts: Mapping[str, Any], source_import: Import, there: Ad) -> bool:
    ours, theirs = _ad_values(facts), _ad_values(vars(there))
    moments = source_import.exported_at, there.source_import.exported_at
    return ours != theirs and (moments[0], ours) > (moments[1], theirs)


def _ad_values(ad: Mapping[str, Any]) -> tuple[str, ...]:
    """What an ad says, so that two readings of it can be compared and ordered."""
    return tuple(str(ad[name]) for name in AdSeen._fields[3:])


def link_advertisers(*, project: Project, advertisers: Iterable[Advertiser] | None = None) -> int:
    """Give advertisers the actor whose page they are, or whose name they bear, if only one does.

    An advertiser that has an actor keeps it. Returns how many were linked.
    """
    if advertisers is None:
        advertisers = Advertiser.objects.of(project).filter(actor=None)
    open_ones = [advertiser for advertiser in advertisers if advertiser.actor_id is None]
    if not open_ones:
        return 0
    pages = (
        Account.objects.of(project)
        .monitored()
        .filter(platform="facebook", native_id__in={one.page_id for one in open_ones})
        .exclude(native_id="")
        .values_list("native_id", "actor_id", "merged_from_id")
    )
    by_page = {page: whose for page, *whose in pages}
    by_name = _actors_by_name(project)
    linked = []
    for one in open_ones:
        whose = by_page.get(one.page_id) or by_name.get(one.name.casefold())
        if whose is not None:
            one.actor_id, one.merged_from_id = whose
            linked.append(one)
    Advertiser.objects.of(project).bulk_update(linked, ["actor", "merged_from"])
    return len(linked)


def _actors_by_name(project: Project) -> dict[str, tuple[int, int | None]]:
    """By names that one actor alone bears: that one, and the merged one whose name it is, if so."""
    bearers: dict[str, dict[int, int | None]] = {}
    actors: QuerySet = Actor.objects.of(project).order_by(
        F("merged_into").asc(nulls_first=True), "pk"
    )
    for pk, into, *names in actors.values_list("pk", "merged_into", "name", "names__text"):
        for text in filter(None, names):
            bearers.setdefault(text.casefold(), {}).setdefault(into or pk, into and pk)
    return {name: next(iter(who.items())) for name, who in bearers.items() if len(who) == 1}


def _advertisers(
    project: Project, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], Advertiser]:
    if not wanted:
        return {}
    Advertiser.objects.bulk_create(
        [Advertiser(project=project, page_id=page, name=name) for page, name in sorted(wanted)],
        ignore_conflicts=True,
    )
    found = Advertiser.objects.of(project).filter(name__in={name for _page, name in wanted})
    advertisers = {(one.page_id, one.name): one for one in found}
    link_advertisers(project=project, advertisers=[advertisers[key] for key in sorted(wanted)])
    return advertisers


def _known(project: Project, lines: Sequence[AdRow]) -> dict[Key, AdReportLine]:
    if not lines:
        return {}
    windows = {row.covers_from for row in lines}, {row.covers_to for row in lines}
    report = {"country": lines[0].country, "kind": lines[0].kind}  # one of a file
    found = (
        AdReportLine.objects.of(project)
        .filter(covers_from__in=windows[0], covers_to__in=windows[1], **report)
        .select_related("source_import")
        .select_for_update(of=("self",))
    )
    return {_key(line): line for line in found}


def _line(
    project: Project, source_import: Import, row: AdRow, advertiser: Advertiser | None
) -> AdReportLine:
    return AdReportLine(
        project=project,
        kind=row.kind,
        country=row.country,
        advertiser=None if row.kind == "location" else advertiser,
        location=row.location,
        disclaimer=row.disclaimer,
        currency=row.currency,
        spend_lower=row.spend_lower,
        spend_upper=row.spend_upper,
        ads=row.ads,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        source_import=source_import,
    )


def _key(line: AdReportLine) -> Key:
    report = (line.country, line.covers_from, line.covers_to, line.kind, line.currency)
    return (*report, line.advertiser_id, line.location, line.disclaimer)


def _values(line: AdReportLine) -> tuple[int, ...]:
    return tuple(-1 if value is None else value for value in (getattr(line, n) for n in _VALUES))


def _replaces(line: AdReportLine, there: AdReportLine) -> bool:
    """Within one moment of export the greater line stands, so that the order does not matter."""
    ours, theirs = line.source_import.exported_at, there.source_import.exported_at
    return (ours, _values(line)) > (theirs, _values(there))


def _take_over(there: AdReportLine, line: AdReportLine) -> None:
    for name in _VALUES:
        setattr(there, name, getattr(line, name))
    there.source_import = line.source_import
