"""The sections of a risk management plan, as text under a name."""

from typing import Any

from policy.texts import plain

PILLARS = ("supervision", "monitoring_and_control", "interventions_and_treatment", "victim_safety")


def sections(content: dict[str, Any]) -> dict[str, str]:
    """Return the sections of a plan by their names, each as one text."""
    found = {name: content.get(name) or "" for name in (*PILLARS, "contingency", "conclusion")}
    found["licence_conditions"] = " ".join(one["text"] for one in content.get("licence_conditions") or ())
    for order in content.get("orders") or ():
        found[f"orders.{order['order']}"] = order["text"]
    found["exclusion_zones"] = " ".join(one["text"] for one in content.get("exclusion_zones") or ())
    for one in content.get("contact_restrictions") or ():
        found[f"contact_restrictions.{plain(one['person'])}"] = f"{one['person']}: {one['restriction']}"
    for one in content.get("contributions") or ():
        found[f"contributions.{one['agency']}"] = one["what"]
    return {name: text for name, text in found.items() if text}
