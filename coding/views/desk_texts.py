"""The words that the desk's scripts say."""

from django.utils.translation import gettext as _


def desk_texts() -> dict[str, str]:
    """Texts by the name scripts use; ``%s`` is filled in by the script."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved %s"),
        "quote_lost": _("Saved %s. A post’s text had changed: mark its quote again."),
        "retrying": _("Not saved: retrying, %s unsent"),
        "offline": _("No connection: %s unsent, kept on this computer"),
        "memory_only": _("No connection: %s unsent, keep this tab open"),
        "signed_out": _("You are signed out: %s unsent, kept."),
        "other_person": _("Somebody else signed in here: %s unsent, kept."),
        "no_access": _("You may not code in this project any more: %s unsent, kept. Ask a lead."),
        "sign_in": _("Sign in in a new tab"),
        "refused": _("Not saved: %s"),
        "conflict": _("Answered twice: %s. Decide which counts."),
        "decide": _("Decide"),
        "look": _("Look"),
        "no_topic": _("Choose at least one topic: press its key, or t to find it."),
        "no_reason": _("Say why you skip it: press a digit or write a reason."),
        "answer_missing": _("“%s” has to be answered."),
        "no_comment": _("Write what the lead should look at: press m twice."),
        "no_actor_active": _("Press an actor’s digit first, then the tone."),
        "nothing_before": _("There is nothing before this post in this tab."),
        "waiting_for_posts": _("Your next posts come as soon as the connection is back."),
        "fetching_posts": _("Fetching your next posts…"),
        "finishing": _("That was the last one. Saving what is left…"),
        "sign_out_waits": _(
            "%s unsent. They stay on this computer and are sent when you sign in again. "
            "Press “Sign out” once more to leave."
        ),
        "sign_out_loses": _(
            "%s unsent, and nothing is kept on this computer: they are lost when you leave. "
            "Press “Sign out” once more to leave all the same."
        ),
        "nothing_found": _("Nothing found"),
        "skipped": _("skipped"),
        "no_actor": _("no actor"),
    }
