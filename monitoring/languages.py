"""In which language a post is written, told by its commonest words, letters and endings.

Why a rule and no library, and what it gets wrong: docs/decisions/0018-language-of-posts.md.
"""

import re

KYRGYZ, RUSSIAN, ENGLISH, OTHER = "ky", "ru", "en", "other"
LANGUAGES = (KYRGYZ, RUSSIAN, ENGLISH, OTHER)

# Nearly every post tells its language plainly in so many letters; of the others so many are read.
_GLANCE, _READ = 100, 300
# Words that are common in one language and unknown in the others. "же", "да", "бар" are not.
_COMMON = {
    KYRGYZ: """
        жана менен үчүн деп деген дейт эмес болгон болот болду болуп болсо болуу ошол ошондой ошону
        бул ушул ушу ушундай жок эле дагы экен экени экенин керек бир эки үч биз силер алар анын
        аны ага мени сени сиз сиздер сизди бизди биздин менин сенин сиздин кандай эмне эмнеге эч
        эң эл эли элим элдин элге бирок ар бардык бардыгы баары баарын кийин чейин боюнча тууралуу
        жөнүндө жаңы жакшы келет келди келип кылып кылган кылат туура турат жатат жаткан калды
        бүгүн азыр учурда эми анткени себеби каршы гана кайра керектүү айтты билдирди берди берет
        барган болбойт аркылуу карата ичинде катары өзүнүн билет жери күнү тобу тема темасы темада
        сүрөт мүнөт дос достор урматтуу рахмат салам кутман кош жылы кел ырас чоң кыскача негизги
        маселе талапкер саны ким кимдин мына ошентип каралды кошумча жер суу айыл
    """,
    RUSSIAN: """
        и в во на что чтобы не с со по для это этот эта эти этого как из за от до у о об к ко но а
        или если то так же уже ещё еще был была было были быть есть будет будут его её ее их им он
        она они мы вы я ты нас вас нам вам мой моя мне меня тебя себя свой свои своих который
        которая которые которых также только очень при после перед между через без под над все всё
        всех всего всем кто где когда потом сегодня вчера завтра можно нужно надо один два наш наша
        наши ваш ваша спасибо друзья дорогие уважаемые года году лет день дня января февраля марта
        апреля мая июня июля августа сентября октября ноября декабря новый новая новые город район
        кратко тема теме тему дата место вопрос запись записи группа группы группе кандидат
        кандидаты фото прямой сообщение
    """,
    ENGLISH: """
        the and of to for that with are was were this these those you your it its we our they their
        from have has had not will would can who what which how more than been there about when his
        her he she i my at by be but if all any just like post posts new here why let's
        january february march april june july august september october november december
    """,
    OTHER: """
        ve bir bu için ile daha olan und der das ist nicht mit ein eine le la les des et est une
        pour el los que por una va uchun bilan та що як від або він вони це аз дар барои ки аст және
        үшін бұл емес ҳам билан учун
    """,
}
_LANGUAGE_OF: dict[str, str] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        # What two languages share tells neither.
        _LANGUAGE_OF[_word] = "" if _LANGUAGE_OF.get(_word, _language) != _language else _language
# Letters of Kazakh, Uzbek, Tajik and Ukrainian that neither Kyrgyz nor Russian has.
_FOREIGN = "әғқұіўҳӯ"

# Addresses, and names of accounts, are no words of the text.
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:kg|com|org|ru|net)\b\S*|@\S+")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Long vowels, ы after consonants after which Russian writes и, and endings.
_KYRGYZ_FORM = re.compile(
    r"[өүң]|уу|ээ|аа|[лтж]оо|[кгжчшй]ы|^ы|(?:оо|йм|[нд]ын|[нд]ун|дин|дон|мын|мун|быз|сыз|сун|сын"
    r"|лар|лер|лор|лук|лык|ган|ген|гон|ып|уп|бай|пай)$"
)
_RUSSIAN_FORM = re.compile(
    r"[щъ]|(?:[иы]й|[ая]я|[оеы]е|ие|[ое]го|[ое]му|[иы]х|[иы]ми|[ая]ми|[аяеи]ть|ться|тся|сть|ния"
    r"|нии|нию|ств[оау]|ция|ции|цию|ии|овой|ной|ском|ским|ает|ует)$"
)
# In a word that tells nothing else: Kyrgyz has these letters in what it borrowed only.
_RUSSIAN_LETTER = re.compile(r"[щъцфё]")
_ENGLISH_FORM = re.compile(r"(?:ing|[^e]ed|tions?|ness|ment|ally|[^l]ly|ship|ists?)$")
# Written alike, and by everybody.
_NAMES = ("кыргыз", "бишкек")


def language_of(text: str) -> str:
    """``ky``, ``ru``, ``en`` or ``other``; empty where there are no words.

    A post in two languages is of the one that tells more plainly, as far as it was read.
    """
    return (
        _plainly(text[:_GLANCE].lower())
        or _plainly(text[:_READ].lower())
        or _by_every_word(text[:_READ].lower())
    )


def _plainly(text: str) -> str:
    """Where one language has more than twice as many clues as all others; else empty."""
    if "қ" in text or "і" in text or "ў" in text:
        return ""
    found = [*filter(None, map(_LANGUAGE_OF.get, text.split()))]
    letters = text.count("ө") + text.count("ү") + text.count("ң")
    enough = (2 * (len(found) + letters) + 1) / 3
    if found.count(KYRGYZ) + letters > enough:
        return KYRGYZ
    if found.count(RUSSIAN) > enough:
        return RUSSIAN
    return ENGLISH if found.count(ENGLISH) > enough else ""


def _by_every_word(text: str) -> str:
    words = _WORD.findall(_NO_WORDS.sub(" ", text))
    if not words:
        return ""
    clues = dict.fromkeys(LANGUAGES, 0)
    for word in words:
        language = _LANGUAGE_OF.get(word) or _by_form(word)
        if language:
            clues[language] += 1
    if sum(map(text.count, _FOREIGN)) > 2:  # one may be in a name
        return OTHER
    best = max(clues, key=lambda language: clues[language])
    if clues[best]:
        return best
    return RUSSIAN if any(map(_RUSSIAN_LETTER.search, words)) else OTHER


def _by_form(word: str) -> str:
    """By its letters and its ending; empty where they tell nothing."""
    if len(word) < 3 or word.startswith(_NAMES):
        return ""
    if not _CYRILLIC.match(word):
        return ENGLISH if _ENGLISH_FORM.search(word) else ""
    if _KYRGYZ_FORM.search(word):
        return KYRGYZ
    return RUSSIAN if _RUSSIAN_FORM.search(word) else ""
