"""The page on which a lead says what is coded, how often, and by whom."""

import pytest
from django.test import Client
from django.urls import reverse

from coding.models import Assignment, OverlapPost, Sample, SampleRule, Workload
from coding.services.desk_rules import keeps_unsent
from monitoring.models import Account, Project, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def outlet(project: Project) -> Account:
    return make.account(make.actor(project, category="media"))


@pytest.fixture
def lead(project: Project, client: Client) -> Client:
    client.force_login(make.member(project, Role.LEAD, name="lead"))
    return client


def url(name: str, project: Project) -> str:
    return reverse(f"coding:{name}", args=[project.slug])


def rules(project: Project, **media: object) -> dict[str, object]:
    sent: dict[str, object] = {
        f"{category.key}-method": "census" for category in project.categories.all()
    }
    return sent | {f"media-{name}": value for name, value in media.items()}


def test_rules_are_set_and_what_drawing_changes_is_told_before_it_is_done(
    lead: Client, project: Project, outlet: Account
) -> None:
    for likes in range(5):
        make.post(outlet, likes=likes)
    lead.post(url("samples_draw", project), {"what": "draw"})
    sent = rules(project, method="top", size=2, per_account="on", per_period="on")
    page = lead.post(url("sample_rules", project), sent, follow=True).content.decode()
    rule = SampleRule.objects.of(project).get(category__key="media")
    assert (rule.size, rule.per_account, rule.per_period) == (2, True, True)
    assert "What drawing now would change" in page
    assert "the 2 posts with most interactions of each account in each period" in page
    assert Sample.objects.of(project).get().sample_posts.current().count() == 5
    lead.post(url("samples_draw", project), {"what": "draw"})
    assert Sample.objects.of(project).get().sample_posts.current().count() == 2


def test_a_top_sample_without_a_number_is_refused(lead: Client, project: Project) -> None:
    page = lead.post(url("sample_rules", project), rules(project, method="top"), follow=True)
    assert "needs a number of posts" in page.content.decode()


def test_samples_are_frozen_and_thawed(lead: Client, project: Project, outlet: Account) -> None:
    lead.post(url("samples_draw", project), {"what": "draw"})
    lead.post(url("samples_draw", project), {"what": "freeze"})
    assert Sample.objects.of(project).get().frozen_at
    assert "frozen: stays" in lead.get(url("samples", project), {"preview": 1}).content.decode()
    lead.post(url("samples_draw", project), {"what": "thaw"})
    assert Sample.objects.of(project).get().frozen_at is None


def test_the_page_says_how_many_posts_two_have_to_code(lead: Client, project: Project) -> None:
    page = lead.get(url("samples", project), {"rarest": "5", "alpha": "0.8"}).content.decode()
    assert ">560 posts<" in page
    assert "1,363" in page


def test_the_overlap_is_drawn_and_dealt_to_two(
    lead: Client, project: Project, outlet: Account
) -> None:
    monitors = [make.member(project), make.member(project)]
    for _ in range(4):
        make.post(outlet)
    lead.post(url("samples_draw", project), {"what": "draw"})
    sent = {"size": 3, "flagged": 0, "by": "account", "seed": 7, "coders": 2}
    lead.post(url("overlap", project), sent)
    assert OverlapPost.objects.count() == 3
    work = {f"person-{person.pk}-share": 1 for person in monitors}
    work |= {f"person-{lead.session['_auth_user_id']}-share": 0, "what": "deal"}
    page = lead.post(url("assign", project), work, follow=True).content.decode()
    assert Assignment.objects.of(project).count() == 7
    assert "7 assignments were made" in page
    lead.post(url("overlap", project), sent | {"coders": 6})
    lead.post(url("overlap", project), sent | {"coders": 3})
    assert set(OverlapPost.objects.values_list("coders", flat=True)) == {3}
    work[f"person-{make.member(project).pk}-share"] = 1
    page = lead.post(url("assign", project), work, follow=True).content.decode()
    assert "3 assignments were made" in page
    work[f"person-{monitors[0].pk}-categories"] = "party"
    work["what"] = "pool"
    page = lead.post(url("assign", project), work, follow=True).content.decode()
    assert "4 posts are in the common pool" in page
    row = Workload.objects.of(project).get(monitor=monitors[0])
    assert (row.share, row.categories) == (1, ["party"])


def test_the_page_opens_with_the_same_queries_whatever_is_in_it(
    lead: Client, project: Project, outlet: Account, django_assert_max_num_queries
) -> None:
    lead.get(url("samples", project))
    for _ in range(8):
        make.post(outlet)
        make.member(project)
    lead.post(url("samples_draw", project), {"what": "draw"})
    with django_assert_max_num_queries(22):
        lead.get(url("samples", project))


def test_monitors_do_not_draw(project: Project, client: Client) -> None:
    client.force_login(make.member(project))
    assert client.get(url("samples", project)).status_code == 403
    assert client.post(url("samples_draw", project)).status_code == 403


def test_a_lead_says_whether_monitors_computers_keep_anything(
    lead: Client, project: Project
) -> None:
    page = lead.get(url("samples", project)).content.decode()
    assert 'name="keeps_unsent" checked' in page
    page = lead.post(url("computers", project), follow=True).content.decode()
    assert 'name="keeps_unsent" checked' not in page
    lead.post(url("computers", project), {"keeps_unsent": "on"})
    assert keeps_unsent(project=project)
