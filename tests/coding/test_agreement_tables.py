"""Agreement of a project, read from its history."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command

from coding.models import OverlapPost, SamplePost
from coding.reliability import Breakdown, Variable
from coding.services.agreement_tables import Line, Reliability
from coding.services.returns import return_coding
from coding.services.samples import draw_samples
from monitoring.models import Role
from tests.coding.coded_twice import code, make_coded_twice, settle
from tests.coding.desk_project import NOON

pytestmark = pytest.mark.django_db


def by_key(lines: list[Line]) -> dict[str, Line]:
    return {line.key: line for line in lines}


def test_every_variable_of_the_codebook_has_a_line() -> None:
    made, _aida, _bakyt = make_coded_twice()
    lines = by_key(Reliability(made.project).lines())
    assert list(lines)[:4] == ["tone", "topics", "mentions", "flag:disinformation"]
    assert (lines["tone"].agreement.units, lines["tone"].coders) == (8, 2)
    assert lines["tone"].agreement.percent == 0.75
    assert lines["topics"].agreement.alpha is None  # nobody used two values
    assert lines["flag:disinformation"].as_json()["prevalence"] == {"false": 1.0, "true": 0.0}


def test_posts_that_one_person_coded_are_not_compared() -> None:
    made, _aida, _bakyt = make_coded_twice(4)
    other = made.member("cholpon")
    made.assign(other, made.posts[:1])
    assert by_key(Reliability(made.project).lines())["tone"].coders == 2
    code(made, other, made.posts[0])
    assert by_key(Reliability(made.project).lines())["tone"].agreement.pairs == 6


def test_a_decision_and_what_follows_it_change_nothing() -> None:
    made, _aida, bakyt = make_coded_twice(4)
    before = by_key(Reliability(made.project).lines())["tone"].as_json()
    settle(made, made.member("lead", Role.LEAD), made.posts[0])
    code(made, bakyt, made.posts[0], tone="positive")
    assert by_key(Reliability(made.project).lines())["tone"].as_json() == before


def test_an_answer_given_after_a_return_does_not_count() -> None:
    made, _aida, bakyt = make_coded_twice(4)
    before = by_key(Reliability(made.project).lines())["tone"].as_json()
    lead = made.member("lead", Role.LEAD)
    coding = bakyt.codings.get(post=made.posts[0])
    return_coding(project=made.project, coding=coding.pk, lead=lead, note="Read on.", at=NOON)
    code(made, bakyt, made.posts[0], tone="positive")
    assert by_key(Reliability(made.project).lines())["tone"].as_json() == before


def test_break_downs_name_actors_pairs_and_weeks() -> None:
    made, _aida, _bakyt = make_coded_twice()
    found = Reliability(made.project)
    tone = Variable("tone")
    assert [
        (line.label, line.agreement.units) for line in found.breakdown(tone, Breakdown.PAIR)
    ] == [("aida – bakyt", 8)]
    assert [line.key for line in found.breakdown(tone, Breakdown.WEEK)] == [
        "2021-01-04",
        "2021-01-11",
    ]
    assert [line.label for line in found.breakdown(tone, Breakdown.ACTOR)] == ["Asanova Ainura"]
    topics = found.breakdown(Variable("topics"), Breakdown.ACTOR)
    assert [line.label for line in topics] == ["Kabar Online"]


def test_a_set_has_a_line_for_each_of_its_answers() -> None:
    made, aida, _bakyt = make_coded_twice(4)
    code(made, aida, made.posts[1], topics=("elections", "media"))
    parts = Reliability(made.project).parts(Variable("topics"))
    assert [(line.label, line.scale) for line in parts] == [
        ("Elections", "nominal"),
        ("Media", "nominal"),
    ]


def test_the_number_of_queries_is_that_of_a_small_project(
    django_assert_num_queries: Any,
) -> None:
    small, _aida, _bakyt = make_coded_twice(2)
    with django_assert_num_queries(9):
        Reliability(small.project).lines()
    for post in small.posts:
        code(small, _aida, post, flags=("manipulation",), topics=("media", "health"))
    with django_assert_num_queries(9):
        Reliability(small.project).breakdown(Variable("tone"), Breakdown.PAIR)


def test_what_is_remembered_is_of_these_answers_and_what_would_be_computed() -> None:
    made, aida, _bakyt = make_coded_twice(4)

    def shown() -> list[Any]:
        found, topics = Reliability(made.project), Variable("topics")
        lines = [*found.lines(), *found.parts(topics), *found.breakdown(topics, Breakdown.PAIR)]
        return [line.as_json() for line in lines]

    first = shown()
    assert shown() == first
    caches["process"].clear()
    assert shown() == first
    code(made, aida, made.posts[1], topics=("elections", "media"), flags=("manipulation",))
    changed = shown()
    assert changed != first
    caches["process"].clear()
    assert shown() == changed


def test_the_command_prints_a_line_per_variable() -> None:
    _made, _aida, _bakyt = make_coded_twice()
    out = StringIO()
    call_command("agreement", "mission", "--json", stdout=out)
    tone = json.loads(out.getvalue().splitlines()[-1])["variables"][0]
    assert (tone["variable"], tone["units"], tone["coders"], tone["percent"]) == (
        "tone",
        8,
        2,
        0.75,
    )
    assert tone["low"] <= tone["alpha"] <= tone["high"]
    table = StringIO()
    call_command("agreement", "mission", stdout=table)
    assert "undefined" in table.getvalue()


def test_the_command_names_a_project_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="no project nowhere"):
        call_command("agreement", "nowhere")


def test_posts_drawn_more_often_since_they_were_flagged_count_by_what_they_stand_for() -> None:
    made, _aida, _bakyt = make_coded_twice()  # the tone of the posts 0 and 4 is disputed
    draw_samples(project=made.project, at=NOON)
    rows = {row.post_id: row for row in SamplePost.objects.all()}
    drawn = [
        OverlapPost(
            sample_post=rows[post.pk],
            stratum="flagged" if number == 0 else "rest",
            is_oversampled=number == 0,
            weight=1 if number == 0 else 3,
            drawn_at=NOON,
        )
        for number, post in enumerate(made.posts[:7])
    ]
    OverlapPost.objects.bulk_create(drawn)
    lines = by_key(Reliability(made.project).lines())
    # Seven posts of the overlap, one of weight 1, and one that was not drawn and stands for itself.
    assert lines["tone"].agreement.percent == pytest.approx((5 * 3 + 1) / (6 * 3 + 2))
    assert lines["tone"].as_json()["weighted"] is True
    assert lines["tone"].agreement.units == 8
    OverlapPost.objects.update(is_oversampled=False)
    line = by_key(Reliability(made.project).lines())["tone"]
    assert (line.agreement.percent, line.as_json()["weighted"]) == (0.75, False)
