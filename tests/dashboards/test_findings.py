"""Sentences whose numbers are bound to measures: written, read again, and found wrong."""

import datetime
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboards.findings import findings_of
from dashboards.findings.linting import Linter
from dashboards.findings.numbers import Number
from dashboards.findings.reading import Answers, NoAnswer
from dashboards.findings.sections import sentences_of
from dashboards.findings.template import proposed
from dashboards.findings.typed import likely_numbers, typed_numbers, value_of
from dashboards.measures import Measures, UnknownWord
from dashboards.models import Finding
from dashboards.services.findings import (
    ChangedMeanwhile,
    NotWritten,
    add_findings,
    confirm_numbers,
    delete_finding,
    move_finding,
    write_finding,
)
from monitoring.models import Import, Post, Project
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make

pytestmark = pytest.mark.django_db

PARTIES = {"measure": "posts", "by": ["actor"], "where": {"category": "party"}}
CANDIDATES = {"measure": "posts", "by": ["actor"], "where": {"category": "candidate"}}


def small_mission() -> Project:
    """Candidates with 5, 3 and 1 posts on Facebook; parties with 34, 17 and 3 on Instagram."""
    project = make.project()
    publish(project, "candidate", "facebook", {"Segizbaev Abdil": 5, "Kasenov Aimen": 3})
    publish(project, "candidate", "facebook", {"Japarov Sadyr": 1})
    publish(project, "party", "instagram", {"Chon Kazat": 34, "Reform": 17, "Butun": 3})
    rebuild_daily_totals(project=project)
    return project


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(small_mission)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


def publish(project: Project, category: str, platform: str, posts: dict[str, int]) -> None:
    for name, count in posts.items():
        kind = "page" if platform == "facebook" else "profile"
        names = {"Segizbaev Abdil": ["Абдил Сегизбаев", "Abdil Segizbaev"]}.get(name, [])
        actor = make.actor(project, name, category=category)
        for text in names:
            actor.names.create(text=text, script="latin" if text.isascii() else "cyrillic")
        account = make.account(actor, platform=platform, kind=kind)
        batch = Import.objects.of(project).first() or make.source_import(project)
        Post.objects.bulk_create(
            Post(
                project=project,
                account=account,
                platform=platform,
                native_id=f"{name}-{number}",
                type="photo",
                published_at=make.NOON,
                counted_at=make.NOON,
                is_provisional=False,
                first_import=batch,
            )
            for number in range(count)
        )


@pytest.fixture
def writer(mission: Project) -> User:
    return make.member(mission, "lead", name="lead")


def write(
    project: Project,
    by: User,
    text: str,
    *,
    ru: str = "",
    ky: str = "",
    **numbers: dict[str, Any],
) -> Finding:
    return write_finding(
        project=project,
        finding=None,
        edition=0,
        section="parties",
        texts={"en": text, "ru": ru, "ky": ky},
        numbers=numbers,
        by=by,
        at=timezone.now(),
    )


def sentence(project: Project, language: str = "en") -> Any:
    return sentences_of(Measures(project), language)[-1]


def remarks(project: Project) -> list[str]:
    found = Linter(project, sentences_of(Measures(project), "en")).remarks()
    return [remark.text for one in found.values() for remark in one]


def refuted(project: Project) -> list[str]:
    found = Linter(project, sentences_of(Measures(project), "en")).remarks()
    return [remark.text for one in found.values() for remark in one if remark.is_wrong]


# What is printed --------------------------------------------------------------------------------


