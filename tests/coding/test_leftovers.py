"""What a codebook still says of another country."""

import pytest

from coding.leftovers import countries_named


@pytest.mark.parametrize(
    ("text", "own", "found"),
    [
        ("Foreign Affairs (related to Belarus)", "Kyrgyzstan", ["Belarus"]),
        ("Внешняя политика (Россия и Китай)", "Moldova", ["China", "Russia"]),
        ("Belarusian opposition", "Belarus", []),
        ("Кыргызская Республика", "Kyrgyz Republic", []),
        ("Individual candidates, индивидуальные выдвиженцы, загрузить", "Kenya", []),
        ("", "Kenya", []),
    ],
)
def test_other_countries_are_found_by_name_in_every_script(
    text: str, own: str, found: list[str]
) -> None:
    assert countries_named([text], own=own) == found
