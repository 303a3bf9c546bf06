"""What becomes of a key when a codebook changes."""

from coding.succession import Changes, Edition, changes_between

OLD = [Edition("media", ("Media",), ("what media say",)), Edition("sport"), Edition("army")]


def test_nothing_changes_where_nothing_changed() -> None:
    assert changes_between(OLD, OLD) == Changes()
    assert not changes_between(OLD, OLD)


def test_another_name_is_only_a_name() -> None:
    new = [Edition("media", ("The press",), ("what media say",)), *OLD[1:]]
    changes = changes_between(OLD, new)
    assert changes.renamed == ["media"]
    assert not changes.to_recheck


def test_another_definition_has_to_be_looked_at() -> None:
    new = [Edition("media", ("Media",), ("what media do",)), *OLD[1:]]
    assert changes_between(OLD, new).to_recheck == {"media": "redefined"}


def test_a_merged_key_counts_as_the_one_it_went_into() -> None:
    new = [OLD[0], Edition("sport", came_from=("army",))]
    changes = changes_between(OLD, new)
    assert changes.carried == {"army": "sport"}
    assert not changes.to_recheck


def test_a_split_key_has_several_heirs_also_where_it_stays_one_of_them() -> None:
    parts = [Edition("football", came_from=("sport",)), Edition("chess", came_from=("sport",))]
    assert changes_between(OLD, [*OLD, parts[0]]).split == {"sport": ["sport", "football"]}
    changes = changes_between(OLD, [OLD[0], OLD[2], *parts])
    assert changes.split == {"sport": ["football", "chess"]}
    assert (changes.carried, changes.added) == ({}, [])


def test_what_nobody_takes_over_is_removed_and_what_comes_from_nowhere_is_new() -> None:
    changes = changes_between(OLD, [*OLD[:2], Edition("health")])
    assert (changes.removed, changes.added) == (["army"], ["health"])
    assert changes.to_recheck == {"army": "removed"}
