"""Other countries that a codebook names: what is left over when it is taken to another country.

The report of 2021 printed "Foreign Affairs (related to Belarus)" for Kyrgyzstan. Countries in which
missions work or which their reports name are looked for, by beginnings of words in English and
Russian (Kyrgyz writes most of them as Russian does).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

STEMS = {
    "Afghanistan": "afghan афган",
    "Albania": "albania албан",
    "Armenia": "armenia армен армян",
    "Azerbaijan": "azerbaijan азербайдж",
    "Belarus": "belarus belorus беларус белорус белорусс",
    "Bosnia": "bosnia босни",
    "Bulgaria": "bulgaria болгар",
    "China": "china chinese кита кытай",
    "Croatia": "croatia хорват",
    "Czechia": "czech чехи чешск",
    "Estonia": "estonia эстон",
    "Ethiopia": "ethiopia эфиоп",
    "France": "france french франц",
    "Georgia": "georgia грузия грузии грузин",
    "Germany": "germany german герман немецк",
    "Hungary": "hungar венгр венгер",
    "India": "india индия индии индийс",
    "Iran": "iran иран",
    "Iraq": "iraq ирак",
    "Israel": "israel израил",
    "Kazakhstan": "kazakh казах казакстан",
    "Kenya": "kenya кени",
    "Kosovo": "kosovo kosova косов",
    "Kyrgyzstan": "kyrgyz kirgiz киргиз кыргыз",
    "Latvia": "latvia латви латыш",
    "Lebanon": "lebanon lebanese ливан",
    "Libya": "libya ливи",
    "Lithuania": "lithuania литв литов",
    "Malawi": "malawi малави",
    "Moldova": "moldova молдов молдав",
    "Mongolia": "mongolia монгол",
    "Montenegro": "montenegr черногор",
    "Mozambique": "mozambi мозамбик",
    "Myanmar": "myanmar burmese мьянм",
    "Nigeria": "nigeria нигери",
    "North Macedonia": "macedonia македон",
    "Pakistan": "pakistan пакистан",
    "Poland": "poland polish польш польск",
    "Romania": "romania румын",
    "Russia": "russia россия росси русск орус",
    "Serbia": "serbia serb серби сербс",
    "Slovakia": "slovak словак словац",
    "Syria": "syria сири",
    "Tajikistan": "tajik таджик тажик",
    "Tunisia": "tunisia тунис",
    "Turkey": "turkey turkish türkiye турци турец түрк",
    "Turkmenistan": "turkmen туркмен түркмөн",
    "Uganda": "uganda уганд",
    "Ukraine": "ukrain украин",
    "United States": "american сша америк",
    "Uzbekistan": "uzbek узбек өзбек",
    "Zambia": "zambia замби",
    "Zimbabwe": "zimbabwe зимбабве",
}


def countries_named(texts: Iterable[str], *, own: str) -> list[str]:
    """The other countries the texts name; ``own`` is the project's country as people write it."""
    text = "\n".join(texts).casefold()
    return [
        country
        for country in STEMS
        if _pattern(country).search(text) and not _pattern(country).search(own.casefold())
    ]


@lru_cache(maxsize=len(STEMS))
def _pattern(country: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, STEMS[country].split())) + r")")
