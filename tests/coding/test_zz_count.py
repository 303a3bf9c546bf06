from django.test.utils import CaptureQueriesContext
from tests.coding.test_views_desk import *
from django.db import connection
def test_count(desk_project, monitor, signed_in):
    signed_in.get(url("next")); signed_in.post(url("save"), body(desk_project, monitor))
    for n, f in [("next", lambda: signed_in.get(url("next"), {"count":5,"after":1})), ("desk", lambda: signed_in.get(url("desk"))),("save", lambda: signed_in.post(url("save"), body(desk_project, monitor, 1))),("coded", lambda: signed_in.get(url("coded")))]:
        with CaptureQueriesContext(connection) as c: r=f()
        print(n, r.status_code, len(c)-3, len(r.content), [q["sql"][:26] for q in c.captured_queries] if n=="save" else "")
