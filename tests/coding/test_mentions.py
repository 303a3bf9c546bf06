"""Finding the actors a text names, in the languages of the room."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.mentions import find_mentions
from monitoring import reference

NAMES = {
    1: ["Japarov Sadyr", "Садыр Жапаров"],
    2: ["Madumarov Adakhan", "Адахан Мадумаров"],
    3: ["Isaev Kanat", "Канат Исаев"],
    4: ["Tolbaev Babur", "Бабур Толбаев"],
    5: ["Isaev Aman", "Аман Исаев"],
    6: ["Mekenchil", "Мекенчил"],
}


def named(text: str) -> list[tuple[int, str]]:
    return [
        (actor, text[span.start : span.end])
        for span in find_mentions(text, NAMES)
        for actor in span.actor_ids
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Садыр Жапаров",
        "Жапаров Садыр",
        "Жапаров",
        "Жапарова",
        "Жапарову",
        "Жапаровым",
        "Жапаровдун",
        "Жапаровго",
        "Жапаровду",
        "Садыра Жапарова",
        "Садырга Жапаровго",
        "САДЫР ЖАПАРОВ",
        "садыр жапаров",
        "Sadyr Japarov",
        "Japarov",
        "Japarov's",
        "#Жапаров",
        "«Жапаров»",
    ],
)
def test_a_person_is_found_in_any_script_case_order_and_ending(text: str) -> None:
    assert {actor for actor, _words in named(f"Бүгүн {text}, деди")} == {1}


def test_the_whole_name_is_marked_not_the_surname_alone() -> None:
    assert named("Кечээ Садыр Жапаровдун жыйыны") == [(1, "Садыр Жапаровдун")]


def test_a_surname_that_two_bear_offers_both() -> None:
    assert named("Исаеву возразили") == [(3, "Исаеву"), (5, "Исаеву")]
    assert named("Канат Исаев выступил") == [(3, "Канат Исаев")]
    assert named("Исаев Аман выступил") == [(5, "Исаев Аман")]


def test_a_womans_surname_and_a_mans_are_the_same_surname() -> None:
    family = {1: ["Садыр Жапаров"], 2: ["Айгүл Жапарова"]}
    assert find_mentions("сказал Жапаров", family)[0].actor_ids == (1, 2)
    found = find_mentions("Айгүл Жапарова и Садыр Жапаров", family)
    assert [span.actor_ids for span in found] == [(2,), (1,)]


def test_a_surname_that_many_bear_is_nobodys() -> None:
    many = {number: [f"{name} Асанов"] for number, name in enumerate(["Аман", "Бек", "Чын", "Эр"])}
    assert find_mentions("пришёл Асанов", many) == []


def test_names_are_given_in_the_order_of_the_text_and_never_overlap() -> None:
    found = named("Мадумаров менен Жапаров, Бабур Толбаев жана Мекенчил")
    assert [actor for actor, _words in found] == [2, 1, 4, 6]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ничьё имя",
        "преджапаровский",
        "Садыр пришёл",
        "канаттуулар",
        "жапаровцыотовсюдуидутсюда",
    ],
)
def test_other_words_are_nobody(text: str) -> None:
    assert named(text) == []


def test_without_names_nobody_is_found() -> None:
    assert find_mentions("Садыр Жапаров", {}) == []
    assert find_mentions("Садыр Жапаров", {1: ["", "…"]}) == []


def test_a_name_with_signs_is_no_pattern() -> None:
    assert find_mentions("so (.*) what", {1: ["(.*)"]}) == []
    assert [s.actor_ids for s in find_mentions("движение Реформа+ идёт", {1: ["Реформа+"]})] == [
        (1,)
    ]


REFERENCE = Path(reference.__file__).parent / "kyrgyzstan_2021" / "actors.csv"
# Sentences in the words of the reference project's posts; each names who stands before it.
INFLECTED = """
Japarov Sadyr: Сторонники Садыра Жапарова собрались на площади
Japarov Sadyr: Садыру Жапарову вручили удостоверение
Japarov Sadyr: встретился с Садыром Жапаровым
Japarov Sadyr: говорили о Садыре Жапарове
Japarov Sadyr: Садыр Жапаровдун жыйыны өттү
Japarov Sadyr: Садыр Жапаровго добуш бергиле
Japarov Sadyr: Садыр Жапаровду колдойбуз
Japarov Sadyr: Садыр Жапаровдон жооп күтөбүз
Japarov Sadyr: Жапаровдун командасы
Japarov Sadyr: Садыр Нургожоевич Жапаровго ишенебиз
Japarov Sadyr: #СадырЖапаров
Japarov Sadyr: #садыржапаровго
Japarov Sadyr: Жапаровчу эмес, Жапаровдой иштейли
Madumarov Adahan: Мадумаровдун үгүт иши
Madumarov Adahan: Мадумаровго суроолор көп
Madumarov Adahan: за Адахана Мадумарова
Madumarov Adahan: Мадумаровым недовольны
Madumarov Adahan: Мадумаровдор келишти
Madumarov Adahan: Адахан Мадумаровбу?
Madumarov Adahan: голосуйте за Мадумарова!
Abdyldaev Arstanbek: Арстанбек Абдылдаевдин чакырыгы
Abdyldaev Arstanbek: Абдылдаеву отказали
Abdyldaev Arstanbek: Арстан Алайга добуш
Arstanbek Myktybek: Мыктыбек Арстанбектин программасы
Arstanbek Myktybek: Мыктыбек Арстанбековго
Asanov Kursan: Курсана Асанова не допустили
Asanov Kursan: Курсан Асановдун штабы
Baiguttiev Zhenishbek: Женишбек Байгуттиевге колдоо
Baiguttiev Zhenishbek: Жеңишбек Байгуттиевдин сөзү
Djeyenbekov Ravshan: Равшан Жээнбековдун маеги
Djeyenbekov Ravshan: интервью с Равшаном Джеенбековым
Imanaliev Kanybek: Каныбеку Иманалиеву
Isaev Kanatbek: Канатбек Исаевдин жарнамасы
Isaev Kanatbek: у Канатбека Исаева
Kalmamatov Baktybek: Бактыбек Калмаматовго
Kasenov Aimen: Аймену Касенову
Kochkorov Ulukbek: Улукбек Кочкоровду
Segizbaev Abdil: Абдилу Сегизбаеву
Segizbaev Abdil: Сегизбаевдин айтымында
Sooronkulova Klara: Клары Сооронкуловой
Sooronkulova Klara: Кларе Сооронкуловой
Sooronkulova Klara: Клару Сооронкулову
Sooronkulova Klara: Клара Сооронкулованын айтымында
Sooronkulova Klara: Клара Сооронкуловага
Tashov Imamidin: Имамидина Ташова
Tolbaev Babyrjan: Бабур Тольбаевге
Akaev Janar: депутат Жанар Акаевдин суроосу
Nikitenko Natalia: Натальи Никитенко
Nikitenko Natalia: Наталье Никитенко
Nikitenko Natalia: Наталья Никитенконун пикири
Novikov Artem: Артёма Новикова
Novikov Artem: с Артемом Новиковым
Tashiev Kamchybek: Камчыбек Ташиевди дайындады
Tashiev Kamchybek: Ташиеву
Tekebaev Omurbek: Омурбека Текебаева
Tekebaev Omurbek: Өмүрбек Текебаевдин
Mekenchil: Мекенчил партиясынын өкүлү
Ata Meken: Ата Мекендин курултайы
Ata Meken: в Ата Мекене
Butun Kyrgyzstan: Бүтүн Кыргызстандын лидери
Butun Kyrgyzstan: «Бутун Кыргызстана»
Chon Kazat: Чоң Казаттын жыйыны
Reform: Реформа партиясына кошулду
Reform: в Партии Реформа
Central Commission for Elections and Referenda: в ЦИКе сообщили
Central Commission for Elections and Referenda: БШКнын төрагасы
Central Commission for Elections and Referenda: БШКга арыз
Central Commission for Elections and Referenda: Центральной избирательной комиссии
Government: Правительства Кыргызской Республики
Government: Кыргыз Республикасынын Өкмөтүнүн токтому
Parliament (Jogorku Kenesh): Жогорку Кеңештин депутаты
Parliament (Jogorku Kenesh): Жогорку Кеңешке
Parliament (Jogorku Kenesh): Жогорку Кенеша
Temirov Bolot: Болот Темировдун иликтөөсү
Karypbekov Ilim: Илимом Карыпбековым
Aitbekova Nazira: Назире Айтбековой
"""
OTHERS = """
жапаровцыотовсюдуидутсюда
преджапаровский
центральная улица города
избирательная кампания началась
в цикле передач о здоровье
Кыргызская кухня
реформаторы и реформаторский настрой
Садыр ата, Клара эже жана Болот байке
кабарларды угуңуз
жогорку окуу жайы
ата мекендик согуштун ардагери
супер акция, инфо по телефону
адилеттүү шайлоо үчүн
казат кылуу жөнүндө
на новиковской улице
темир жол, болот курулуш
"""


@pytest.fixture(scope="module")
def reference_names() -> dict[int, list[str]]:
    names: dict[str, list[str]] = {}
    with REFERENCE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["category"] != "public_group":
                aliases = [alias for alias in row["aliases"].split(";") if alias]
                names[row["actor"]] = [row["actor"], *aliases]
    return dict(enumerate(names.values()))


@pytest.mark.parametrize("line", INFLECTED.strip().splitlines())
def test_the_forms_of_the_reference_projects_names_are_found(
    line: str, reference_names: dict[int, list[str]]
) -> None:
    actor, text = line.split(": ", 1)
    found = find_mentions(text, reference_names)
    assert actor in {reference_names[one][0] for span in found for one in span.actor_ids}


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_words_that_only_look_like_these_names_are_nobody(
    text: str, reference_names: dict[int, list[str]]
) -> None:
    assert find_mentions(text, reference_names) == []


def test_a_long_text_is_searched_while_nobody_notices(
    reference_names: dict[int, list[str]],
) -> None:
    text = " ".join(line.split(": ", 1)[1] for line in INFLECTED.strip().splitlines()) * 10
    find_mentions("", reference_names)
    spent = []
    for _time in range(3):
        began = time.process_time()
        assert len(find_mentions(text, reference_names)) >= 700
        spent.append(time.process_time() - began)
    assert min(spent) < 0.2  # seconds; of the others, what else the process had to do is a part


@given(st.text(), st.dictionaries(st.integers(1, 9), st.lists(st.text(), max_size=3)))
def test_whatever_is_read_spans_lie_in_the_text_in_order(
    text: str, names: dict[int, list[str]]
) -> None:
    end = 0
    for span in find_mentions(text, names):
        assert end <= span.start < span.end <= len(text)
        assert set(span.actor_ids) <= names.keys()
        end = span.end