def test_a_sentence_prints_what_the_measures_say(mission: Project, writer: User) -> None:
    write(
        mission,
        writer,
        "{first} ({posts|post|posts}), then {second}; {rest} by others, {share} percent of {all}.",
        first={**CANDIDATES, "prints": "name", "place": 1},
        posts={**CANDIDATES, "prints": "value", "place": 1},
        second={**CANDIDATES, "prints": "name", "place": 2},
        rest={**CANDIDATES, "prints": "rest", "place": 1},
        share={**CANDIDATES, "prints": "share", "place": 1, "of": {}},
        all={"measure": "posts", "where": {"category": "candidate"}},
    )
    assert sentence(mission).text == (
        "Abdil Segizbaev (5 posts), then Kasenov Aimen; 4 by others, 55.6 percent of 9."
    )


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ({**PARTIES, "prints": "rows"}, "3"),
        ({**PARTIES, "prints": "rows", "least": 17}, "2"),
        ({**PARTIES, "prints": "rows", "over": 17}, "1"),
        ({**PARTIES, "prints": "names", "least": 17}, "Chon Kazat and Reform"),
        ({**PARTIES, "prints": "top", "place": 2}, "51"),
        ({**PARTIES, "prints": "rank", "who": "Butun"}, "3rd"),
        ({**PARTIES, "prints": "value", "place": 1, "step": 10}, "30"),
        ({**PARTIES, "prints": "value", "place": 1, "unit": 1000, "step": 1}, "0.034"),
        ({**PARTIES, "prints": "times", "place": 1, "step": 0.1, "of": {"where": {}}}, "0.5"),
        ({"prints": "start"}, "19 November"),
        ({"prints": "end"}, "9 January"),
        (
            {
                **CANDIDATES,
                "where": {"platform": ["facebook", "instagram"]},
                "prints": "everywhere",
            },
            "0",
        ),
    ],
)
def test_what_of_an_answer_is_printed_can_be_chosen(
    mission: Project, writer: User, words: dict[str, Any], printed: str
) -> None:
    write(mission, writer, "It is {it}.", it=words)
    assert sentence(mission).text == f"It is {printed}."


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 пост"), (3, "3 поста"), (5, "5 постов"), (17, "17 постов")]
)
def test_russian_puts_the_noun_into_the_form_of_its_number(
    mission: Project, writer: User, count: int, words: str
) -> None:
    name = {1: "Japarov Sadyr", 3: "Butun", 5: "Segizbaev Abdil", 17: "Reform"}[count]
    finding = write(
        mission,
        writer,
        "{it}",
        it={"measure": "posts", "by": ["actor"], "prints": "value", "who": name},
    )
    finding.text_ru = "Всего {it|пост|поста|постов}."
    finding.save()
    assert sentence(mission, "ru").text == f"Всего {words}."


@pytest.mark.parametrize(
    ("step", "words"), [(1, "86 процентов"), (5, "85 процентов"), (0.1, "85,7 процента")]
)
def test_the_noun_follows_the_number_as_it_is_printed(
    mission: Project, writer: User, step: float, words: str
) -> None:
    write(
        mission,
        writer,
        "{it}",
        ru="{it|процент|процента|процентов}",
        it={
            "where": {"category": "party"},
            "prints": "share",
            "of": {"where": {}},
            "step": step,
        },
    )
    assert sentence(mission, "ru").text == words


def test_a_name_is_spelt_as_on_the_account_that_charts_print(
    mission: Project, writer: User
) -> None:
    actor = mission.actors.get(name="Segizbaev Abdil")
    actor.names.create(text="Абдиль Сегизбаев", script="cyrillic")
    actor.names.create(text="Абдул Сегизбаев", script="cyrillic")
    actor.accounts.update(name="Абдил Сегизбаев")
    write(mission, writer, "{it}", it={**CANDIDATES, "prints": "name", "place": 1})
    assert sentence(mission, "ru").text == "Абдил Сегизбаев"


def test_names_are_those_of_the_language(mission: Project, writer: User) -> None:
    write(mission, writer, "{it}", it={**CANDIDATES, "prints": "name", "place": 1})
    assert [sentence(mission, key).text for key in ("en", "ru", "ky")] == [
        "Abdil Segizbaev",
        "Абдил Сегизбаев",
        "Абдил Сегизбаев",
    ]


