"""From a document to its text and its page: one environment for every template of documents.

HTML is escaped, and a value that is missing is an error: a document is never blank where something was decided.
"""

from functools import cache
from textwrap import TextWrapper

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from casework.documents.blocks import Document

WIDTH = 80


@cache
def environment() -> Environment:
    """Return the templates."""
    found = Environment(
        loader=PackageLoader("casework.documents"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.filters["wrapped"] = wrapped
    return found


def wrapped(text: str, first: str = "", others: str = "") -> str:
    """Return text in lines of eighty characters; its own line breaks stay. ``first``, ``others``: what leads a line."""
    wrapper = TextWrapper(WIDTH, subsequent_indent=others, break_long_words=False, break_on_hyphens=False)
    lines: list[str] = []
    for paragraph in text.splitlines():
        wrapper.initial_indent = others if lines else first
        lines += wrapper.wrap(paragraph) or [""]
    return "\n".join(lines)


def render(name: str, document: Document) -> tuple[str, str]:
    """Return a document as text and as HTML, by the two templates of this name."""
    text, html = (environment().get_template(f"{name}.{form}").render(document=document) for form in ("txt", "html"))
    return text, html
