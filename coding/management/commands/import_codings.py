"""``import_codings``: codings made elsewhere, through the same door as the desk's."""

import datetime
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from coding.models import Assignment, CodebookVersion, Coding
from coding.services import codings
from coding.services.codebooks import published_version
from monitoring.models import Actor, Post, Project

KINDS = ("coding", "settlement")
LONGEST_DAY = 24 * 60 * 60  # seconds


class Refused(Exception):
    """A line that cannot be taken in; the message says why."""


class Command(BaseCommand):
    help = (
        "Take in codings from a file with one JSON object a line: coder, kind (coding or"
        " settlement), platform, native_id, topics, mentions, flags, seconds, reason, and made_at"
        " where it is known. All lines come in or none; a second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        path: Path = options["path"]
        with transaction.atomic():
            try:
                counts = Taking(project).take_in(path)
            except OSError as problem:
                raise CommandError(f"{path}: {problem.strerror}") from problem
            except UnicodeDecodeError as problem:
                raise CommandError(f"{path} is not text in UTF-8.") from problem
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))


class Taking:
    """One file on its way in."""

    def __init__(self, project: Project) -> None:
        version = published_version(project=project)
        if version is None:
            raise CommandError("The project's codebook is not published yet.")
        self.project = project
        self.version: CodebookVersion = version
        self.people = {
            user.username: user for user in User.objects.filter(memberships__project=project)
        }
        self.actors = dict(Actor.objects.of(project).values_list("name", "pk"))
        # The number of each person's last row for a post.
        self.numbers: dict[tuple[int, int], int] = {
            (post, coder): number
            for post, coder, number in Coding.objects.of(project)
            .order_by("number")
            .values_list("post", "coder", "number")
        }
        self.now = timezone.now()

    def take_in(self, path: Path) -> dict[str, int]:
        counts = {"codings": 0, "settlements": 0, "unchanged": 0}
        rows = list(_read(path))
        posts = self._posts({(row["platform"], row["native_id"]) for _line, row in rows})
        self._assign(rows, posts)
        known = set(Coding.objects.of(self.project).values_list("request_id", flat=True))
        for number, row in rows:
            request = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.project.slug}:{json.dumps(row)}")
            if request in known:
                counts["unchanged"] += 1
                continue
            try:
                self._store(row, posts, request)
            except KeyError as problem:
                raise CommandError(f"{path}, line {number}: {problem} is missing") from problem
            except (Refused, codings.CodingRefused, TypeError, ValueError) as problem:
                raise CommandError(f"{path}, line {number}: {problem}") from problem
            known.add(request)
            counts["settlements" if row["kind"] == "settlement" else "codings"] += 1
        return counts

    def _posts(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Post]:
        found = Post.objects.of(self.project).filter(native_id__in={key[1] for key in keys})
        return {(post.platform, post.native_id): post for post in found}

    def _assign(
        self, rows: list[tuple[int, dict[str, Any]]], posts: dict[tuple[str, str], Post]
    ) -> None:
        """Put the posts that people coded into their queues, where they are not yet."""
        found = {
            (posts[key].pk, self.people[row["coder"]].pk)
            for _line, row in rows
            if row["kind"] == "coding"
            and (key := (row["platform"], row["native_id"])) in posts
            and row["coder"] in self.people
        }
        Assignment.objects.bulk_create(
            [
                Assignment(project=self.project, post_id=post, monitor_id=coder)
                for post, coder in sorted(found)
            ],
            ignore_conflicts=True,
        )

    def _store(
        self, row: dict[str, Any], posts: dict[tuple[str, str], Post], request: uuid.UUID
    ) -> None:
        post = posts.get((row["platform"], row["native_id"]))
        if post is None:
            raise Refused(f"there is no post {row['native_id']} on {row['platform']}")
        coder = self.people.get(row["coder"])
        if coder is None:
            raise Refused(f"{row['coder']} is nobody in this project")
        made_at = row.get("made_at")
        common: dict[str, Any] = {
            "project": self.project,
            "post": post,
            "version": self.version,
            "request_id": request,
            "answers": self._answers(row),
            "reason": row.get("reason", ""),
            "at": _moment(made_at) if made_at else self.now,
        }
        if row["kind"] == "settlement":
            stored = codings.settle(lead=coder, **common)
            self.numbers[post.pk, coder.pk] = stored.number
            return
        seconds = row["seconds"]
        if not (isinstance(seconds, int) and 0 <= seconds <= LONGEST_DAY):
            raise Refused(f"{seconds!r} is no number of seconds a post was read")
        last = self.numbers.get((post.pk, coder.pk), 0)
        codings.save_coding(coder=coder, base_number=last, seconds=seconds, **common)
        self.numbers[post.pk, coder.pk] = last + 1

    def _answers(self, row: dict[str, Any]) -> codings.Answers:
        for name, _tone in row["mentions"]:
            if name not in self.actors:
                raise Refused(f"there is no actor {name}")
        return codings.Answers(
            topics=tuple(row["topics"]),
            mentions=tuple((self.actors[name], tone) for name, tone in row["mentions"]),
            flags=tuple(
                codings.FlagAnswer(flag["flag"], flag.get("quote", ""), flag.get("translation", ""))
                for flag in row["flags"]
            ),
        )


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise Refused(f"{text} is a time of no zone")
    return moment


def _read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield number, _row(json.loads(line))
            except (Refused, ValueError) as problem:
                raise CommandError(f"{path}, line {number}: {problem}") from problem


def _row(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Refused("it is not a JSON object")
    for name in ("coder", "kind", "platform", "native_id"):
        if not isinstance(row.get(name), str):
            raise Refused(f"“{name}” is missing")
    if row["kind"] not in KINDS:
        raise Refused(f"{row['kind']} is none of {', '.join(KINDS)}")
    return row
