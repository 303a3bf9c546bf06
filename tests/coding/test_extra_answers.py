"""Answers to extra questions: kept with the coding, in its hash, and compared between monitors."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from coding.models import CodebookVersion, Coding, ExtraAnswer, FinalCoding, FinalState, Question
from coding.services.codings import (
    Answers,
    CodingRefused,
    answers_of,
    save_coding,
    verify_history,
)
from coding.services.publishing import publish
from monitoring.models import Post, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def version(project: Project) -> CodebookVersion:
    draft = make.codebook(project)
    options = [{"key": key, "name": key, "name_ru": "", "name_ky": ""} for key in ("woman", "man")]
    for fields in (
        {"key": "target", "kind": "choice", "options": options, "is_required": True},
        {"key": "copies", "kind": "number", "minimum": 0},
        {"key": "remark", "kind": "text"},
    ):
        Question.objects.create(version=draft, name=fields["key"], **fields)
    return publish(version=draft, at=make.NOON)


@pytest.fixture
def post(project: Project) -> Post:
    return make.post(make.account(make.actor(project)))


def save(post: Post, coder: User, version: CodebookVersion, **extra: str) -> Coding:
    make.assignment(post, coder)
    return save_coding(
        project=post.project,
        post=post,
        coder=coder,
        version=version,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=Answers(topics=("media",), extra=tuple(extra.items())),
        seconds=1,
        at=make.NOON,
    )


def test_answers_are_stored_in_one_form_and_in_the_chain(
    project: Project, post: Post, version: CodebookVersion
) -> None:
    coding = save(post, make.member(project), version, target="woman", copies=" 3,0")
    assert dict(answers_of(coding).extra) == {"target": "woman", "copies": "3"}
    assert verify_history(project=project).first_broken is None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ExtraAnswer.objects.update(value="man")


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({}, "extra_missing"),
        ({"target": "child"}, "extra_not_offered"),
        ({"target": "man", "height": "3"}, "extra_not_offered"),
        ({"target": "man", "copies": "-1"}, "extra_too_small"),
        ({"target": "man", "copies": "many"}, "extra_not_a_number"),
    ],
    ids=str,
)
def test_what_the_codebook_does_not_allow_is_not_stored(
    project: Project, post: Post, version: CodebookVersion, extra: dict[str, str], code: str
) -> None:
    with pytest.raises(CodingRefused) as refusal:
        save(post, make.member(project), version, **extra)
    assert refusal.value.code == code
    assert not Coding.objects.of(project).exists()


def test_two_agree_whatever_they_remark_and_not_where_an_answer_differs(
    project: Project, post: Post, version: CodebookVersion
) -> None:
    save(post, make.member(project), version, target="man", remark="one")
    save(post, make.member(project), version, target="man", remark="another")
    assert FinalCoding.objects.of(project).get().state == FinalState.AGREED
    save(post, make.member(project), version, target="woman")
    assert FinalCoding.objects.of(project).get().state == FinalState.UNSETTLED
