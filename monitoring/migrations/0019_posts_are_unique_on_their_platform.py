"""That no account has a post twice follows from the key of the platform: one index less to fill.

A post is of its account's project and platform (migration 0015), in which its native id is unique.
Dropping the constraint takes a lock for a moment and rewrites nothing.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0018_posts_have_a_language")]

    operations = [
        migrations.RemoveConstraint(model_name="post", name="post_native_id_is_unique_in_account"),
    ]
