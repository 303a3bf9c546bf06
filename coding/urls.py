"""Where monitors code, and where leads settle disagreements and document cases."""

from django.urls import path

from coding.views import (
    agreement,
    asked,
    cases,
    codebook,
    codebook_versions,
    desk,
    history,
    merging,
    outcomes,
    progress,
    review,
    samples,
)

app_name = "coding"
urlpatterns = [
    path("p/<slug:slug>/actors/<int:pk>/", merging.actor, name="actor"),
    path("p/<slug:slug>/code/", desk.desk, name="desk"),
    path("p/<slug:slug>/code/next/", desk.next_posts, name="next"),
    path("p/<slug:slug>/code/release/", desk.release_posts, name="release"),
    path("p/<slug:slug>/code/save/", desk.save, name="save"),
    path("p/<slug:slug>/code/coded/", history.coded, name="coded"),
    path("p/<slug:slug>/code/withdraw/", history.withdraw, name="withdraw"),
    path("p/<slug:slug>/code/asked/", asked.asked, name="asked"),
    path("p/<slug:slug>/code/reply/", asked.reply, name="reply"),
    path("p/<slug:slug>/code/outcomes/", outcomes.outcomes, name="outcomes"),
    path("p/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("p/<slug:slug>/agreement/changes/", agreement.changes, name="agreement_changes"),
    path("p/<slug:slug>/agreement/posts/", agreement.items, name="agreement_items"),
    path("p/<slug:slug>/progress/", progress.progress, name="progress"),
    path("p/<slug:slug>/progress/changes/", progress.changes, name="progress_changes"),
    path("p/<slug:slug>/progress/reassign/", progress.reassign, name="reassign"),
    path("p/<slug:slug>/review/", review.review, name="review"),
    path("p/<slug:slug>/review/settle/", review.settle, name="settle"),
    path("p/<slug:slug>/review/undo/", review.undo, name="unsettle"),
    path("p/<slug:slug>/review/return/", review.give_back, name="give_back"),
    path("p/<slug:slug>/cases/", cases.cases, name="cases"),
    path("p/<slug:slug>/cases/open/", cases.open_case, name="open_case"),
    path("p/<slug:slug>/cases/<int:number>/", cases.case, name="case"),
    path("p/<slug:slug>/cases/<int:number>/state/", cases.set_state, name="case_state"),
    path("p/<slug:slug>/cases/<int:number>/posts/", cases.posts, name="case_posts"),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/", cases.add_screenshot, name="add_screenshot"
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/",
        cases.screenshot,
        name="screenshot",
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/original/",
        cases.original,
        name="original_screenshot",
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/published/",
        cases.published,
        name="published_screenshot",
    ),
    path("p/<slug:slug>/codebook/", codebook.codebook, name="codebook"),
    path("p/<slug:slug>/codebook/start/", codebook_versions.start, name="codebook_start"),
    path("p/<slug:slug>/codebook/discard/", codebook_versions.discard, name="codebook_discard"),
    path("p/<slug:slug>/codebook/publish/", codebook_versions.publish, name="codebook_publish"),
    path("p/<slug:slug>/codebook/recheck/", codebook_versions.recheck, name="recheck"),
    path("p/<slug:slug>/codebook/<slug:section>/add/", codebook.add, name="entry_add"),
    path("p/<slug:slug>/codebook/<slug:section>/<int:pk>/", codebook.save, name="entry_save"),
    path(
        "p/<slug:slug>/codebook/<slug:section>/<int:pk>/<slug:how>/",
        codebook.change,
        name="entry_change",
    ),
    path("p/<slug:slug>/samples/", samples.samples, name="samples"),
    path("p/<slug:slug>/samples/rules/", samples.save_rules, name="sample_rules"),
    path("p/<slug:slug>/samples/draw/", samples.draw, name="samples_draw"),
    path("p/<slug:slug>/samples/overlap/", samples.overlap, name="overlap"),
    path("p/<slug:slug>/samples/assign/", samples.assign, name="assign"),
    path("p/<slug:slug>/samples/computers/", samples.computers, name="computers"),
]
