"""Quotes that arrive as places in the text of their post, put into words when they are stored."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from coding import quotes
from coding.answers import Answers
from coding.models import Coding, Recheck, RecheckReason, Section
from coding.services.refusals import CodingRefused
from monitoring.models import Post

UNREADABLE_QUOTE = _("A quote could not be read: open the post and mark it again.")


def quotable_of(post: Post) -> quotes.Quotable:
    """What can be quoted of a post: places are counted in it."""
    return quotes.quotable(post.text, post.image_text, post.link_text, post.link_description)


def has_marked(answers: Answers) -> bool:
    return any(flag.marked for flag in answers.flags)


def in_words(
    answers: Answers, post: Post, earlier: Sequence[Coding], stored: Coding | None
) -> tuple[Answers, list[str]]:
    """The answers with all quotes in words, and the flags whose quoted text is gone.

    Of a text that is gone the words that came beside the places stand, if any did.
    ``earlier`` are rows with their posts: where none is of ``post``, its text is looked up.
    ``stored`` is the row of this request where it was sent before: its words stand, whatever became
    of the text since. Raises CodingRefused.
    """
    source = _source(post, earlier)
    before = dict(stored.flags.values_list("kind__key", "quote")) if stored else {}
    flags, lost = [], []
    for flag in answers.flags:
        if flag.marked is None:
            flags.append(flag)
            continue
        try:
            quote = quotes.words(flag.marked, source)
        except quotes.UnreadableQuote as error:
            raise CodingRefused("unreadable_quote", UNREADABLE_QUOTE) from error
        if quote is None:
            left = flag.quote or quotes.typed(flag.marked)
            quote = before.get(flag.kind, left)
            if not flag.quote and quote == left:
                lost.append(flag.kind)
        flags.append(replace(flag, quote=quote, marked=None))
    return replace(answers, flags=tuple(flags)), lost


def _source(post: Post, earlier: Sequence[Coding]) -> quotes.Quotable:
    known = [row.post for row in earlier if row.post_id == post.pk]
    known = known[:1] or list(Post.objects.of(post.project).filter(pk=post.pk))
    return quotable_of(known[0]) if known else quotes.quotable()


def ask_for_quotes(coding: Coding, flags: Iterable[str]) -> None:
    """Offer the post again to who coded it, for the flags whose quotes are lost."""
    Recheck.objects.bulk_create(
        Recheck(
            version_id=coding.version_id,
            coding=coding,
            section=Section.FLAGS,
            key=kind,
            reason=RecheckReason.QUOTE,
        )
        for kind in flags
    )
