"""The commands of coding: what they do, and what they print for scripts."""

import io
import json
import stat
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from coding.models import Assignment, Coding, FinalCoding, SampleRule
from coding.services.codings import verify_history
from monitoring.models import Account, Membership, Post, Project
from tests import factories as make

pytestmark = pytest.mark.django_db

CATEGORIES = ["candidate", "politician", "party", "authority", "media", "influencer"]
CATEGORIES += ["public_group"]


def printed(command: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """The object that ``--json`` prints on the last line."""
    out = io.StringIO()
    call_command(command, *arguments, json=True, stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def create(**others: Any) -> dict[str, Any]:
    row = {
        "name": "Kyrgyzstan 2021",
        "country": "Kyrgyzstan",
        "timezone": "Asia/Bishkek",
        "start": "2020-11-19",
        "end": "2021-01-09",
    }
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in {**row, **others}.items()]
    return printed("create_project", "kg-2021", *flags)


class TestCreateProject:
    def test_gives_a_project_with_categories_codebook_and_rules(self) -> None:
        assert create() == {"project": "kg-2021"}
        project = Project.objects.get(slug="kg-2021")
        assert [category.key for category in project.categories.all()] == CATEGORIES
        assert [period.key for period in project.periods.all()] == ["entire"]
        version = project.codebooks.get().versions.get()
        assert (version.state, version.topics.count()) == ("draft", 26)
        rules = SampleRule.objects.of(project).order_by("category__position")
        assert [rule.size for rule in rules] == [None] * 4 + [200] * 3

    def test_divides_the_period_where_the_campaign_begins(self) -> None:
        create(campaign_start="2020-12-15")
        periods = Project.objects.get(slug="kg-2021").periods.order_by("key")
        assert [(period.key, str(period.start), str(period.end)) for period in periods] == [
            ("campaign", "2020-12-15", "2021-01-09"),
            ("entire", "2020-11-19", "2021-01-09"),
            ("pre_campaign", "2020-11-19", "2020-12-14"),
        ]

    @pytest.mark.parametrize(
        "others", [{"timezone": "Asia/Atlantis"}, {"end": "2020-01-01"}, {"name": ""}], ids=str
    )
    def test_refuses_what_makes_no_sense_and_creates_nothing(self, others: dict[str, str]) -> None:
        with pytest.raises(CommandError):
            create(**others)
        assert not Project.objects.exists()

    def test_refuses_a_name_that_is_taken(self) -> None:
        create()
        with pytest.raises(CommandError):
            create()
        assert Project.objects.count() == 1


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(make.project)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def account(project: Project) -> Account:
    return make.account(make.actor(project, "Sadyr Japarov", category="candidate"))


def test_draw_samples_tells_what_was_drawn_by_which_rule(
    project: Project, account: Account
) -> None:
    make.post(account)
    make.account(make.actor(project, category="media"), platform="instagram")
    assert printed("draw_samples", project=project.slug) == {
        "samples": [
            {"platform": "facebook", "category": "candidate", "rule": "all posts", "size": 1},
            {
                "platform": "instagram",
                "category": "media",
                "rule": "the 200 posts with most interactions per sampled category and platform",
                "size": 0,
            },
        ]
    }


@pytest.mark.parametrize(
    "command", ["draw_samples", "verify_history", "import_codings", "create_demo_accounts"]
)
def test_a_project_that_does_not_exist_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    arguments = {
        "import_codings": [str(tmp_path / "codings.jsonl")],
        "create_demo_accounts": ["--password-file", str(tmp_path / "password")],
    }.get(command, [])
    with pytest.raises(CommandError, match="There is no project atlantis"):
        call_command(command, *arguments, "--project", "atlantis")


class TestImportCodings:
    @pytest.fixture
    def post(self, project: Project, account: Account) -> Post:
        make.published_codebook(project)
        make.member(project, name="first")
        make.member(project, name="second")
        make.member(project, "lead", name="lead")
        return make.post(account, native_id="p1")

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "codings.jsonl"

    def row(self, **others: Any) -> dict[str, Any]:
        return {
            "coder": "first",
            "kind": "coding",
            "platform": "facebook",
            "native_id": "p1",
            "topics": ["elections"],
            "mentions": [["Sadyr Japarov", "positive"]],
            "flags": [{"flag": "manipulation", "quote": "сөз", "translation": "word"}],
            "seconds": 30,
            "reason": "",
            "made_at": "2021-01-11T10:00:00+06:00",
            **others,
        }

    def write(self, path: Path, *rows: Any) -> Path:
        path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
        return path

    def test_brings_codings_and_settlements_through_the_door_of_the_desk(
        self, project: Project, post: Post, path: Path
    ) -> None:
        self.write(
            path,
            self.row(),
            self.row(coder="second", topics=["media"]),
            self.row(coder="lead", kind="settlement", reason="as the codebook says"),
        )
        counts = printed("import_codings", path, project=project.slug)
        assert counts == {"codings": 2, "settlements": 1, "unchanged": 0}
        assert FinalCoding.objects.of(project).get().state == "settled"
        done = Assignment.objects.of(project).values_list("monitor__username", "state")
        assert sorted(done) == [("first", "done"), ("second", "done")]
        first = Coding.objects.of(project).get(chain_number=1)
        assert first.made_at.isoformat() == "2021-01-11T04:00:00+00:00"
        assert verify_history(project=project).rows == 3

    def test_run_twice_changes_nothing(self, project: Project, post: Post, path: Path) -> None:
        self.write(path, self.row(), self.row(coder="second"))
        printed("import_codings", path, project=project.slug)
        counts = printed("import_codings", path, project=project.slug)
        assert counts == {"codings": 0, "settlements": 0, "unchanged": 2}
        assert Coding.objects.of(project).count() == 2

    def test_takes_a_line_that_stands_twice_once(
        self, project: Project, post: Post, path: Path
    ) -> None:
        self.write(path, self.row(), self.row())
        counts = printed("import_codings", path, project=project.slug)
        assert counts == {"codings": 1, "settlements": 0, "unchanged": 1}

    def test_takes_a_persons_second_coding_as_a_change_of_mind(
        self, project: Project, post: Post, path: Path
    ) -> None:
        self.write(path, self.row(), self.row(topics=["media"]))
        printed("import_codings", path, project=project.slug)
        assert Coding.objects.of(project).current().get().number == 2

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"native_id": "p9"}, "there is no post p9 on facebook"),
            ({"platform": "instagram"}, "there is no post p1 on instagram"),
            ({"coder": "nobody"}, "nobody is nobody in this project"),
            ({"coder": None}, "“coder” is missing"),
            ({"kind": "skip"}, "skip is none of coding, settlement"),
            ({"topics": ["gossip"]}, "The codebook has no “gossip”"),
            ({"topics": None}, "NoneType"),
            ({"mentions": [["Nobody Known", "positive"]]}, "there is no actor Nobody Known"),
            ({"mentions": [["Sadyr Japarov", "sour"]]}, "The codebook has no “sour”"),
            ({"flags": [{"quote": "x"}]}, "'flag' is missing"),
            ({"seconds": -1}, "-1 is no number of seconds"),
            ({"seconds": "a while"}, "'a while' is no number of seconds"),
            ({"made_at": "yesterday"}, "yesterday"),
            ({"made_at": "2021-01-11T10:00:00"}, "is a time of no zone"),
        ],
        ids=str,
    )
    def test_names_the_line_that_is_wrong_and_stores_nothing(
        self, project: Project, post: Post, path: Path, wrong: dict[str, Any], why: str
    ) -> None:
        self.write(path, self.row(), self.row(**{"coder": "second", **wrong}))
        with pytest.raises(CommandError) as refusal:
            printed("import_codings", path, project=project.slug)
        assert f"{path}, line 2: " in str(refusal.value)
        assert why in str(refusal.value)
        assert not Coding.objects.of(project).exists()
        assert not Assignment.objects.of(project).exists()

    @pytest.mark.parametrize("line", ["{", "[1]", "7", "null"])
    def test_names_a_line_that_is_no_object(
        self, project: Project, post: Post, path: Path, line: str
    ) -> None:
        path.write_text(f"{json.dumps(self.row())}\n\n{line}\n")
        with pytest.raises(CommandError, match="line 3: "):
            printed("import_codings", path, project=project.slug)
        assert not Coding.objects.of(project).exists()

    def test_says_that_there_is_no_file(self, project: Project, post: Post, path: Path) -> None:
        with pytest.raises(CommandError, match="No such file"):
            printed("import_codings", path, project=project.slug)

    def test_says_that_a_file_is_no_text(self, project: Project, post: Post, path: Path) -> None:
        path.write_bytes(b"\xff\xfe{}")
        with pytest.raises(CommandError, match="not text in UTF-8"):
            printed("import_codings", path, project=project.slug)

    def test_waits_for_a_published_codebook(self, project: Project, path: Path) -> None:
        with pytest.raises(CommandError, match="not published yet"):
            printed("import_codings", path, project=project.slug)


