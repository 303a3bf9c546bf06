"""When two people say the same of a post."""

from coding.answers import Answers, FlagAnswer

ANSWERS = Answers(
    topics=("media", "elections"),
    mentions=((2, "positive"), (1, "negative")),
    flags=(FlagAnswer("manipulation", "сөз", "word"),),
)


def test_order_quotes_and_repetitions_are_no_difference() -> None:
    other = Answers(
        topics=("elections", "media", "media"),
        mentions=((1, "negative"), (2, "positive")),
        flags=(FlagAnswer("manipulation", "башка"),),
    )
    assert other.essence == ANSWERS.essence


def test_the_same_tone_toward_another_actor_is_a_difference() -> None:
    assert (
        Answers(mentions=((1, "neutral"),)).essence != Answers(mentions=((2, "neutral"),)).essence
    )


def test_a_topic_and_a_flag_of_one_name_are_a_difference() -> None:
    assert Answers(topics=("hate",)).essence != Answers(flags=(FlagAnswer("hate"),)).essence


def test_the_one_order_is_that_of_the_keys() -> None:
    ordered = ANSWERS.in_order()
    assert ordered.topics == ("elections", "media")
    assert ordered.mentions == ((1, "negative"), (2, "positive"))
    assert ordered.essence == ANSWERS.essence
