"""What a person says of a post, in keys of the codebook and ids of actors."""

from dataclasses import dataclass

from coding.quotes import MarkedQuote


@dataclass(frozen=True)
class FlagAnswer:
    """One thing that is wrong with a post, with the words that show it."""

    kind: str
    quote: str = ""
    translation: str = ""
    # Where the quote stands, until ``coding.services.marked_quotes`` has put it in words: ``quote``
    # counts beside it where the text is gone.
    marked: MarkedQuote | None = None


@dataclass(frozen=True)
class Answers:
    """Topics, the tone toward each actor the post is about, flags, and answers to extra questions.

    ``extra`` are pairs of question and answer; ``coding.extra_questions`` says which are valid.
    """

    topics: tuple[str, ...] = ()
    # actor, tone
    mentions: tuple[tuple[int, str], ...] = ()
    flags: tuple[FlagAnswer, ...] = ()
    # question, answer
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> frozenset[tuple[str, str, int]]:
        """What has to be equal for two people to agree under one version: quotes do not.

        Question, answer, and the actor where the question is about one (else 0). What counts as
        equal across versions, and which answers are free text, the database knows (``ESSENCES``).
        """
        return frozenset(
            [
                *(("topic", topic, 0) for topic in self.topics),
                *(("tone", tone, actor) for actor, tone in self.mentions),
                *(("flag", flag.kind, 0) for flag in self.flags),
                *((f"extra {question}", answer, 0) for question, answer in self.extra),
            ]
        )

    def in_order(self) -> "Answers":
        """The same answers in the one order in which they are compared and hashed."""
        return Answers(
            tuple(sorted(set(self.topics))),
            tuple(sorted(self.mentions)),
            tuple(sorted(self.flags, key=lambda flag: flag.kind)),
            tuple(sorted(self.extra)),
        )
