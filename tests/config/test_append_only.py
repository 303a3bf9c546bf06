"""The tests may empty tables that nothing else may empty."""

import pytest
from django.core.management import call_command
from django.db import InternalError, connection
from django.db.utils import IntegrityError


@pytest.mark.django_db(transaction=True)
def test_between_tests_the_history_is_emptied_and_in_them_it_is_guarded() -> None:
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor, pytest.raises((InternalError, IntegrityError)):
        cursor.execute("TRUNCATE coding_coding CASCADE")
