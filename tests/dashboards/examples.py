"""An example that is ready for a report."""

import datetime
import io

from django.contrib.auth.models import User
from PIL import Image

from coding.models import Case
from coding.services import cases
from monitoring.models import Post

AT = datetime.datetime(2021, 2, 8, 12, tzinfo=datetime.UTC)


def ready_case(post: Post, lead: User, *, quote: str) -> Case:
    """With a JPEG and a PNG that may be published, and a picture nobody checked."""
    case = cases.open_case(project=post.project, lead=lead, post=post, kind="hate", quote=quote)
    for kind, colour in (("JPEG", "red"), ("PNG", "blue")):
        shot = cases.add_screenshot(
            case=case, content=picture_in(kind, colour), caption=f"As {kind}", by=lead
        )
        cases.cover_screenshot(screenshot=shot, boxes=[], by=lead)
    case.refresh_from_db()
    words = {name: getattr(case, name) for name in cases.FIELDS}
    case = cases.save_case(
        case=case,
        edition=case.edition,
        fields={**words, "explanation": "It is made up.", "translation": "In other words"},
        links=[cases.Link("fact_check", "https://example.org/checked", "Checked")],
        at=AT,
    )
    cases.set_state(case=case, edition=case.edition, state="ready", at=AT)
    cases.add_screenshot(case=case, content=picture_in("PNG", "green"), caption="Secret", by=lead)
    return case


def picture_in(kind: str, colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, kind)
    return made.getvalue()
