"""The API of the room: projects, whom they watch, what was published, and imports."""

from monitoring.api import import_steering, imports, published
from monitoring.api.rows import ByNumber, NewestFirst, ProjectRows

__all__ = ["ByNumber", "NewestFirst", "ProjectRows", "urlpatterns"]

urlpatterns = [*published.urlpatterns, *imports.urlpatterns, *import_steering.urlpatterns]
