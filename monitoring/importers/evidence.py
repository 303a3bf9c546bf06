"""Which encoding makes words of a text that is no Unicode.

A rule of frequency each, no dictionary: which letter a byte is shows in the company it keeps.
Hungarian and South Slavic in Windows-1250 look like words of the West: whoever knows better says
so.
"""

import re
from pathlib import Path

# Of texts that are no Unicode, whose letters are told by evidence. In each a byte is a letter.
ENCODINGS = (
    "windows-1251",
    "mac-cyrillic",
    "koi8-r",
    "windows-1252",
    "windows-1254",
    "windows-1250",
)
_SAMPLE = 1 << 22
_RUSSIAN = re.compile(r"(?<![A-Za-z])(?:[А-Яа-яЁё][а-яё]+|[А-ЯЁ]{2,})(?![A-Za-z])")
_NO_ASCII = re.compile("[^\x00-\x7f]")
_NEXT_TO_LATIN = re.compile("(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_MARKS = "‘’“”„–—…•€«»°·\xa0"
_WESTERN = re.compile(f"[À-ÖØ-öø-ÿŒœŠšŽžŸ¿¡{_MARKS}]")
_CENTRAL = re.compile(f"[{''.join(map(chr, range(0xC0, 0x180)))}ȘșȚț§{_MARKS}]")
_WORD = re.compile(r"(?<!\w)(?:[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]{2,})(?!\w)")


def likeliest(path: Path) -> str:
    """Which of ENCODINGS makes words of a text; "" where none does."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if _is_windows_1251(sample):
        return _likeliest_cyrillic(sample)
    if text := _in_latin_words(sample, "windows-1252", _WESTERN):
        return "windows-1254" if _is_turkish(text) else "windows-1252"
    return "windows-1250" if _in_latin_words(sample, "windows-1250", _CENTRAL) else ""


def _is_windows_1251(sample: bytes) -> bool:
    """Whether the bytes above ASCII are Russian words when read as Windows-1251.

    Evidence: three in four stand in words of Cyrillic letters alone. Western text read this way
    is single letters between Latin ones.
    """
    text = sample.decode("windows-1251", "replace")
    high = len(_NO_ASCII.findall(text))
    in_words = sum(len(word) for word in _RUSSIAN.findall(text))
    return high >= 4 and in_words * 4 >= high * 3 and "�" not in text


def _likeliest_cyrillic(sample: bytes) -> str:
    """Which of the encodings that share their letters makes whole words of a text.

    Read as another one, its capitals are marks, or stand within words. Excel on a Mac saves the
    second.
    """
    in_words = {
        encoding: sum(map(len, _WORD.findall(sample.decode(encoding, "replace"))))
        for encoding in ("windows-1251", "mac-cyrillic", "koi8-r")
    }
    best = max(in_words, key=lambda one: in_words[one])
    is_clear = in_words[best] * 10 > in_words["windows-1251"] * 11
    return best if is_clear else "windows-1251"


def _in_latin_words(sample: bytes, encoding: str, letters: re.Pattern[str]) -> str:
    """A sample as text, where what is above ASCII are letters of words, or the marks around them.

    Evidence: nine in ten are, and half or more touch a Latin letter. Else nothing.
    """
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    high, known = len(_NO_ASCII.findall(text)), len(letters.findall(text))
    in_words = len(_NEXT_TO_LATIN.findall(text))
    return text if high >= 2 and known * 10 >= high * 9 and in_words * 2 >= high else ""


def _is_turkish(text: str) -> bool:
    """Whether a text that was read as Windows-1252 was written in Windows-1254.

    The two differ in six letters: ı ş ğ İ Ş Ğ are ý þ ð Ý Þ Ð. Evidence: they are a third of the
    letters that are no ASCII, and more of them are ı than ğ. In Icelandic ð is common and ý rare,
    and vowels with an acute, which Turkish has none of, are as many.
    """
    low = text.lower()
    dotless, others = low.count("ý"), low.count("þ") + low.count("ð")
    acute = sum(map(low.count, "áéíóúæ"))
    letters = sum(map(low.count, "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"))
    six = dotless + others
    return six >= 4 and six * 3 >= letters and dotless > low.count("ð") and acute * 4 < six
