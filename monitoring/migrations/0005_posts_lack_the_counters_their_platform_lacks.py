"""A counter that a platform lacks is missing. Posts go on coming in while the old are checked."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

NAME = "post_lacks_the_counters_its_platform_lacks"


class Migration(migrations.Migration):
    atomic = False  # so that the lock of the first step is let go before the table is read

    dependencies = [("monitoring", "0004_tables_are_explained_by_mappings")]

    operations = [
        AddConstraintNotValid(
            model_name="post",
            constraint=models.CheckConstraint(condition=models.Q(('platform__in', ['facebook']), models.Q(('angry__isnull', True), ('care__isnull', True), ('haha__isnull', True), ('love__isnull', True), ('other_reactions__isnull', True), ('platform__in', ['instagram']), ('sad__isnull', True), ('shares__isnull', True), ('wow__isnull', True)), models.Q(('angry__isnull', True), ('care__isnull', True), ('haha__isnull', True), ('likes__isnull', True), ('love__isnull', True), ('platform__in', ['telegram']), ('sad__isnull', True), ('views_total__isnull', True), ('wow__isnull', True)), models.Q(('angry__isnull', True), ('care__isnull', True), ('haha__isnull', True), ('love__isnull', True), ('other_reactions__isnull', True), ('platform__in', ['youtube']), ('sad__isnull', True), ('shares__isnull', True), ('views_total__isnull', True), ('wow__isnull', True)), models.Q(('angry__isnull', True), ('care__isnull', True), ('haha__isnull', True), ('love__isnull', True), ('other_reactions__isnull', True), ('platform__in', ['tiktok', 'x', 'vk', 'odnoklassniki', 'threads']), ('sad__isnull', True), ('views_total__isnull', True), ('wow__isnull', True)), models.Q(('angry__isnull', True), ('care__isnull', True), ('comments__isnull', True), ('haha__isnull', True), ('likes__isnull', True), ('love__isnull', True), ('other_reactions__isnull', True), ('platform__in', ['website']), ('sad__isnull', True), ('shares__isnull', True), ('views__isnull', True), ('views_total__isnull', True), ('wow__isnull', True)), _connector='OR'), name='post_lacks_the_counters_its_platform_lacks'),
        ),
        ValidateConstraint(model_name="post", name=NAME),
    ]
