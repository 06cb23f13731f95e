"""``mappa demo``: an invented area, loaded; the first runs reported to Prefect; then everything is served.

``--check`` does the same on a free port and in a folder of its own, looks at what came of it, and ends.
"""

import json
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assurance.settings import AssuranceSettings
from casework.domain_event_files import load_domain_events
from casework.loading import (
    LoadReport,
    load_board_actions,
    load_board_agenda,
    load_board_meetings,
    load_directory,
    load_sentences,
    load_training,
)
from casework.loading.mapping import read_mapping
from casework.recording import Actor, Through, example
from figures.settings import FigureSettings
from models.clock import now
from models.record import Record, working_calendar
from models.settings import RecordSettings, shipped
from notifications.settings import MailSettings
from policy.calendar import london_date, london_time
from policy.errors import FailedError
from sample.area import SENTENCE_COLUMNS, sentence_rows, write_area, write_csv
from sample.board_business import (
    ACTION_COLUMNS,
    AGENDA_COLUMNS,
    TRAINING_COLUMNS,
    action_rows,
    agenda_rows,
    training_rows,
)
from sample.board_meetings import board_rows, write_workbook
from sample.demo_check import tally, wrong_in_prefect, wrong_in_the_mail, wrong_in_the_record
from sample.desk_check import refuse_a_desk_that_fails
from sample.desk_people import PAGES
from sample.domain_events import write_events
from sample.history import Shown, first_day, live, record_today, shown
from sample.mail_index import write_index
from sample.replies import answer_today
from service import logs
from service.desk import refuse_taken_desk_port
from service.open_record import open_ready_record
from service.prefect.runs import Runs
from service.prefect.secret import secret_file
from service.prefect.server import PrefectServer, client_environment
from service.serve import (
    flush_prefect,
    import_prefect,
    refuse_taken_metrics_port,
    wait_for,
    work,
)
from service.serve_settings import ServeSettings
from service.settings import Settings
from service.stopping import StopAsked, say
from tasks.quiet import use_prefect
from tasks.registry import STAGES
from tasks.stage import what_waits
from views.times import PROMPT_HOUR, spoken
from web.settings import DeskSettings

FOLDER = "demo"
ACTOR = "demo"
FEED = Actor(id="demo", name="demo", through=Through.SAMPLE)
BEGUN = time.monotonic()
MOST_CHANGES_SHOWN = 10
MOST_REJECTS_SHOWN = 3
# Those there were half a year ago, and those of today's file.
PEOPLE, NEW_PEOPLE = 500, 30


class DemoFailedError(FailedError):
    """The check of the demo found something missing; the message says what."""