def test_a_sentence_that_asks_for_what_is_not_there_has_a_gap_and_says_why(
    mission: Project, writer: User
) -> None:
    write(mission, writer, "The fourth was {it}.", it={**CANDIDATES, "prints": "name", "place": 4})
    written = sentence(mission)
    assert written.text == "The fourth was …."
    assert not written.is_whole
    assert written.unanswered["it"] == "There is no number 4: 3 have any."


@pytest.mark.parametrize(
    "words",
    [
        {"measure": "dreams"},
        {"prints": "poem"},
        {**PARTIES, "prints": "name"},
        {"measure": "posts", "prints": "rank", "who": "Reform"},
        {**PARTIES, "prints": "share"},
        {**PARTIES, "prints": "led", "who": "Reform"},
    ],
)
def test_a_number_that_makes_no_sense_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(UnknownWord):
        Number.of_words(words)


def test_a_number_survives_being_kept(mission: Project) -> None:
    words = {**PARTIES, "prints": "share", "who": "Reform", "step": 1, "of": {"period": "entire"}}
    number = Number.of_words(words)
    assert Number.of_words(number.words) == number


def test_a_row_that_is_not_there_is_said_by_name(mission: Project) -> None:
    number = Number.of_words({**PARTIES, "prints": "value", "who": "Nobody"})
    with pytest.raises(NoAnswer, match="Nobody"):
        Answers(Measures(mission)).read(number)


# When the data changes --------------------------------------------------------------------------


def test_a_number_that_changed_since_it_was_confirmed_is_marked(
    mission: Project, writer: User
) -> None:
    finding = write(mission, writer, "{n} posts", n={"where": {"category": "party"}})
    publish(mission, "party", "instagram", {"Late": 2})
    rebuild_daily_totals(project=mission)
    written = sentence(mission)
    assert (written.text, written.changed) == ("56 posts", {"n": "54"})
    assert "{n} was 54 when the sentence was confirmed, and is 56 now." in remarks(mission)
    confirm_numbers(finding=finding, by=writer, at=timezone.now())
    assert sentence(mission).changed == {}


def test_a_change_that_rounding_hides_is_none(mission: Project, writer: User) -> None:
    write(mission, writer, "some {n}", n={"where": {"category": "party"}, "step": 50})
    publish(mission, "party", "instagram", {"Late": 2})
    rebuild_daily_totals(project=mission)
    assert sentence(mission).changed == {}


# What the data refutes --------------------------------------------------------------------------


def test_only_is_refuted_by_those_who_have_some_as_well(mission: Project, writer: User) -> None:
    write(
        mission,
        writer,
        "With {a} ({x}) and {b} ({y}) being the only parties active.",
        a={**PARTIES, "prints": "name", "place": 1},
        x={**PARTIES, "prints": "value", "place": 1},
        b={**PARTIES, "prints": "name", "place": 2},
        y={**PARTIES, "prints": "value", "place": 2},
    )
    assert refuted(mission) == [
        "Not only these: Butun (3) as well. 34 + 17 = 51, all together have 54."
    ]


def test_only_holds_among_those_who_reach_the_number_of_the_clause(
    mission: Project, writer: User
) -> None:
    write(
        mission,
        writer,
        "{a} and {b}, the only {count} with over 10 posts.",
        a={**PARTIES, "prints": "name", "place": 1},
        b={**PARTIES, "prints": "name", "place": 2},
        count={**PARTIES, "prints": "rows", "over": 10},
    )
    assert refuted(mission) == []


def test_a_claim_that_must_be_zero_is_refuted_by_a_number(mission: Project, writer: User) -> None:
    write(mission, writer, "No party posted.", n={"where": {"category": "party"}, "must": "zero"})
    assert refuted(mission) == ["{n} must be 0 for the sentence to hold, and is 54."]


def test_none_without_a_number_is_asked_for_one(mission: Project, writer: User) -> None:
    write(mission, writer, "None of the parties advertised.")
    assert remarks(mission) == ["“None” rests on no number: add one that must be zero."]


