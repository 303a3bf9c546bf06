"""In which language a post is written, told by its commonest words, letters and endings.

Why a rule and no library, and what it gets wrong: docs/decisions/0018-language-of-posts.md.
"""

import functools
import re

KYRGYZ, RUSSIAN, ENGLISH, OTHER = "ky", "ru", "en", "other"
LANGUAGES = (KYRGYZ, RUSSIAN, ENGLISH, OTHER)

# Nearly every post tells its language plainly in so many letters; of the others so many are read.
_GLANCE, _READ = 100, 200
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
_IN_ADDRESSES = ("://", "www.", "@", ".kg", ".com", ".org", ".ru", ".net")
_WORD = re.compile(r"[^\W\d_]+")
# Letters of Kyrgyz, long vowels, and ы after consonants after which Russian writes и.
_KYRGYZ_PARTS = ("ө", "ү", "ң", "уу", "ээ", "аа", "лоо", "тоо", "жоо", "кы", "гы", "жы", "чы", "шы")
_RUSSIAN_PARTS = ("щ", "ъ")
_ENDINGS_OF = {
    KYRGYZ: """
        оо йм нын дын нун дун дин дон мын мун быз сыз сун сын лар лер лор лук лык ган ген гон ып уп
        бай пай
    """,
    RUSSIAN: """
        ий ый ая яя ое ее ые ие ого его ому ему их ых ими ыми ами ями ать ять еть ить ться тся сть
        ния нии нию ство ства ству ция ции цию ии овой ной ском ским ает ует
    """,
    ENGLISH: """
        ing ted ded red ned ked med led sed ped ged ced ved tion tions ness ment ally ship ist ists
    """,
}
_ENDINGS = {end: language for language, ends in _ENDINGS_OF.items() for end in ends.split()}
# In a post that tells nothing else: Kyrgyz has these letters in what it borrowed only.
_RUSSIAN_LETTERS = ("щ", "ъ", "ц", "ф", "ё")
# Written alike by everybody.
_NAME = "кыргыз"


def language_of(text: str) -> str:
    """``ky``, ``ru``, ``en`` or ``other``; empty where there are no words.

    A post in two languages is of the one that tells more plainly, as far as it was read.
    """
    language = _plainly(text[:_GLANCE].lower())
    if not language:
        text = text[:_READ].lower()
        language = (len(text) > _GLANCE and _plainly(text)) or _by_every_word(text)
    return language


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
    if any(map(text.__contains__, _IN_ADDRESSES)):
        text = _NO_WORDS.sub(" ", text)
    words = _WORD.findall(text.replace(_NAME, ""))
    if not words:
        return ""
    foreign_letters, *clues = map(sum, zip(*map(_clues_of, words), strict=True))
    if foreign_letters > 2:  # one may be in a name
        return OTHER
    most = max(clues)
    if most:
        return LANGUAGES[clues.index(most)]
    return RUSSIAN if any(map(text.__contains__, _RUSSIAN_LETTERS)) else OTHER


@functools.lru_cache(1 << 14)
def _clues_of(word: str) -> tuple[int, ...]:
    """How many foreign letters a word has, and how many clues to each of LANGUAGES."""
    clues = dict.fromkeys(("", *LANGUAGES), 0)
    clues[KYRGYZ] += sum(map(word.count, _KYRGYZ_PARTS))
    clues[RUSSIAN] += sum(map(word.count, _RUSSIAN_PARTS))
    clues[_told_by(word)] += 1
    return sum(map(word.count, _FOREIGN)), *(clues[language] for language in LANGUAGES)


def _told_by(word: str) -> str:
    """The language that a word or its ending tells; empty where they tell nothing."""
    if language := _LANGUAGE_OF.get(word):
        return language
    if len(word) < 3:
        return ""
    return _ENDINGS.get(word[-4:]) or _ENDINGS.get(word[-3:]) or _ENDINGS.get(word[-2:]) or ""
