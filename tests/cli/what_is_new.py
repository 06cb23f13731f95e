"""What the commands and their JSON have that they had not when their shapes were recorded, each with the reason."""

from policy.clock import ClockNumbers
from policy.concerns import Concern
from policy.numbers import DateNumbers, SilenceNumbers, TextNumbers

NEW_COMMANDS: dict[str, str] = {
    "mappa recompute": "Duties are derived anew by the rules and numbers in force.",
    "mappa desk": "The web pages alone.",
    "mappa policy try": "What a change of policy would do to what runs is seen before it is made.",
    "mappa policy adopt": "A change of policy is put in force, and what runs is re-dated.",
    "mappa report board": "The board is told each quarter.",
    "mappa report outlook": "What the next weeks bring is counted.",
    "mappa taken-on": "Many duties are decided on at once that were overdue when their area was taken on.",
    "mappa take-on": "An area whose caseload already runs begins quietly.",
    "mappa audit make-key": "The key of the audit trail is made where the processes cannot write it.",
    "mappa audit rotate-key": "The key of the audit trail is changed.",
    "mappa audit accept-rows": "Rows that were changed past the program are kept, with the reason.",
    "mappa audit restored": "A restore of PostgreSQL is noted in the trail, which else looks cut.",
    "mappa confirm": "A person confirms what has stopped the work.",
    "mappa confirm clock": "A clock that looks wrong and is right is confirmed.",
    "mappa confirm record": "A record that was put in its place by hand is confirmed.",
    "mappa token": "Other systems use the API by tokens.",
    "mappa token add": "A token is made.",
    "mappa token list": "Tokens are listed.",
    "mappa token revoke": "A token is revoked.",
    "mappa report": "Figures are counted from the record.",
    "mappa report annual": "The annual report is made.",
    "mappa data-quality": "What does not fit is listed.",
    "mappa load registrations": "A caseload that already runs is taken on with its history.",
    "mappa load events": "What the annual report counts is loaded.",
    "mappa load population": "What the annual report makes its rate with is loaded.",
    "mappa load board-meetings": "Meetings of the Strategic Management Board are loaded.",
    "mappa load board-agenda": "The agenda of the board's meetings, and what was decided, are loaded.",
    "mappa load board-actions": "Actions of the board are loaded, with owner, due day and outcome.",
    "mappa load training": "Who of the police has been trained, and when, is loaded.",
    "mappa load domain-events": "What the prison and probation services publish is taken in.",
    "mappa load templates": "Blank workbooks are written for whoever fills them in.",
    "mappa load map": "A mapping is proposed for a file that calls its columns something else.",
    "mappa published": "The reports that are published on schedule are listed.",
    "mappa board-meetings": "Meetings of the Strategic Management Board are listed.",
    "mappa board-agenda": "The agenda of the board's meetings is listed.",
    "mappa board-actions": "Actions of the board are listed.",
    "mappa training": "Who of the police is trained is listed.",
    "mappa report kpi": "The indicators are counted.",
    "mappa report outcomes": "The outcomes are counted.",
}
"""Commands that came later, each with the reason."""
NEW_PARAMETERS: dict[tuple[str, str], str] = {
    **{
        (f"mappa load {kind}", "['--mapping']"): "Files of other systems are read as they are."
        for kind in ("directory", "sentences", "offences")
    },
    (
        "mappa timescales",
        "['--stuck']",
    ): "What is open past its last reminder is on a weekly list, and may be looked at.",
    ("mappa", "['--version']"): "The version is printed.",
    ("mappa timescales", "['--taken-on']"): "What was overdue when an area was taken on waits for a decision.",
    ("mappa audit verify", "['--record']"): "Every row is held against its seal.",
    ("mappa audit verify", "['--seal']"): "The trail is held against a seal that somebody has kept.",
    ("mappa audit verify", "['--witness']"): "The trail is held against the seals told outside.",
    ("mappa case list", "['--silent']"): "Cases about which nobody is asked in time are listed.",
    ("mappa case list", "['--as-at']"): "Silence is looked at as at a moment.",
    ("mappa drafts show", "['--as-typed']"): "What is no form is kept byte for byte, and can be had back.",
    ("mappa messages resend", "['--state']"): "Many messages are sent again at once, chosen by their state.",
    ("mappa messages resend", "['--recipient']"): "Many messages are sent again at once: those to one address.",
    ("mappa messages resend", "['--reason']"): "Many messages are sent again at once: those of one reason.",
}
"""Arguments and options that came later, by command, each with the reason."""
AGENCIES_ARE_DATA = (
    "Agencies, circumstances and who must come are numbers of the policy now, and an area may add its own."
)
OF_THE_POLICY = (
    "agencies", "agencies.*", "agencies.*.name", "agencies.*.class", "agencies.*.spoken_for_by", "agencies.*.source",
    "circumstances", "circumstances.*", "circumstances.*.question", "circumstances.*.statement",
    "attendance.required", "attendance.required.*", "attendance.required.*.when", "attendance.required.*.agency",
    "attendance.required.*.because", "attendance.required.*.by_local_authority",
)  # fmt: skip
NEW_FIELDS: dict[tuple[str, str], str] = (
    {
        (document, path): AGENCIES_ARE_DATA
        for document in ("policy show", "policy show, of an area")
        for path in OF_THE_POLICY
    }
    | {
        (document, f"{where}.{field}"): "A duty may be missed, on a day and for a reason."
        for document, where in (
            ("case list", "[].timescales[]"),
            ("timescales", "[]"),
            ("case show", "timescales[]"),
        )
        for field in ("met_on", "missed_on", "reason")
    }
    | {
        (document, f"{where}.{field}"): "A duty may be paused, or stuck: both say since or until when."
        for document, where in (
            ("case list", "[].timescales[]"),
            ("timescales", "[]"),
            ("case show", "timescales[]"),
        )
        for field in ("stuck_since", "paused_until", "pause_reason", "pause_authority")
    }
    | {
        ("meetings", f"[].{field}"): "People answer an invitation by calendar, and the answers are on the record."
        for field in ("accepted", "tentative", "declined", "away", "returned")
    }
    | {
        (document, f"merging{path}"): "Until when a merge can be undone is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("", ".undone_within", ".source", ".status")
    }
    | {
        (document, f"handing_over{path}"): "For how long duties may be handed to a colleague is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("", ".longest", ".source", ".status")
    }
    | {
        (document, f"board{path}"): "What the board is shown, and what is held back, is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in (
            "",
            ".level_1_sample",
            ".meetings_a_year",
            ".lay_advisers",
            ".cases_per_officer",
            ".cases_per_officer.offender_manager",
            ".cases_per_officer.police_offender_manager",
            ".training_years",
            ".longest_lists",
            ".overdue_weeks",
            ".overdue_weeks[]",
            ".review_weeks",
            ".review_weeks[]",
            ".source",
            ".status",
            ".small_numbers",
            ".small_numbers.fewer_than",
            ".small_numbers.for_the_board",
            ".small_numbers.source",
            ".small_numbers.status",
        )
    }
    | {
        (
            document,
            f"notification.travel{path}",
        ): "How long before a journey abroad the police are told is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("", ".notice_days", ".source", ".status")
    }
    | {
        (document, f"attendance.{path}"): "Without whom a meeting is not fully informed is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("must_inform", "must_inform[]", "must_inform_at_level_3", "must_inform_at_level_3[]")
    }
    | {
        (document, f"visor{path}"): "Whether category 2 stands on ViSOR at level 1 is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("", ".category_2", ".source", ".status")
    }
    | {("plan", "content.success"): "The plan says what success looks like."}
    | {
        (document, f"publishing{path}"): "How long after a period its reports are published is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("", ".wait_working_days", ".source", ".status")
    }
    | {
        (document, path): "Targets of indicators, and what the inspection found, are of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in (
            *(
                "indicators" + more
                for more in (
                    "",
                    ".targets",
                    ".targets.*",
                    ".targets.*.per_cent",
                    ".targets.*.source",
                    ".targets.*.status",
                )
            ),
            *(
                "outcomes" + more
                for more in (
                    "",
                    ".compare",
                    ".cases",
                    ".inspected",
                    ".inspected.*",
                    ".inspected.*.number",
                    ".inspected.*.per_cent",
                    ".inspected.*.source",
                    ".source",
                    ".status",
                )
            ),
        )
    }
    | {
        (document, path): "How long a duty may be paused, and who hears of what is stuck, is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in (
            "pausing",
            "pausing.longest_snooze",
            "pausing.snoozes",
            "pausing.longest_stop",
            "pausing.source",
            "pausing.status",
            "stuck_list",
            "stuck_list.weekday",
            "stuck_list.weekly",
            "stuck_list.weekly[]",
            "stuck_list.monthly",
            "stuck_list.monthly[]",
            "stuck_list.source",
            "stuck_list.status",
            "timescales.*.rungs[].again",
        )
    }
    | {
        ("problems", f"[].{field}"): "Every open question names the fact that answers it."
        for field in ("answered_by", "answer")
    }
    | {
        ("prompts", "[].first_recipient"): "A prompt keeps who was asked first, where another was asked in the end.",
        ("messages", "[].prompts[].first_recipient"): "A prompt keeps who was asked first.",
    }
    | {("simulate", "prompts_by_kind.*"): "What is stuck stands on the list of the simulated Monday."}
    | {
        (document, path): "How long a case may go without a prompt is a number of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("silence", *(f"silence.{name}" for name in SilenceNumbers.model_fields))
    }
    | {
        (document, path): "How far the clock of a machine may stray is a number of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("clock", *(f"clock.{name}" for name in ClockNumbers.model_fields))
    }
    | {
        (document, path): "Within which days a date may lie is a number of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("dates", *(f"dates.{name}" for name in DateNumbers.model_fields))
    }
    | {
        (document, path): "How long a text of a form may be is a number of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in ("texts", *(f"texts.{name}" for name in TextNumbers.model_fields))
    }
    | dict.fromkeys(
        ((f"load {what}", "in_question") for what in ("directory", "sentences, a dry run", "sentences", "offences")),
        "A row that gives another release date than a person recorded is a question, and not unchanged.",
    )
    | {
        (document, path): "Whom an event concerns is of the policy."
        for document in ("policy show", "policy show, of an area")
        for path in (
            "concerns",
            "concerns.*",
            "concerns.*[]",
            "concerns.*[].when[]",
            *(f"concerns.*[].{name}" for name in Concern.model_fields),
        )
    }
    | {("events", "[].recorded_at"): "The hour at which it was recorded tells an event from another of its day."}
    | dict.fromkeys(
        (("case list", "[].door_opens_on"), ("case show", "door_opens_on"), ("case show, no case", "door_opens_on")),
        "The door opens before the date: the page shows both.",
    )
    | {
        ("audit verify", field): "The trail is sealed, and the seals are told outside."
        for field in ("seals", "seal", "unproven")
    }
    | {("audit verify", "rows"): "Every row can be held against its seal."}
    | {("problems", path): "A question says which facts answer it." for path in ("[].answered_by", "[].answer")}
    | {
        (document, path): "A rung may be raised again until its duty is met."
        for document in ("policy show", "policy show, of an area")
        for path in ("timescales.*.rungs[].again",)
    }
    | {
        ("absences", f"[].{field}"): "An absence is judged by what was required on the day, and by who was invited."
        for field in ("invited", "withdrawn_on", "withdrawn_because")
    }
)
"""Fields that came later, by document and path, each with the reason."""
