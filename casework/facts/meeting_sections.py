"""The sections of the record of a meeting, as text under a name: what could be copied on to the next."""

from typing import Any

from policy.texts import plain

# What may be left out, and so has to be struck where it stood before.
OPTIONAL_SECTIONS = ("media_strategy", "links")


def sections(record: dict[str, Any]) -> dict[str, str]:
    """Return the sections of a record by their names; none of a meeting without a record."""
    found = {name: record.get(name) for name in ("victims", "offender_views", *OPTIONAL_SECTIONS)}
    found |= {f"plan.{name}": text for name, text in (record.get("plan") or {}).items()}
    for name in ("disclosure", "level_decision", "critical_public_protection_case"):
        found[f"{name}.reason"] = (record.get(name) or {}).get("reason")
    found |= {f"information.{one['agency']}": one["text"] for one in record.get("information") or ()}
    found |= {f"risk_views.{one['agency']}": one["reason"] for one in record.get("risk_views") or ()}
    for one in record.get("at_risk") or ():
        name = f"at_risk.{plain(one['who'])}"
        found[name] = f"{found.get(name, '')} {one['of_what']}; {one['when']}; {one['evidence']}".strip()
    return {name: text for name, text in found.items() if text}