def test_the_most_and_who_follows_are_checked_by_their_places(
    mission: Project, writer: User
) -> None:
    write(
        mission,
        writer,
        "The most active was {a}, followed by {b}.",
        a={**CANDIDATES, "prints": "name", "who": "Kasenov Aimen"},
        b={**CANDIDATES, "prints": "name", "who": "Segizbaev Abdil"},
    )
    assert refuted(mission) == [
        "“most”: Kasenov Aimen comes at place 2; the first is Segizbaev Abdil (5).",
        "Segizbaev Abdil (5) comes before Kasenov Aimen (3).",
    ]


def test_who_has_the_same_number_is_named(mission: Project, writer: User) -> None:
    publish(mission, "candidate", "facebook", {"Twin": 5})
    rebuild_daily_totals(project=mission)
    write(mission, writer, "{a}", a={**CANDIDATES, "prints": "name", "place": 1})
    assert remarks(mission) == ["Twin: the same number as Segizbaev Abdil (5)."]


@pytest.mark.parametrize(
    ("wholes", "step", "remark"),
    [
        (["party", "candidate"], 0.1, []),
        (["party", ""], 0.1, ["These shares are of one number and make 185.7 percent of it"]),
        (["party", "candidate"], 30, ["As printed, 90 + 0 = 90, not 100"]),
    ],
)
def test_shares_of_one_whole_must_add_up(
    mission: Project, writer: User, wholes: list[str], step: float, remark: list[str]
) -> None:
    shares: dict[str, dict[str, Any]] = {
        f"share_{place}": {
            "where": {"category": category} if category else {},
            "prints": "share",
            "of": {"where": {}},
            "step": step,
        }
        for place, category in enumerate(wholes)
    }
    write(mission, writer, "{share_0} and {share_1}", **shares)
    assert [found.split(":")[0] for found in remarks(mission)] == remark


def test_percentages_typed_by_hand_must_add_up(mission: Project, writer: User) -> None:
    write(mission, writer, "It was 59.2 percent, 34.6 percent and 6.3 percent.")
    assert any("59.2 + 34.6 + 6.3 = 100.1" in remark for remark in remarks(mission))


WHO = {
    name: {**CANDIDATES, "prints": "name", "who": who}
    for name, who in [("a", "Segizbaev Abdil"), ("b", "Kasenov Aimen"), ("c", "Japarov Sadyr")]
}
VALUES = {f"{name}_posts": {**words, "prints": "value"} for name, words in WHO.items()} | {
    "all": {"where": {"category": "candidate"}}
}


@pytest.mark.parametrize(
    "words",
    [
        {"en": "Only {a} and {b} were active."},
        {"en": "{a} and {b} were the only candidates active."},
        {"ru": "Активны были только {a} и {b}."},
        {"ru": "{a} и {b}; посты были только у {rows}."},
        {"ru": "Единственные активные — {a} и {b}."},
        {"ky": "{a} менен {b} гана активдүү болгон."},
        {"en": "{b} was the most active."},
        {"en": "{a} came third."},
        {"en": "The second most active was {c}."},
        {"en": "{c} was less active (2nd)."},
        {"ru": "Самым активным был {c}."},
        {"ru": "На втором месте {c}."},
        {"ru": "{c} был менее активен (2-е место)."},
        {"ru": "Больше всех публиковал {b}."},
        {"ky": "Эң активдүүсү — {c}."},
        {"ky": "{c} азыраак активдүү болгон (2-орун)."},
        {"ky": "{b} үчүнчү орунда."},
        {"ru": "Первым был {c}, далее {a}."},
        {"ky": "{c}, андан кийин {a}."},
    ],
    ids=lambda words: next(iter(words.values())),
)
def test_a_claim_that_the_data_refutes_is_found_in_every_language(
    mission: Project, writer: User, words: dict[str, str]
) -> None:
    text = words.pop("en", "Something.")
    rows = {**CANDIDATES, "prints": "rows"}
    write(mission, writer, text, **words, **WHO, rows=rows)
    assert len(refuted(mission)) == 1


