"""Compiles the translations: ``python -m config.translations [FILE.po …]``."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"

if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:]]
    for path in given or LOCALE.rglob("*.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
