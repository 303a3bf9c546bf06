"""``python -m config.embedded start|stop|status``."""

import argparse
import sys

from config import embedded, environment


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.embedded")
    parser.add_argument("verb", choices=["start", "stop", "status"])
    verb = parser.parse_args().verb
    environment.read_file()
    for server in embedded.both():
        if verb == "start":
            server.start()
        elif verb == "stop":
            server.stop()
        is_up = server.answers()
        sys.stdout.write(f"{server.name}: {f'answers at {server.url}' if is_up else 'stopped'}\n")


if __name__ == "__main__":
    try:
        main()
    except embedded.EmbeddedServerError as problem:
        sys.exit(f"daana: {problem}")
