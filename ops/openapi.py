"""Write what the API looks like to where the frontend's types are made from it.

`.venv/bin/python ops/openapi.py`, then in frontend/: `npm run types`. With `--check` nothing is written; it says
whether the file is current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crisis_hub.web.openapi import document

FILE = Path(__file__).resolve().parent.parent / "frontend" / "openapi.json"


def written() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        current = FILE.is_file() and FILE.read_text("utf-8") == written()
        if not current:
            print(f"{FILE} is not current: run .venv/bin/python ops/openapi.py", file=sys.stderr)
        return 0 if current else 1
    FILE.write_text(written(), "utf-8")
    print(f"Wrote {FILE}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
