"""A caseload's files, taken into a record."""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime

from sqlalchemy import select

from models.bulk import insert_many
from models.cases import Case
from models.people import Person
from models.record import Record
from models.registrations import Population, ReportedEvent, Spell
from sample.published.files import Files

LOADED = datetime(2015, 6, 1, 9, tzinfo=UTC)


def take_in(record: Record, files: Files) -> None:
    rows, told, people = (list(csv.DictReader(file.open(encoding="utf-8")))
                          for file in (files.registrations, files.events, files.population))  # fmt: skip
    of = defaultdict(list)
    for row in rows:
        of[row["crn"]].append(row)
    with record.writing() as session:
        insert_many(
            session,
            Person,
            [
                {
                    "crn": crn,
                    "surname": mine[0]["surname"],
                    "forenames": mine[0]["forenames"],
                    "date_of_birth": date.fromisoformat(mine[0]["date_of_birth"]),
                }
                for crn, mine in of.items()
            ],
        )
        person = dict(session.execute(select(Person.crn, Person.id)).all())
        insert_many(
            session,
            Case,
            [
                {
                    "reference": f"C-{crn}",
                    "person_id": person[crn],
                    "area": mine[-1]["area"],
                    "lead_agency": "probation",
                    "location": "community",
                    "stage": "managed",
                    "opened_on": date(2010, 1, 1),
                    "victim_contact": False,
                    "holds": [],
                    "restricted": False,
                    "categories": [],
                    "notification_young": False,
                    "transferred": False,
                }
                for crn, mine in of.items()
            ],
        )
        case = dict(session.execute(select(Case.person_id, Case.id)).all())
        insert_many(
            session,
            Spell,
            [
                {
                    "case_id": case[person[row["crn"]]],
                    "person_id": person[row["crn"]],
                    "area": row["area"],
                    "unit": row["unit"],
                    "lead_agency": row["lead_agency"],
                    "location": row["location"],
                    "category": int(row["category"]),
                    "categories": [int(row["category"])],
                    "level": int(row["level"]),
                    "starts_on": date.fromisoformat(row["start_date"]),
                    "ends_on": date.fromisoformat(row["end_date"]) if row["end_date"] else None,
                }
                for row in rows
            ],
        )
        events = []
        for number, row in enumerate(told):
            on = date.fromisoformat(row["date"])
            then = next(
                (one for one in of[row["crn"]] if one["start_date"] <= row["date"] <= (one["end_date"] or "9")),
                of[row["crn"]][-1],
            )
            events.append(
                {
                    "person_id": person[row["crn"]],
                    "case_id": case[person[row["crn"]]],
                    "area": then["area"],
                    "unit": then["unit"],
                    "kind": row["kind"],
                    "on_date": on,
                    "number": number,
                    "category": int(row["category"] or then["category"]),
                    "level": int(row["level"] or then["level"]),
                    "detail": None,
                    "loaded_at": LOADED,
                }
            )
        insert_many(session, ReportedEvent, events)
        insert_many(
            session,
            Population,
            [
                {
                    "area": row["area"],
                    "year": int(row["year"]),
                    "aged_10_and_over": int(row["aged_10_and_over"]),
                    "loaded_at": LOADED,
                }
                for row in people
            ],
        )
