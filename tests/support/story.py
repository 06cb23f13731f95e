"""Tell a story to a record: load rows, let days pass, see what was prompted. The cast is always the same.

Cora coordinates, Mona manages her, Simon sits on the SMB for probation and Chris chairs it; Olive is the
offender manager, Lionel her line manager, Opal works in the prison's offender management unit. Priya is the police
offender manager, Rae represents the police and Sid manages them; Clare chairs the meetings, Adam administers them;
Vera is the victim liaison officer, Hana represents housing, Hugo manages housing and Holly sits on the SMB for it.
"""

import copy
import csv
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from casework.loading import LoadReport, load_directory, load_sentences
from casework.recording import Actor, Entry, Recorded, Through, example, record_many
from models.cases import Case, Problem
from models.obligations import Message, Prompt, Timescale
from models.people import Person
from models.record import Record
from policy.calendar import LONDON
from tasks import disclosure, exit_planning, identification, meetings, pre_release, prompts, screening
from tasks.stage import StageReport, run_stage

CORA = "cora@mappa.example"
MONA = "mona@mappa.example"
SIMON = "simon@probation.example"
CHRIS = "chris@smb.example"
OLIVE = "olive@probation.example"
LIONEL = "lionel@probation.example"
OPAL = "opal@prison.example"
PRIYA = "priya@police.example"
RAE = "rae@police.example"
SID = "sid@police.example"
SAM = "sam@police.example"
CLARE = "clare@probation.example"
ADAM = "adam@mappa.example"
VERA = "vera@victims.example"
HANA = "hana@housing.example"
HUGO = "hugo@housing.example"
HOLLY = "holly@housing.example"
RUTH = "ruth@council.example"
MET = {"high_risk": True, "senior_representation": "A bed must be found at once, whatever it costs."}
CLERK = Actor(id="clerk", name="clerk", through=Through.CLI)
STAGES = (
    identification.STAGE,
    pre_release.STAGE,
    screening.STAGE,
    meetings.STAGE,
    disclosure.STAGE,
    exit_planning.STAGE,
    prompts.STAGE,
)

DIRECTORY = [
    {"area": "London", "agency": "mappa_unit", "role": "coordinator", "name": "Cora", "email": CORA},
    {"area": "London", "agency": "mappa_unit", "role": "coordinator_manager", "name": "Mona", "email": MONA},
    {"area": "London", "agency": "probation", "role": "smb_member", "name": "Simon", "email": SIMON},
    {"area": "London", "agency": "smb", "role": "smb_chair", "name": "Chris", "email": CHRIS},
    {
        "area": "London",
        "agency": "prison",
        "unit": "HMP Example",
        "role": "prison_offender_management",
        "name": "Opal",
        "email": OPAL,
    },
]


def post(agency: str, role: str, name: str, email: str, unit: str = "") -> dict[str, str]:
    """Return a row of the directory."""
    return {"area": "London", "agency": agency, "unit": unit, "role": role, "name": name, "email": email}


MEETING_DIRECTORY = [
    *DIRECTORY,
    post("mappa_unit", "administrator", "Adam", ADAM),
    post("probation", "chair", "Clare", CLARE),
    post("police", "representative", "Rae", RAE),
    post("police", "senior_manager", "Sid", SID),
    post("police", "smb_member", "Sam", SAM),
    post("victim_liaison", "representative", "Vera", VERA),
    post("housing", "representative", "Hana", HANA),
    post("housing", "senior_manager", "Hugo", HUGO),
    post("housing", "smb_member", "Holly", HOLLY),
    post("prison", "representative", "Opal", OPAL, "HMP Example"),
    post("approved_premises", "representative", "Anna", "anna@premises.example"),
    post("neighbourhood_policing", "representative", "Nell", "nell@police.example"),
    post("childrens_social_care", "representative", "Carl", "carl@council.example"),
]
# Darren (Joint inspection 2015, 3.7): manslaughter, conditional release on 2027-03-12, licence until 2030-07-12.
DARREN = {
    "crn": "X320741",
    "surname": "Invented",
    "forenames": "Darren",
    "date_of_birth": "1985-03-04",
    "area": "London",
    "unit": "North",
    "lead_agency": "probation",
    "offender_manager": "Olive",
    "offender_manager_email": OLIVE,
    "line_manager_email": LIONEL,
    "offence_code": "COML022",
    "offence_date": "2023-01-05",
    "disposal": "imprisonment",
    "term_months": "80",
    "sentence_date": "2023-11-12",
    "conditional_release_date": "2027-03-12",
    "licence_expiry_date": "2030-07-12",
    "location": "custody",
    "prison": "HMP Example",
}


def at(day: str, hour: int = 8) -> datetime:
    """Return an hour of a day in London."""
    return datetime.combine(date.fromisoformat(day), time(hour), tzinfo=LONDON)