def step(line: str) -> None:
    """Say what begins now, and how many seconds have passed: some steps take a minute."""
    say(f"{time.monotonic() - BEGUN:4.0f} s  {line}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo keeps its things."""

    folder: Path
    database: str
    mail: Path
    port: int
    desk_port: int

    @property
    def forms(self) -> Path:
        """The folder of filled-in forms for things to try."""
        return self.folder / "forms"


def demo(given: Settings, check: bool = False) -> None:
    """Show the main job on sample data; raises ``DemoFailedError`` where the check finds something missing.

    Of the settings ``given`` it takes the log, the folder and the port: a demo has a record and mail of its own.
    """
    logs.set_up(given.log)
    begun = time.monotonic()
    with the_place(given.serve, given.desk.desk_port, check) as place:
        settings, stop = settings_for(place, given).with_the_desk, StopAsked()
        refuse_taken_metrics_port(settings.serve)
        refuse_taken_desk_port(settings.desk)
        stop.listen()
        with PrefectServer(settings.serve) as server:
            use_prefect(client_environment(settings.serve) | settings.environment())
            step("starting: the first start takes up to half a minute")
            import_prefect()
            record = open_ready_record(settings, make=True)
            as_at = moment_of_the_demo(record)
            load_area(record, place, as_at)
            step("waiting for Prefect")
            prefect_is_up = wait_for(server, stop)
            if not stop.is_set():
                first_runs(record, settings.serve, as_at)
                install_automations(settings.serve)
                print_tour(record, place, settings.serve, settings.desk, as_at)
            if check:
                step("somebody of each role comes to the desk")
                refuse_a_desk_that_fails(record, settings)
                look_at_what_came_of_it(record, place, settings.serve, as_at)
                step("the demo does what it should")
            elif not stop.is_set():
                work(settings, server, record, stop, begun, prefect_is_up, PAGES)
                say("stopping")


@contextmanager
def the_place(settings: ServeSettings, desk_port: int, check: bool) -> Iterator[Place]:
    """Yield an empty place: ``var/demo`` for a demo, a folder that goes away again for a check."""
    if check:
        with tempfile.TemporaryDirectory(prefix="mappa-demo-") as temporary:
            yield place_in(Path(temporary), free_port(), free_port())
        return
    folder = (settings.state_dir / FOLDER).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    yield place_in(folder, settings.prefect_port, desk_port)


def place_in(folder: Path, port: int, desk_port: int) -> Place:
    """Return the place in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder, f"sqlite:///{folder}/mappa.db", folder / "mail", port, desk_port)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(place: Place, given: Settings) -> Settings:
    """Return the demo's settings: its own database, a folder for mail, and nothing else of what an operator has set."""
    return Settings(
        record=shipped(RecordSettings, database_url=place.database),
        mail=shipped(MailSettings, mail_folder=place.mail),
        serve=shipped(ServeSettings, state_dir=place.folder, prefect_port=place.port),
        desk=shipped(DeskSettings, desk_port=place.desk_port),
        log=given.log,
        assurance=shipped(AssuranceSettings),
        figures=shipped(FigureSettings, reports_dir=place.folder / "reports"),
    )


def moment_of_the_demo(record: Record) -> datetime:
    """Return the latest moment at which prompts go out: now, or 08:00 of the last working day.

    On a Sunday nothing would leave before Monday, and a demo should not have to wait for it.
    """
    present = now()
    with record.reading() as session:
        calendar = working_calendar(session)
    today = london_date(present)
    if calendar.is_working_day(today) and present >= london_time(today, PROMPT_HOUR):
        return present
    return london_time(calendar.add_working_days(today, -1), PROMPT_HOUR)


def load_area(record: Record, place: Place, as_at: datetime) -> None:
    """Write the invented area's files and load them as an operator would; let half a year pass; load today's file."""
    today = london_date(as_at)
    begun = first_day(today)
    files = write_area(place.folder / "files", today=begun, people=PEOPLE)
    step(f"an invented area, Westmarch, half a year ago: files of {files.people} people, all of them made up")
    when = london_time(begun, PROMPT_HOUR)
    loaded = load_directory(record, files.directory, as_at=when, actor=ACTOR)
    say(f"  directory: {counts(loaded)}")
    load_and_tell(record, files.sentences, when)
    step("half a year passes, in which they meet, answer, and stay away: a minute or two")
    live(record, today)
    lived = tally(record)
    say(
        f"  since then {lived.facts:,} facts were recorded: {lived.meetings_held} meetings, "
        f"{lived.absences} times an agency stayed away, {lived.to_smb_chair} prompts to the SMB Chair"
    )
    new = place.folder / "files" / "sentences-today.csv"
    rows = ((row, "") for row in sentence_rows(today=today, people=NEW_PEOPLE, first=PEOPLE, faults=False))
    write_csv(new, SENTENCE_COLUMNS, rows)
    step(f"today, {spoken(as_at)}, a file of new sentences came")
    load_and_tell(record, new, as_at)
    book, mapping = write_workbook(place.folder / "files", board_rows(today=today, people=PEOPLE))
    board = load_board_meetings(record, book, as_at=as_at, actor=ACTOR, mapping=read_mapping(mapping))
    say(f"  board meetings, a workbook read by {mapping.name}: {counts(board)}")
    load_business(record, place.folder / "files", today, as_at)
    events = place.folder / "files" / "domain-events.jsonl"
    write_events(record, events, today)
    report = load_domain_events(record, events, as_at=as_at, actor=FEED)
    say(f"  domain events of this morning: {report.read} read, {report.in_question} to be asked about")


def load_business(record: Record, folder: Path, today: date, as_at: datetime) -> None:
    """Load what the board talked of and set itself, and who is trained."""
    for name, load, columns, rows in (
        ("board-agenda", load_board_agenda, AGENDA_COLUMNS, agenda_rows(today=today)),
        ("board-actions", load_board_actions, ACTION_COLUMNS, action_rows(today=today, people=PEOPLE)),
        ("training", load_training, TRAINING_COLUMNS, training_rows(today=today, people=PEOPLE)),
    ):
        write_csv(folder / f"{name}.csv", columns, ((row, "") for row in rows))
        say(f"  {name}: {counts(load(record, folder / f'{name}.csv', as_at=as_at, actor=ACTOR))}")


def load_and_tell(record: Record, path: Path, as_at: datetime) -> None:
    """Load a sentences file, and show what was rejected."""
    rejects = path.with_suffix(".rejects.csv")
    loaded = load_sentences(record, path, as_at=as_at, actor=ACTOR, rejects=rejects)
    put_in = f"; faults were put in on purpose, the rejects are in {rejects}" if loaded.rejects else ""
    say(f"  sentences: {counts(loaded)}{put_in}")
    for reject in loaded.rejects[:MOST_REJECTS_SHOWN]:
        say(f"    line {reject.line}, column {reject.column}: {reject.reason}")


def counts(report: LoadReport) -> str:
    """Return the counts of a load in words."""
    return f"{report.read} rows read, {report.added} added, {report.rejected} rejected"


def first_runs(record: Record, settings: ServeSettings, as_at: datetime) -> None:
    """Run every stage on what was loaded, and again after some facts were recorded."""
    # On a Sunday they are as at the last working day.
    invented = record.settings(RecordSettings).model_copy(update={"any_moment": True})
    runs = Runs(record.with_settings(invented), settings.api_url)
    step("the first runs, each a flow run in the Prefect UI:")
    run_all(runs, as_at)
    changes = [*record_today(record, as_at), *answer_today(record, as_at)]
    say(f"  then {len(changes)} facts were recorded, answers to invitations among them:")
    for change in changes[:MOST_CHANGES_SHOWN]:
        say(f"    {change}")
    run_all(runs, as_at)
    # What was held back for the address that sends e-mail back is told further up at the next look.
    run_all(runs, as_at)
    flush_prefect()


def run_all(runs: Runs, as_at: datetime) -> None:
    """Run each stage in which something waits, and say what it did."""
    for stage in STAGES.values():
        if not what_waits(runs.record, stage, as_at, limit=1):
            continue
        ran = runs.run(stage, as_at)
        report, how = ran.report, "" if ran.recorded else " (not reported to Prefect)"
        say(
            f"  {stage.name:<15} {report.waited:>4} {stage.noun} waited, {report.count('done')} done, "
            f"{report.count('skipped')} skipped, {report.count('failed')} failed{how}"
        )


def install_automations(settings: ServeSettings) -> None:
    """Install what Prefect watches; nobody is told by e-mail, as a demo has no operator."""
    from service.prefect.automations import install

    done = install(settings.api_url, tell_by_mail=False)
    say(f"  {len(done)} automations installed in Prefect")


def print_tour(record: Record, place: Place, settings: ServeSettings, desk: DeskSettings, as_at: datetime) -> None:
    """Write the index of the e-mails; say what there is, where to look and what to try."""
    found, holds = shown(record, place.mail), tally(record)
    index = write_index(record, place.mail, as_at)
    place.forms.mkdir(exist_ok=True)
    form = place.forms / "referral.json"
    form.write_text(json.dumps(example("referral") | {"date": london_date(now()).isoformat()}, indent=2))
    step(f"there are now {holds.people:,} people and {holds.open_cases:,} open cases on record; where to look:")
    say(f"  {desk.address}/demo   the desk, once everything is up: choose who to be")
    say(f"  {settings.ui_url}/runs   the flow runs; open one and its artifacts")
    say(f"      to sign in there, paste the line that stands in {secret_file(settings.prefect_home)}")
    say(f"  {index}   the {holds.mails:,} e-mails so far, to read and search in a browser")
    if found.letter:
        say(f"  {found.letter}   a letter to the SMB Chair about an agency that stayed away")
    for line in things_to_try(place, found, form):
        say(line)


def things_to_try(place: Place, found: Shown, form: Path) -> Iterator[str]:
    """Yield commands for another terminal."""
    yield "things to try, in another terminal:"
    yield f"  export MAPPA_DATABASE_URL={place.database}"
    if found.minuted:
        crn, number = found.minuted
        yield f"  .venv/bin/mappa case show {crn}"
        yield f"  .venv/bin/mappa minutes --crn {crn} --meeting {number} --html {place.folder}/minutes.html"
    yield "  .venv/bin/mappa absences --open"
    yield "  .venv/bin/mappa meetings --state planned"
    if found.before_release:
        yield f"  .venv/bin/mappa record referral --crn {found.before_release} --file {form}"
    yield "  .venv/bin/mappa problems --open"


def look_at_what_came_of_it(record: Record, place: Place, settings: ServeSettings, as_at: datetime) -> None:
    """Raise ``DemoFailedError`` with everything that is not as it should be: in the record, the mail and Prefect."""
    found = shown(record, place.mail)
    wrong = [
        *wrong_in_the_record(record, as_at),
        *wrong_in_the_mail(record, place.mail),
        *wrong_in_prefect(settings.api_url),
    ]
    if found.letter is None:
        wrong.append("nothing was escalated to the SMB Chair in half a year")
    if found.minuted is None:
        wrong.append("no meeting has final minutes")
    if wrong:
        raise DemoFailedError("; ".join(wrong), reasons=wrong)
    say(f"checked: {tally(record).mails:,} e-mails, the runs in Prefect, the audit trail; nothing failed, none waits")