@pytest.mark.parametrize(
    "words",
    [
        {"en": "Not only {a} was active."},
        {"en": "{c} published only {c_posts} posts."},
        {"en": "{c} published only about {c_posts} posts of {all}."},
        {"en": "{b} was one of the most active."},
        {"en": "{a} was the most active, followed by {b}."},
        {"en": "Most of the posts of {b} were videos."},
        {"en": "{c} had at most {c_posts} posts."},
        {"en": "The second most active was {b}, and {c} came third."},
        {"en": "Only {a}, Aimen Kasenov and Sadyr Japarov were active."},
        {"ru": "Если взять только кандидатов ({all}), первым был {a}."},
        {"ru": "Не только {a} был активен."},
        {"ru": "{c} опубликовал лишь {c_posts|пост|поста|постов}."},
        {"ru": "{b} — один из самых активных."},
        {"ru": "Самым активным был {a}, на втором месте {b}."},
        {"ru": "Самый низкий показатель — {c}."},
        {"ky": "{a} гана эмес, {b} да активдүү болгон."},
        {"ky": "{c} {c_posts} гана пост жарыялаган."},
        {"ky": "{b} — эң активдүүлөрдүн бири."},
        {"ky": "Эң аз пост жарыялаган — {c}."},
        {"ky": "{a} — биринчи, {b} экинчи орунда."},
    ],
    ids=lambda words: next(iter(words.values())),
)
def test_what_is_no_claim_or_a_true_one_is_left_alone(
    mission: Project, writer: User, words: dict[str, str]
) -> None:
    text = words.pop("en", "Something.")
    write(mission, writer, text, **words, **WHO, **VALUES)
    assert remarks(mission) == []


@pytest.mark.parametrize(
    "words",
    [
        {"en": "Chon Kazat and Reform were the only parties active."},
        {"ru": "Активны были только Чон Казат и Реформа."},
        {"ky": "Чоң Казат гана активдүү болгон."},
    ],
    ids=lambda words: next(iter(words.values())),
)
def test_only_without_anybody_picked_is_pointed_out(
    mission: Project, writer: User, words: dict[str, str]
) -> None:
    text = words.pop("en", "Something.")
    write(mission, writer, text, **words)
    assert ["rests on nobody" in remark for remark in remarks(mission)] == [True]


def test_a_share_typed_beside_bound_ones_must_add_up_too(mission: Project, writer: User) -> None:
    share = {"where": {"category": "party"}, "prints": "share", "of": {"where": {}}}
    write(mission, writer, "Parties had {n} percent, candidates 15.3 percent.", n=share)
    assert any("85.7 + 15.3 = 101.0" in remark for remark in remarks(mission))


def test_a_share_of_a_part_beside_its_whole_is_no_mistake(mission: Project, writer: User) -> None:
    of = {"prints": "share", "of": {"where": {}}}
    write(
        mission,
        writer,
        "{n} percent were on Instagram, {part} percent by parties there.",
        n={"where": {"platform": "instagram"}, **of},
        part={"where": {"platform": "instagram", "category": "party"}, **of},
    )
    assert refuted(mission) == []


# What is typed by hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "In 2021 some 39 percent, 1,739 posts and 17.23 million",
            {"39": 39, "1,739": 1739, "17.23": 17.23},
        ),
        ("en", "24.kg and {bound} had 100дөн", {"100": 100}),
        ("en", "no number, COVID-19", {}),
        ("ru", "17 230 постов", {"17 230": 17230}),
        (
            "ru",
            "93,1 % от 1\u00a0065,5, т.е. 54, 34",
            {"93,1": 93.1, "1\u00a0065,5": 1065.5, "54": 54, "34": 34},
        ),
        ("ky", "17,23 млн, 24.kg 2021-жылы 9,15%", {"17,23": 17.23, "9,15": 9.15}),
    ],
)
def test_typed_numbers_are_found_but_not_years_or_names(
    language: str, text: str, found: dict[str, float]
) -> None:
    typed = {one: value_of(one, language) for one in typed_numbers(text, language)}
    assert typed == found


