"""Projects, whom they watch, and what was published."""

from typing import Any

import django_filters
from django.db.models import QuerySet, Subquery
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated

from monitoring.access import Action
from monitoring.api.rows import ByMoment, BySlug, ProjectRows, project_of
from monitoring.interactions import COUNTERS
from monitoring.models import (
    Account,
    Actor,
    Observation,
    Post,
    Project,
)


class ProjectList(generics.ListAPIView):
    """The projects in which the asker holds a role."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Project
            fields = ["slug", "name", "country", "timezone", "languages", "notice"]
            ref_name = "Project"

    permission_classes = [IsAuthenticated]
    serializer_class = Output
    pagination_class = BySlug
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        return Project.objects.visible_to(self.request.user)


class ActorFilter(django_filters.FilterSet):
    category = django_filters.CharFilter(field_name="category__key")


class ActorList(ProjectRows):
    """The monitored actors. ``merged`` are ids of actors that count as this one: codings keep them.

    Where an id is asked for, one of those does as well.
    """

    class Output(serializers.ModelSerializer):
        category = serializers.SlugRelatedField(slug_field="key", read_only=True)
        names = serializers.SerializerMethodField()
        merged = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

        class Meta:
            model = Actor
            fields = ["id", "name", "category", "names", "merged"]
            ref_name = "Actor"

        def get_names(self, actor: Actor) -> list[str]:
            known = [name.text for name in actor.names.all()]
            for one in actor.merged.all():
                known += [one.name, *(name.text for name in one.names.all())]
            return list(dict.fromkeys(known))

    action_for = {"GET": Action.VIEW_ACTORS}
    serializer_class = Output
    filterset_class = ActorFilter

    def get_queryset(self) -> QuerySet:
        actors = Actor.objects.of(self.project).listed().select_related("category")
        return actors.prefetch_related("names", "merged__names")


class OfActor(django_filters.NumberFilter):
    """The rows of an actor, also by the id of one that was merged into it."""

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return rows
        counting = Actor.objects.of(project_of(self.parent.request)).counting(value)
        return rows.filter(**{self.field_name: Subquery(counting.values("pk"))})


class AccountFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter()
    state = django_filters.CharFilter()
    actor = OfActor()
    category = django_filters.CharFilter(field_name="actor__category__key")


class AccountList(ProjectRows):
    """The accounts of the actors, and those that wait for theirs."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Account
            fields = ["id", "actor", "platform", "kind", "native_id", "handle", "name"]
            fields += ["url", "state"]
            ref_name = "Account"

    action_for = {"GET": Action.VIEW_ACTORS}
    serializer_class = Output
    filterset_class = AccountFilter

    def get_queryset(self) -> QuerySet:
        return Account.objects.of(self.project)


class PostFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter()
    type = django_filters.CharFilter()
    language = django_filters.CharFilter()
    account = django_filters.NumberFilter(field_name="account_id")
    actor = OfActor(field_name="account__actor")
    category = django_filters.CharFilter(field_name="account__actor__category__key")
    published_from = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte")
    published_before = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="lt")


class PostList(ProjectRows):
    """The posts with their reported counters; a counter the platform lacks is null, not 0."""

    class Output(serializers.ModelSerializer):
        last_observed_at = serializers.DateTimeField(source="newest_observation", read_only=True)

        class Meta:
            model = Post
            fields = ["id", "account", "platform", "native_id", "type", "published_at"]
            fields += ["text", "language", "url", "link", "link_text", "link_description"]
            fields += ["image_text", "media_url", "sponsor", "followers", *COUNTERS, "reactions"]
            fields += ["interactions", "counted_at", "is_provisional", "last_observed_at"]
            ref_name = "Post"

    action_for = {"GET": Action.VIEW_POSTS}
    serializer_class = Output
    filterset_class = PostFilter

    def get_queryset(self) -> QuerySet:
        return Post.objects.of(self.project).with_newest_observation()


class ObservationList(ProjectRows):
    """Every reading of a post's counters, the oldest first."""

    class Output(serializers.ModelSerializer):
        class Meta:
            model = Observation
            fields = ["observed_at", "source_import", *COUNTERS]
            ref_name = "Observation"

    action_for = {"GET": Action.VIEW_POSTS}
    serializer_class = Output
    pagination_class = ByMoment
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet:
        post = generics.get_object_or_404(Post.objects.of(self.project), pk=self.kwargs["pk"])
        return Observation.objects.filter(post=post)


_PROJECT = "projects/<slug:slug>"
urlpatterns = [
    path("projects/", ProjectList.as_view(), name="api-projects"),
    path(f"{_PROJECT}/actors/", ActorList.as_view(), name="api-actors"),
    path(f"{_PROJECT}/accounts/", AccountList.as_view(), name="api-accounts"),
    path(f"{_PROJECT}/posts/", PostList.as_view(), name="api-posts"),
    path(
        f"{_PROJECT}/posts/<int:pk>/observations/",
        ObservationList.as_view(),
        name="api-observations",
    ),
]