def write_csv(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write rows with every column any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Story:
    """A record with the cast in its directory."""

    def __init__(self, record: Record, folder: Path, directory: Sequence[dict[str, str]] = DIRECTORY) -> None:
        self.record = record
        self.folder = folder
        # What ``told_once`` knows it by, until it goes on.
        self.told: str | None = None
        if directory:
            load_directory(record, write_csv(folder / "directory.csv", directory), as_at=at("2020-01-02"), actor="t")

    def load(self, day: str, *rows: dict[str, str]) -> LoadReport:
        self.told = None
        path = write_csv(self.folder / "sentences.csv", rows)
        return load_sentences(self.record, path, as_at=at(day), actor="loader")

    def tick(self, day: str, hour: int = 8) -> list[StageReport]:
        self.told = None
        return [run_stage(self.record, stage, at(day, hour)) for stage in STAGES]

    def record_fact(self, kind: str, day: str, /, *, crn: str = "X320741", **data: Any) -> Recorded:
        self.told = None
        if kind == "level" and data.get("level", 1) > 1:
            # Those of the stories meet the threshold, unless a test tells which they meet.
            data = {"thresholds": MET} | data
        if kind == "referral":
            data = told_by(day, data)
        with self.record.writing() as session:
            entry = Entry(kind, crn, {"date": day, **data})
            [recorded] = record_many(session, [entry], actor=CLERK, as_at=at(day, 9))
            return recorded

    def every_day(self, first: str, last: str) -> None:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            self.tick(day.isoformat())
            day += timedelta(days=1)

    def prompts(self, kind: str | None = None) -> list[tuple[str, int, str, str]]:
        """Return (rung, revision, recipient, day raised), in the order raised; new cases and weekly lists left out."""
        of_ladders = (Prompt.rung != "identified", Prompt.rung.not_like("list %"))
        query = select(Prompt, Timescale.kind).join(Timescale).where(*of_ladders).order_by(Prompt.id)
        with self.record.reading() as session:
            return [
                (p.rung, p.revision, p.recipient, p.raised_at.astimezone(LONDON).date().isoformat())
                for p, its_kind in session.execute(query)
                if kind in (None, its_kind)
            ]

    def timescale(self, kind: str, crn: str = "X320741") -> Timescale:
        [found] = self.timescales(kind, crn)
        return found

    def timescales(self, kind: str, crn: str = "X320741") -> list[Timescale]:
        query = select(Timescale).join(Case).join(Person).where(Timescale.kind == kind, Person.crn == crn)
        with self.record.reading() as session:
            found = list(session.scalars(query.order_by(Timescale.due_on, Timescale.id)))
            session.expunge_all()
            return found

    def owed(self, kind: str, crn: str = "X320741") -> list[tuple[str, str, str | None]]:
        """Return (due, state, met on) of the timescales of a kind, by due date."""
        return [(str(t.due_on), t.state, str(t.met_on) if t.met_on else None) for t in self.timescales(kind, crn)]

    def problems(self) -> list[str]:
        """Return the questions that wait for a person."""
        with self.record.reading() as session:
            query = select(Problem.reason).where(Problem.resolved_at.is_(None)).order_by(Problem.id)
            return list(session.scalars(query))

    def case(self, crn: str = "X320741") -> Case:
        query = select(Case).join(Person).where(Person.crn == crn).order_by(Case.id.desc())
        with self.record.reading() as session:
            found = session.scalars(query).first()
            assert found is not None
            session.expunge(found)
            return found

    def messages(self) -> list[Message]:
        with self.record.reading() as session:
            found = list(session.scalars(select(Message).order_by(Message.created_at, Message.recipient)))
            session.expunge_all()
            return found


def form(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the example of a kind without its date, with some fields changed (None takes one away)."""
    data = {name: value for name, value in copy.deepcopy(example(kind)).items() if name != "date"}
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def attended(agency: str, name: str, status: str = "attended", **more: Any) -> dict[str, Any]:
    """Return a row of attendance."""
    return {"agency": agency, "name": name, "role": "Practitioner", "status": status, **more}


def told_by(day: str, referral: dict[str, Any]) -> dict[str, Any]:
    """Return a referral of which the days of the example are not after the day on which it is told."""
    example = form("referral")
    if referral.get("countersigned_on") == example["countersigned_on"]:
        referral = referral | {"countersigned_on": min(day, example["countersigned_on"])}
    if referral.get("risk_assessment") == example["risk_assessment"]:
        assessed = example["risk_assessment"]
        referral = referral | {"risk_assessment": assessed | {"on": min(day, assessed["on"])}}
    return referral


def anew(text: str, salt: str) -> str:
    """Return a text with so many words of a salt that it does not stand as it did; the text itself without a salt."""
    more = " ".join([salt.rstrip(".")] * (len(text.split()) // 2 + 1))
    return f"{text.rstrip('.')}, {more}." if salt else text


def minuted(
    *rows: dict[str, Any], level: int = 2, next_on: str | None = None, salt: str = "", **changes: Any
) -> dict[str, Any]:
    """Return the record of a meeting with this attendance, each who was there with a view of the risk.

    ``salt`` makes every text differ from another meeting's.
    """
    there = [row for row in rows if row["status"] == "attended"]
    data = form("meeting", meeting=None, actions=[])
    data["attendance"] = list(rows)
    data["risk_views"] = [
        {
            "agency": row["agency"],
            "level": "high",
            "reason": anew(f"Seen from {row['agency']}: no change of risk.", salt),
        }
        for row in there
    ]
    data["information"] = [{"agency": "probation", "text": anew("He keeps every appointment.", salt)}]
    data["plan"] = {name: anew(text, salt) for name, text in data["plan"].items()}
    for name in ("victims", "offender_views"):
        data[name] = anew(data[name], salt)
    data["at_risk"] = [one | {"evidence": anew(anew(one["evidence"], salt), salt)} for one in data["at_risk"]]
    data["disclosure"]["reason"] = anew(data["disclosure"]["reason"], salt)
    data["level_decision"] = {"level": level, "reason": anew("Three agencies hold parts of the plan.", salt)}
    slot = {"starts_at": f"{next_on}T10:00", "minutes_long": 60, "place": "Civic Centre"} if next_on else None
    data["next_meeting"] = slot
    return {name: value for name, value in (data | changes).items() if value is not None}