def test_a_decimal_comma_is_understood_in_the_languages_that_have_it(
    mission: Project, writer: User
) -> None:
    write(mission, writer, "A part of them.", ru="Из них 93,1 процента.")
    assert [found.split(" ")[0] for found in remarks(mission)] == ["“93,1”"]


def test_the_bound_of_a_question_may_be_typed(mission: Project, writer: User) -> None:
    write(mission, writer, "{n} had at least 17.", n={**PARTIES, "prints": "rows", "least": 17})
    assert remarks(mission) == []


def test_a_typed_number_is_recognised_as_a_measure(mission: Project) -> None:
    found = likely_numbers([54, 34, 999], Measures(mission))
    assert found[54][0].number.question.where["category"] == ("party",)
    assert found[34][0].name == "Chon Kazat"
    assert found[999] == []


@pytest.mark.parametrize(
    ("text", "suspected"),
    [
        ("The posts of Mr. Segizbayev", ["Segizbayev"]),
        ("The posts of Segizbaev", []),
        ("The posts of Segizbaev's team", []),
        ("Посты Абдила Сегизбаева", []),
        ("Посты, которые публикует Сегизбоев", ["Сегизбоев"]),
        ("The posts of Dorothea Freeborn", []),
        ("Segizbayev was active", ["Segizbayev"]),
        ("Segments of the posts", []),
        ("Сегизбоев публиковал", ["Сегизбоев"]),
    ],
)
def test_another_spelling_of_a_monitored_name_is_pointed_out(
    mission: Project, writer: User, text: str, suspected: list[str]
) -> None:
    write(mission, writer, text)
    found = remarks(mission)
    assert [name for name in suspected if not any(name in remark for remark in found)] == []
    assert bool(found) == bool(suspected)


def test_two_spellings_in_two_sentences_are_pointed_out(mission: Project, writer: User) -> None:
    write(mission, writer, "The page of Dorothea Freeborn")
    write(mission, writer, "The page of Dorotea Freeborn")
    assert remarks(mission) == ["“Dorotea” here, “Dorothea” elsewhere: is it the same name?"]


def test_a_remark_that_was_overruled_stays_away_until_its_numbers_change(
    mission: Project, writer: User
) -> None:
    finding = write(mission, writer, "None of them.")
    client = signed_in(writer)
    act(client, mission, finding, "dismiss:none:none")
    assert remarks(mission) == []


# Keeping them -----------------------------------------------------------------------------------


def test_a_placeholder_that_stands_for_nothing_is_refused(mission: Project, writer: User) -> None:
    with pytest.raises(NotWritten, match="{lost}"):
        write(mission, writer, "There were {lost} posts.")
    assert not Finding.objects.of(mission).exists()


def test_who_did_not_see_the_last_edition_does_not_overwrite_it(
    mission: Project, writer: User
) -> None:
    finding = write(mission, writer, "As I wrote it.")
    words: dict[str, Any] = {
        "project": mission,
        "finding": finding,
        "section": "parties",
        "numbers": {},
        "by": writer,
        "at": timezone.now(),
    }
    write_finding(**words, edition=1, texts={"en": "As she changed it."})
    with pytest.raises(ChangedMeanwhile):
        write_finding(**words, edition=1, texts={"en": "As he changed it."})
    assert Finding.objects.of(mission).get().text == "As she changed it."


def test_findings_keep_one_place_each_however_they_are_moved(
    mission: Project, writer: User
) -> None:
    first, second, third = (write(mission, writer, text) for text in ("One.", "Two.", "Three."))
    move_finding(finding=third, by_places=-5)
    move_finding(finding=first, by_places=1)
    delete_finding(finding=second)
    write(mission, writer, "Four.")
    kept = Finding.objects.of(mission).order_by("position")
    assert [one.text for one in kept] == ["Three.", "One.", "Four."]


