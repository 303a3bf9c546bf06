"""The language of a post: told of what the report quotes, and of what is hard to tell."""

import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

import monitoring.reference.kyrgyzstan_2021 as reference
from monitoring.languages import LANGUAGES, language_of
from monitoring.models import DailyLanguage, Post
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.test_imports import languages_of_days, make_project, take_in

FOLDER = Path(reference.__file__).parent
IN_RUSSIAN = ("От всего", "Отрывок", "ГУВД")
WORDS = {
    "ky": {"account": "Азаттык", "names": "Садыр Жапаров", "place": "Ош шаары"},
    "ru": {"account": "Азаттык", "names": "Садыр Жапаров", "place": "город Ош"},
    "en": {"account": "Azattyk", "names": "Sadyr Japarov", "place": "Osh"},
}
DATES = {"ky": "5-январь", "ru": "5 января", "en": "5 January"}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def quoted() -> Iterator[tuple[str, str]]:
    """The texts that the report prints; it has three in Russian."""
    for name, table in (("top_posts.toml", "posts"), ("documented_examples.toml", "examples")):
        for one in read(name)[table]:
            if text := one.get("text"):
                is_english = text[:20].isascii() and any(letter.isalpha() for letter in text[:20])
                rest = "ru" if text.startswith(IN_RUSSIAN) else "ky"
                yield text, "en" if is_english else rest


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence of the vocabulary, about each topic in turn."""
    vocabulary = read("vocabulary.toml")
    topics = list(vocabulary["topics"].values())
    for column, (language, words) in enumerate(vocabulary["languages"].items()):
        for key in sorted(words.keys() - {"and", "date", "months"}):
            value = words[key]
            for number, template in enumerate(value if isinstance(value, list) else [value]):
                topic = topics[number]
                filled = template.format(
                    **WORDS[language],
                    date=DATES[language],
                    topic=topic["names"][language],
                    subject=topic["subjects"][0][column],
                    number=3,
                )
                yield filled, language


@pytest.mark.parametrize(("text", "language"), [*quoted()])
def test_the_language_of_the_posts_that_the_report_quotes(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(("text", "language"), [*sentences()])
def test_one_sentence_is_enough(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("🎉🎉 ❤️", ""),
        ("12:30 — 2021", ""),
        ("https://www.facebook.com/the/and/of/that", ""),
        ("kaktus.kg/news/434 @azattyk.media", ""),
        ("#шайлоо2021 #добуш", "ky"),
        ("#выборы_кыргызстан #голосование", "ru"),
        ("#elections #voting", "en"),
        ("🎉 Дорогие друзья! https://youtu.be/the-and-of-for", "ru"),
        ("Прямой эфир", "ru"),
        ("Садыр Жапаров", "other"),
        ("Cumhurbaşkanı bu sabah bir açıklama yaptı ve gitti", "other"),
        ("Қазақстан президенті халыққа үндеу жолдады", "other"),
        ("الانتخابات الرئاسية", "other"),
        ("Жогорку Кеңештин депутаты Мадумаров заявил, что не будет участвовать в выборах", "ru"),
        ("Бүгүн биз үчүн чоң күн. Сегодня большой день.", "ky"),
        ("Новая песня “Мой Кыргызстан” уже на YouTube, watch the video", "ru"),
    ],
)
def test_what_is_short_mixed_or_none_of_the_three(text: str, language: str) -> None:
    assert language_of(text) == language


def test_of_a_long_post_the_beginning_tells() -> None:
    assert (
        language_of("Сегодня мы встретились с избирателями и ответили на вопросы. " * 9000) == "ru"
    )
    assert set(LANGUAGES) == {"ky", "ru", "en", "other"}


def in_three_languages() -> bytes:
    texts = ["Биз жана алар", "Сегодня мы были в городе", "We were in the city", "", "👍"] * 3
    rows = [page_post(number, Message=text) for number, text in enumerate(texts, start=1)]
    return as_csv(PAGES_2020, rows)


@pytest.mark.django_db
def test_a_text_that_changes_takes_its_language_along() -> None:
    project = make_project()
    take_in(project, in_three_languages(), name="2021-01-10-11-00-00-EST-x.csv")
    posts = Post.objects.of(project)
    assert {post.language for post in posts} == {"ky", "ru", "en", ""}
    mended = as_csv(PAGES_2020, [page_post(1, Message="Мы были там и видели это")])
    take_in(project, mended, name="2021-01-12-11-00-00-EST-x.csv")
    assert posts.get(native_id="1").language == "ru"
    days = languages_of_days(project)
    assert {language: number for _name, _day, language, number, *_rest in days} == {
        "ky": 2,
        "ru": 4,
        "en": 3,
        "": 6,
    }


@pytest.mark.django_db
def test_posts_that_were_there_before_are_told_by_the_same_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    migration = importlib.import_module("monitoring.migrations.0018_posts_have_a_language")
    monkeypatch.setattr(migration, "AT_ONCE", 4)
    project = make_project()
    take_in(project, in_three_languages())
    posts = Post.objects.of(project).order_by("pk").values_list("language", flat=True)
    before, days = list(posts), languages_of_days(project)
    Post.objects.of(project).update(language="")
    DailyLanguage.objects.all().delete()
    migration.tell_languages(apps, SimpleNamespace(connection=connection))
    with connection.cursor() as cursor:
        cursor.execute(migration.ADD_UP)
    assert list(posts.all()) == before
    assert languages_of_days(project) == days
