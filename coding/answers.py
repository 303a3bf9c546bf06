"""What a person says of a post, in keys of the codebook and ids of actors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FlagAnswer:
    """One thing that is wrong with a post, with the words that show it."""

    kind: str
    quote: str = ""
    translation: str = ""


@dataclass(frozen=True)
class Answers:
    """Topics, the tone toward each actor the post is about, and flags."""

    topics: tuple[str, ...] = ()
    # actor, tone
    mentions: tuple[tuple[int, str], ...] = ()
    flags: tuple[FlagAnswer, ...] = ()

    @property
    def essence(self) -> frozenset[tuple[str, str, int]]:
        """What has to be equal for two people to agree: quotes and comments do not.

        Question, answer, and the actor where the question is about one (else 0).
        """
        return frozenset(
            [
                *(("topic", topic, 0) for topic in self.topics),
                *(("tone", tone, actor) for actor, tone in self.mentions),
                *(("flag", flag.kind, 0) for flag in self.flags),
            ]
        )

    def in_order(self) -> "Answers":
        """The same answers in the one order in which they are compared and hashed."""
        return Answers(
            tuple(sorted(set(self.topics))),
            tuple(sorted(self.mentions)),
            tuple(sorted(self.flags, key=lambda flag: flag.kind)),
        )