@pytest.mark.parametrize("broken", [{"text": ""}, {"section": "gossip"}, {"position": 1}])
def test_the_database_refuses_a_broken_finding(
    mission: Project, writer: User, broken: dict[str, Any]
) -> None:
    write(mission, writer, "The first.")
    good = {"project": mission, "section": "media", "position": 9, "text": "A second."}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(**(good | broken))


def test_a_template_gives_what_the_project_can_answer_and_gives_it_once(
    mission: Project, writer: User
) -> None:
    chosen = proposed("presidential_election", Measures(mission))
    made = add_findings(project=mission, proposed=chosen, by=writer, at=timezone.now())
    assert {one.section for one in made} >= {"monitoring", "parties"}
    assert all(one.is_whole for one in sentences_of(Measures(mission)))
    # There are no ads, no campaign and nobody to follow here.
    assert not {"advertising"} & {one.section for one in made}
    again = add_findings(project=mission, proposed=chosen, by=writer, at=timezone.now())
    assert again == []
    assert findings_of(Measures(mission))[0].title == "The monitoring"


def test_reading_many_findings_asks_the_database_no_more_often(
    mission: Project, writer: User
) -> None:
    number = {**PARTIES, "prints": "value", "place": 1}

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Linter(mission, sentences_of(Measures(mission), "en")).remarks()
        return len(asked)

    write(mission, writer, "First {n}", n=number)
    queries()
    few = queries()
    for place in range(10):
        write(mission, writer, f"Again {place}: {{n}}", n=number)
    queries()
    assert queries() == few


# The pages --------------------------------------------------------------------------------------


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(name: str, mission: Project, *rest: object) -> str:
    return reverse(f"dashboards:{name}", args=[mission.slug, *rest])


def act(client: Client, mission: Project, finding: Finding, do: str) -> None:
    answer = client.post(page("act_on_finding", mission, finding.pk), {"do": do})
    assert answer.status_code == 302


TYPED = {
    "section": "parties",
    "text": "Parties published 54 posts.",
    "text_ru": "",
    "text_ky": "",
    "numbers": "{}",
    "edition": 0,
}


def test_a_lead_picks_a_number_looks_at_it_and_saves_the_sentence(
    mission: Project, writer: User
) -> None:
    client = signed_in(writer)
    picked = {
        "pick-name": "first",
        "pick-prints": "name",
        "pick-measure": "posts",
        "pick-by": "actor",
        "pick-place": "1",
        "pick-period": "entire",
        "pick-category": ["party"],
    }
    looked = client.post(page("new_finding", mission), {**TYPED, **picked, "do": "try"})
    assert looked.context["picked"] == "Chon Kazat"
    added = client.post(page("new_finding", mission), {**TYPED, **picked, "do": "pick"})
    numbers = added.context["form"]["numbers"].value()
    saved = client.post(
        page("new_finding", mission),
        {**TYPED, "text": "It was {first}.", "numbers": numbers, "do": "save"},
    )
    assert saved.status_code == 302
    assert sentence(mission).text == "It was Chon Kazat."


def test_a_number_of_posts_in_one_language_is_picked_and_named_in_words(
    mission: Project, writer: User
) -> None:
    Post.objects.of(mission).filter(account__actor__name="Reform").update(language="ky")
    rebuild_daily_totals(project=mission)
    asked = {
        "pick-name": "kyrgyz",
        "pick-prints": "total",
        "pick-measure": "posts",
        "pick-period": "entire",
        "pick-language": ["ky"],
    }
    address, client = page("new_finding", mission), signed_in(writer)
    looked = client.post(address, {**TYPED, **asked, "do": "try"})
    assert looked.context["picked"] == "17"
    assert "Kyrgyz" in str(looked.context["picked_base"])
    by = {"measure": "posts", "by": ["language"], "where": {"category": "party"}}
    write(mission, writer, "{n}", n={**by, "prints": "name", "place": 2})
    assert sentence(mission, "en").text == "Kyrgyz"


