"""Making a web worker ready before its first request, so that nobody waits for what all need.

Python looks through every object there is now and then; with Django, our pages and Plotly's tables
loaded that takes a tenth of a second, in the middle of somebody's request. What is there when a
worker starts stays for its life: it is taken out of that search.
"""

import gc

from django.urls import get_resolver


def warm_up() -> None:
    """Load every page's code, then leave all that is loaded out of the search for garbage."""
    for pattern in get_resolver().url_patterns:
        # An included list of addresses imports its views when it is first looked at.
        getattr(pattern, "url_patterns", None)
    gc.collect()
    gc.freeze()