class TestCreateDemoAccounts:
    def people(self, project: Project, path: Path) -> list[dict[str, str]]:
        return printed("create_demo_accounts", project=project.slug, password_file=path)["accounts"]

    def test_makes_one_person_per_role_and_two_monitors(
        self, project: Project, tmp_path: Path
    ) -> None:
        people = self.people(project, tmp_path / "password")
        assert people == [
            {"username": "admin", "role": "admin"},
            {"username": "lead", "role": "lead"},
            {"username": "monitor-1", "role": "monitor"},
            {"username": "monitor-2", "role": "monitor"},
            {"username": "viewer", "role": "viewer"},
        ]
        roles = Membership.objects.filter(project=project).values("user__username", "role")
        assert sorted(row["user__username"] for row in roles) == sorted(
            one["username"] for one in people
        )

    def test_keeps_the_password_where_only_its_owner_reads_it(
        self, project: Project, tmp_path: Path
    ) -> None:
        path = tmp_path / "new folder" / "password"
        self.people(project, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        password = path.read_text().strip()
        assert len(password) >= 14
        assert all(user.check_password(password) for user in User.objects.all())

    def test_run_twice_changes_nothing(self, project: Project, tmp_path: Path) -> None:
        path = tmp_path / "password"
        self.people(project, path)
        password = path.read_text()
        user = User.objects.get(username="lead")
        user.set_password("their own choice")
        user.save()
        self.people(project, path)
        assert path.read_text() == password
        assert User.objects.count() == Membership.objects.count() == 5
        assert User.objects.get(username="lead").check_password("their own choice")

    def test_draws_a_new_password_for_all_where_the_file_was_lost(
        self, project: Project, tmp_path: Path
    ) -> None:
        path = tmp_path / "password"
        self.people(project, path)
        path.unlink()
        self.people(project, path)
        password = path.read_text().strip()
        assert all(user.check_password(password) for user in User.objects.all())

    def test_does_not_print_the_password(self, project: Project, tmp_path: Path) -> None:
        path, out = tmp_path / "password", io.StringIO()
        call_command("create_demo_accounts", project=project.slug, password_file=path, stdout=out)
        assert path.read_text().strip() not in out.getvalue()
        assert str(path) in out.getvalue()
