"""Where a case stood on a day: by its spells; before, after and without them."""

from datetime import date

from sqlalchemy import select

from figures.stood import Stood
from models.base import table_of
from models.obligations import Timescale
from models.record import Record
from models.registrations import Spell
from tests.support import rows
from tests.support.rows import added

SPELLS = [
    # (area, unit, level, from, to): moved on 10 March and to another area on 1 May, closed on 30 June.
    ("London", "Camden", 2, date(2026, 1, 10), date(2026, 3, 9)),
    ("London", None, 1, date(2026, 3, 10), date(2026, 4, 30)),
    ("Kent", "Dover", None, date(2026, 5, 1), date(2026, 6, 30)),
]
BY_HAND = {
    date(2025, 12, 1): ("London", "Camden", 2),
    date(2026, 1, 10): ("London", "Camden", 2),
    date(2026, 3, 9): ("London", "Camden", 2),
    date(2026, 3, 10): ("London", "", 1),
    date(2026, 4, 30): ("London", "", 1),
    date(2026, 5, 1): ("Kent", "Dover", 0),
    date(2026, 7, 14): ("Kent", "Dover", 0),
}


def test_a_day_belongs_to_the_spell_that_had_begun(record: Record) -> None:
    duty = table_of(Timescale)
    with record.writing() as session:
        case = rows.case(session, rows.person(session), area="Kent", unit="Dover", level=3)
        bare = rows.case(session, rows.person(session, "X200002"), "bare", area="Surrey", unit=None, level=3)
        for area, unit, level, since, until in SPELLS:
            row = Spell(case_id=case.id, person_id=case.person_id, category=1, categories=[1], location="community")
            where = {"area": area, "unit": unit, "level": level, "lead_agency": "probation"}
            added(session, row, where | {"starts_on": since, "ends_on": until})
        for on in BY_HAND:
            rows.timescale(session, case, "action", subject=f"{on}", due_on=on)
        rows.timescale(session, bare, "action", due_on=date(2026, 1, 1))
        stood = Stood(duty.c.due_on)
        asked = select(duty.c.case_id, duty.c.due_on, stood.area, stood.unit, stood.level)
        found = session.execute(asked.select_from(stood.joined(duty, duty.c.case_id))).all()
        assert {on: tuple(where) for of, on, *where in found if of == case.id} == BY_HAND
        assert [tuple(where) for of, _, *where in found if of == bare.id] == [("Surrey", "", 3)]
