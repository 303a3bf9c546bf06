"""How fast is too fast, and when the rest will be done."""

import datetime

import pytest

from coding.pace import Speed, TooFast, end_of, too_fast

NOW = datetime.datetime(2021, 1, 5, 6, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("speed", "team", "warning"),
    [
        (Speed(50, 20, 5), 22, None),
        (Speed(50, 3, -1), 22, TooFast.READING),
        (Speed(50, 8, 1), 22, TooFast.TEAM),
        (Speed(50, 9, 1), 22, None),
        (Speed(50, 3, 1), None, None),
        (Speed(19, 1, -5), 22, None),
        (Speed(0, None, None), 22, None),
    ],
)
def test_who_cannot_have_read_or_is_far_below_the_others_is_noticed(
    speed: Speed, team: float | None, warning: TooFast | None
) -> None:
    assert too_fast(speed, team=team) == warning


@pytest.mark.parametrize(
    ("left", "recent", "days"),
    [(0, 0, 0), (60, 30, 6), (10, 30, 1), (10, 0, None), (10_000_000, 1, None)],
)
def test_the_end_is_that_at_the_pace_of_three_days(
    left: int, recent: int, days: int | None
) -> None:
    end = NOW + datetime.timedelta(days=days) if days is not None else None
    assert end_of(left, recent=recent, now=NOW) == end


@pytest.mark.parametrize(("hours_ago", "days"), [(1, 2), (36, 3), (100, 6)])
def test_before_three_days_the_pace_is_that_since_work_began(hours_ago: int, days: int) -> None:
    began = NOW - datetime.timedelta(hours=hours_ago)
    assert end_of(60, recent=30, now=NOW, began=began) == NOW + datetime.timedelta(days=days)