def test_a_typed_number_is_bound_by_one_button(mission: Project, writer: User) -> None:
    client = signed_in(writer)
    shown = client.post(page("new_finding", mission), {**TYPED, "do": "show"})
    button = shown.context["likely"][0]["offers"][0][0]
    bound = client.post(page("new_finding", mission), {**TYPED, "do": button})
    assert bound.context["form"]["text"].value() == "Parties published {number_1} posts."
    assert bound.context["numbers"][0]["now"] == "54"


def test_what_was_typed_is_not_lost_when_somebody_else_saved_first(
    mission: Project, writer: User
) -> None:
    finding = write(mission, writer, "Theirs.")
    answer = signed_in(writer).post(
        page("finding", mission, finding.pk), {**TYPED, "text": "Mine.", "do": "save"}
    )
    assert answer.status_code == 422
    assert "Theirs." in answer.text
    assert "Mine." in answer.text
    assert Finding.objects.of(mission).get().text == "Theirs."


@pytest.mark.parametrize(
    "numbers", ["[1]", '{"a": {"measure": "x"}}', '{"A-B": {}}', '{"a": 3}', "not json"]
)
def test_numbers_that_a_stranger_made_up_are_refused(
    mission: Project, writer: User, numbers: str
) -> None:
    answer = signed_in(writer).post(
        page("new_finding", mission), {**TYPED, "numbers": numbers, "do": "save"}
    )
    assert answer.status_code == 422
    assert not Finding.objects.of(mission).exists()


@pytest.mark.parametrize(("role", "reads", "writes"), [("viewer", 200, 403), ("monitor", 200, 403)])
def test_who_may_not_write_findings_reads_them(
    mission: Project, writer: User, role: str, reads: int, writes: int
) -> None:
    finding = write(mission, writer, "Read me.")
    client = signed_in(make.member(mission, role))
    seen = client.get(page("findings", mission))
    assert seen.status_code == reads
    assert "Read me." in seen.text
    assert "Let it stand" not in seen.text
    for name, rest in (("new_finding", ()), ("finding", (finding.pk,))):
        assert client.get(page(name, mission, *rest)).status_code == writes
    assert client.post(page("act_on_finding", mission, finding.pk)).status_code == writes


def test_the_report_begins_with_its_findings_and_hostile_text_stays_text(
    mission: Project, writer: User
) -> None:
    write(mission, writer, "<script>alert(1)</script> {n}", n={"where": {"category": "party"}})
    answer = signed_in(writer).get(page("report", mission))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert(1)" not in answer.text


def test_an_open_report_is_told_when_its_findings_read_otherwise(
    mission: Project, writer: User
) -> None:
    write(mission, writer, "{n} posts", n={"where": {"category": "party"}})
    client = signed_in(writer)
    shown = client.get(page("report", mission)).context["findings_hash"]
    asked = {"revision": "0", "findings": shown}
    assert "findings" not in client.get(page("changes", mission), asked).json()
    publish(mission, "party", "instagram", {"Late": 2})
    rebuild_daily_totals(project=mission)
    told = client.get(page("changes", mission), asked).json()
    assert "56" in told["findings"]
    assert told["findings_hash"] != shown


@pytest.mark.parametrize(("role", "remarked"), [("lead", 1), ("viewer", 0)])
def test_programs_read_the_findings_and_those_who_edit_the_remarks(
    mission: Project, writer: User, role: str, remarked: int
) -> None:
    write(mission, writer, "{n} and 39", n={"where": {"category": "party"}})
    client = signed_in(make.member(mission, role))
    (found,) = client.get(f"/api/v1/projects/{mission.slug}/findings/").json()
    assert (found["text"], found["printed"]) == ("54 and 39", {"n": "54"})
    assert len(found["remarks"]) == remarked


def test_a_day_is_written_as_the_language_writes_it(mission: Project, writer: User) -> None:
    assert mission.periods.get(key="entire").start == datetime.date(2020, 11, 19)
    write(mission, writer, "{day}", day={"prints": "start"})
    written = [sentence(mission, language).text for language in ("en", "ru", "ky")]
    assert written == ["19 November", "19 ноября", "19-ноябрь"]
