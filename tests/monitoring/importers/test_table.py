"""Any table by a mapping, and the mapping that is guessed for it."""

from pathlib import Path

import pytest

from monitoring.importers.guessing import guess
from monitoring.importers.mapping import Mapping, fingerprint, mapping_from_toml
from monitoring.importers.problems import UnreadableFile
from tests.monitoring.importers.files import csv_of, read

TOML = """
dates = "dmy"
[columns]
published = "Дата"
url = "Ссылка"
text = "Текст"
reactions = "Реакции"
views = "Просмотры"
shares = "Репосты"
comments = "Комментарии"
"""
TELEGRAM = csv_of(
    "Дата;Ссылка;Текст;Реакции;Просмотры;Репосты;Комментарии;Заметки",
    "03/04/2026 10:00;https://t.me/kanal/5;Шайлоо;12;1 500;3;0;x",
    "04/04/2026 11:00;https://t.me/kanal/6;;;;;;",
    "04/04/2026 11:00;https://t.me/kanal;;;;;;",
)


def test_a_table_is_read_by_its_mapping(tmp_path: Path) -> None:
    mapping = mapping_from_toml(TOML)
    found = read(TELEGRAM, tmp_path, mapping=mapping, zone="Asia/Bishkek")
    post = found.rows[0]
    assert (post.native_id, post.published_at) == ("kanal/5", "2026-04-03 10:00:00+06:00")
    # Telegram has reactions and no likes; 0 comments are a finding, an empty cell is none.
    assert (post.likes, post.other_reactions, post.comments, post.views) == (
        None,
        "12",
        "0",
        "1500",
    )
    assert (found.rows[1].views, found.rows[1].comments) == (None, None)
    assert found.codes == [(4, "no_post_id")]


def test_a_counter_that_the_platform_lacks_is_missing_though_a_column_prints_it(
    tmp_path: Path,
) -> None:
    content = csv_of("date,url,shares,love,views", "2026-01-07T00:00Z,https://youtu.be/abc,0,0,9")
    columns = {
        "published": "date",
        "url": "url",
        "shares": "shares",
        "love": "love",
        "views": "views",
    }
    content = content.replace(b"url,", b"url,channel,", 1).replace(b"abc,", b"abc,A channel,")
    mapping = Mapping({**columns, "account": "channel"})
    post = read(content, tmp_path, mapping=mapping).rows[0]
    assert (post.shares, post.love, post.views) == (None, None, "9")


def test_a_mapping_must_say_what_a_post_needs(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="published"):
        read(TELEGRAM, tmp_path, mapping=Mapping({"url": "Ссылка"}))
    with pytest.raises(UnreadableFile, match="Nothing"):
        read(TELEGRAM, tmp_path, mapping=Mapping({"url": "Nothing"}))
    for text in ("[columns", "[columns]\nfoo = 'a'", "platform = 'icq'\n[columns]", "a = 1"):
        with pytest.raises(UnreadableFile):
            mapping_from_toml(text)


def test_the_order_of_columns_does_not_matter_to_a_mapping() -> None:
    assert fingerprint(("a", "b")) == fingerprint(("b", "a")) != fingerprint(("a", "c"))


def test_names_in_three_languages_are_guessed() -> None:
    header = ("Дата", "Автор", "Ссылка", "Сообщение", "Лайки", "Просмотры", "Заметки")
    rows = [["13/04/2026", "A", "https://vk.com/wall-1_2", "Шайлоо", "5", "9", "-"]]
    found = guess(header, rows)
    assert found.columns == {
        "published": "Дата",
        "url": "Ссылка",
        "text": "Сообщение",
        "account": "Автор",
        "likes": "Лайки",
        "views": "Просмотры",
    }
    assert found.platform == "vk"


def test_what_no_name_tells_the_content_does() -> None:
    rows = [["x", f"https://t.me/kanal/{n}", f"{n}.04.2026 10:00", "word " * 20] for n in (1, 2, 3)]
    found = guess(("A", "B", "C", "D"), rows)
    assert found.columns == {"published": "C", "url": "B", "text": "D"}
    assert found.platform == "telegram"


def test_a_column_named_link_that_holds_no_posts_is_not_the_address() -> None:
    rows = [["https://t.me/kanal/1", "none", "2026-01-01"]]
    assert guess(("Where", "URL", "Date"), rows).columns["url"] == "Where"


def test_the_order_of_day_and_month_is_guessed_from_the_days_over_twelve() -> None:
    assert guess(("Date",), [["03/04/2026"], ["13/04/2026"]]).dates == "dmy"
    assert guess(("Date",), [["03/04/2026"], ["04/13/2026"]]).dates == "mdy"
