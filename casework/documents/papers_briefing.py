"""What somebody needs who comes to a case in place of another: what their agency said last time, and has to do.

Source: Joint inspection 2015, 5.4: different people came, and openly knew nothing of the meetings before.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from casework.documents.blocks import Section, Table
from casework.documents.held import must_inform, seats_of
from casework.documents.wording import Names
from models.meetings import Action, Meeting
from policy.at_the_table import attended, not_informed_by
from policy.words import short_date


def briefing(session: Session, last: Meeting | None, actions: Sequence[Action], agency_name: Names) -> list[Section]:
    """Return, by agency, who came last time, what it told, and its open actions; nothing before a second meeting."""
    if last is None or last.record is None:
        return []
    there = attended(seats_of(last))
    told = {one["agency"]: one["text"] for one in last.record.get("information") or ()}
    agencies = dict.fromkeys([*there, *told, *(action.agency for action in actions)])
    rows = [
        (
            agency_name(agency),
            ", ".join(there.get(agency, ())) or "Nobody came",
            told.get(agency, "Nothing is on record"),
            "\n".join(f"{one.number}. {one.text}, {one.owner_name}, due {short_date(one.due_on)}"
                      for one in actions if one.agency == agency) or "No action is open",
        )
        for agency in agencies
    ]  # fmt: skip
    silent = [agency_name(agency) for agency in not_informed_by(seats_of(last), must_inform(session, last))]
    caption = f"The meeting of {short_date(last.on)}" + (
        f", which was not fully informed: {', '.join(silent)} neither came nor sent an update" if silent else ""
    )
    columns = ("Agency", "Who came", "What it told", "Its open actions")
    return [Section("If you come for the first time", [Table(caption, columns, rows, "Nobody came.")])]
