"""``python -m docs.generate``: write the reference pages anew, from the code.

The same code gives the same pages, byte for byte: no date of generation, no path of a machine, no setting of
the environment. ``tests/docs`` holds the pages in the repository to what is written here.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from docs import (
    api,
    api_samples,
    assurance,
    commands,
    events,
    files,
    indicators,
    json_objects,
    messages,
    rights,
    settings,
    timescales,
)

FOLDER = Path(__file__).parent / "reference"
EXAMPLES = Path(__file__).parents[1] / "web" / "api" / "examples.json"
"""What the API answers, for its description: the page of the API is made from it."""
PAGES: dict[str, Callable[[], str]] = {
    "timescales.md": timescales.page_of_timescales,
    "messages.md": messages.page_of_messages,
    "events.md": events.page_of_events,
    "commands.md": commands.page_of_commands,
    "settings.md": settings.page_of_settings,
    "indicators.md": indicators.page_of_indicators,
    "files.md": files.page_of_files,
    "json.md": json_objects.page_of_json,
    "assurance.md": assurance.page_of_assurance,
    "api.md": api.page_of_api,
    "rights.md": rights.page_of_rights,
}


def main() -> None:
    """Write every page; say which have changed."""
    FOLDER.mkdir(exist_ok=True)
    EXAMPLES.write_text(api_samples.text_of_examples(), encoding="utf-8")
    for name, write in PAGES.items():
        path, text = FOLDER / name, write()
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}: {'written' if changed else 'unchanged'}\n")


if __name__ == "__main__":
    main()
