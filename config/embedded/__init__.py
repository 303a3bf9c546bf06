"""PostgreSQL and Valkey from their wheels: real servers, started once, shared by every process.

Web, worker, commands and tests call ``start()``: the first of them starts the server, the others
find it answering. A server lives in a session of its own, so Ctrl-C in one terminal does not end it
for another. Neither opens a TCP port: both listen on Unix sockets in a folder that only their owner
(and root) can enter. ``python -m config.embedded start|stop|status`` does the same by hand.
"""

from config.embedded.postgres import Postgres
from config.embedded.server import EmbeddedServerError, Server, home, unless_in_use
from config.embedded.valkey import Valkey

__all__ = ["EmbeddedServerError", "Postgres", "Valkey", "both", "home", "unless_in_use"]


def both() -> tuple[Server, Server]:
    return Postgres(), Valkey()
