"""Rendering: ten thousand messages, each a MIME message with text and HTML, half digests, half escalations."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.memory import peak_mb
from models.settings import shipped
from notifications.letters.lines import PromptLine
from notifications.letters.rendering import Envelope, render
from notifications.settings import MailSettings

PROMPTS_A_DIGEST = 5


def line(number: int, weight: str) -> PromptLine:
    """Return one prompt on a case of its own."""
    day = date(2026, 11, 20) + timedelta(days=number % 60)
    return PromptLine(
        "referral", f"BEN-2026-{number:06d}", day, "due", day, number % 3, weight, "offender_manager", None, number, 1
    )


def render_all(count: str) -> dict[str, Any]:
    """Render so many messages to bytes, as a transport would ask for them."""
    settings, total = shipped(MailSettings), 0
    as_at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    start = time.perf_counter()
    for number in range(int(count)):
        digest = number % 2 == 0
        kind, prompts = ("digest", PROMPTS_A_DIGEST) if digest else ("escalation", 1)
        lines = [line(number * 10 + n, "reminder" if digest else "escalation") for n in range(prompts)]
        envelope = Envelope(
            kind, "Benchshire", f"om{number}@probation.example", None, "MAPPA: prompts", f"<{number}@bench>", as_at
        )
        total += len(render(envelope, lines, settings, repeat=False).as_bytes())
    return {
        "seconds": time.perf_counter() - start,
        "bytes": total,
        "mb": peak_mb(),
    }
