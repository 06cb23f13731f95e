"""Whom an event concerns, by the table of the policy: the role, and where it is so.

Sources: Joint inspection 2015, 4.13 (lead agency), 5.5 and 6.34 (named police offender manager), 6.20 (approved
premises), 6.32 (counter-terrorism unit), 6.39 (prison), 6.67 (electronic monitoring), 7.15 to 7.20 (coordinator and
Chair, of level 2 and 3); Lancashire annual report 2014-15 (leave from hospital); Durham annual report 2005-06
(consultation on a release date). Which events: our defaults.
"""

from dataclasses import replace
from datetime import date

import pytest

from policy.book import PolicyError, compile_book, shipped_book
from policy.events import EventKind, told_by
from policy.facts import CaseFacts, EventFact, LevelFact
from policy.kinds import Events
from policy.obligations.all import due_and_ladder, owed
from policy.subjects import row
from policy.vocabulary import Category, Level, Location
from tests.policy.test_dates_by_hand import CALENDAR, POLICY

DAY = date(2026, 6, 10)
OWNER, POLICE, COORDINATOR, CHAIR = "offender_manager", "police_offender_manager@police", "coordinator", "chair"
PRISON, LINE_MANAGER = "prison_offender_management", "line_manager"


def case(level: int | None = None, **changes: object) -> CaseFacts:
    known = CaseFacts(location=Location.COMMUNITY, eligible=True, sentence_date=date(2023, 1, 2), release_date=None)
    levels = () if level is None else (LevelFact(Level(level), date(2026, 3, 3)),)
    return replace(known, levels=levels, categories=frozenset({Category.VIOLENT_OR_OTHER_SEXUAL}), **changes)


def happened(kind: str, **changes: object) -> EventFact:
    return EventFact(row(1), 1, EventKind(kind), DAY, DAY, **changes)  # type: ignore[arg-type]


def told_at_once(event: EventFact, known: CaseFacts) -> tuple[str, ...]:
    [review] = [one for one in owed(replace(known, events=(event,))) if one.kind is Events.EVENT_REVIEW]
    _, [first, *_] = due_and_ladder(review, POLICY, CALENDAR)
    assert first.rung == "at once"
    return first.to


@pytest.mark.parametrize(
    ("event", "known", "readers"),
    [
        # At level 1 one agency manages the case: nobody but its offender manager.
        (happened("release"), case(1), (OWNER,)),
        (happened("transfer"), case(1), (OWNER, PRISON)),
        (happened("recall"), case(1), (OWNER, PRISON)),
        (happened("further_charge"), case(1), (OWNER,)),
        (happened("conditions_changed"), case(1), (OWNER,)),
        # A serious further offence may ask for another level.
        (happened("further_charge", serious=True), case(1), (OWNER, COORDINATOR)),
        # The police, where the case names who manages it for them, or the person notifies them.
        (happened("release"), case(1, police_named=True), (OWNER, POLICE)),
        (happened("release"), replace(case(1), categories=frozenset({Category.REGISTERED_SEXUAL_OFFENDER})),
         (OWNER, POLICE)),
        # Without a level the coordinator sets one; at level 2 and 3 there are meetings, with a Chair.
        (happened("release"), case(None), (OWNER, COORDINATOR)),
        (happened("release"), case(2), (OWNER, COORDINATOR)),
        (happened("recall"), case(3), (OWNER, COORDINATOR, CHAIR, PRISON)),
        (happened("temporary_release"), case(None), (OWNER,)),
        (happened("temporary_release"), case(2), (OWNER, COORDINATOR)),
        # The prison that was consulted hears of the date; one that was not is asked to consult instead.
        (happened("release_date_changed"), case(1), (OWNER,)),
        (happened("release_date_changed", consulted_on=DAY), case(1), (OWNER, PRISON)),
        # Leave from hospital: the coordinator is told at whatever level.
        (happened("hospital_leave"), case(1), (OWNER, COORDINATOR)),
        # An agency only where the case has to do with it.
        (happened("release"), case(1, circumstances=frozenset({"approved_premises", "tagged"})),
         (OWNER, "representative@approved_premises", "representative@electronic_monitoring")),
        (happened("absconded"), case(1, circumstances=frozenset({"children_at_risk"})),
         (OWNER, LINE_MANAGER, POLICE, COORDINATOR, "representative@childrens_social_care")),
        (happened("hospital_transfer"), case(2), (OWNER, COORDINATOR, "representative@mental_health")),
        (happened("death"), case(1), (OWNER, COORDINATOR)),
        (happened("death"), case(2), (OWNER, COORDINATOR, CHAIR, "administrator")),
        (happened("recall"), replace(case(1), categories=frozenset({Category.TERRORIST})),
         (OWNER, PRISON, "representative@counter_terrorism_unit")),
    ],
)  # fmt: skip
def test_only_those_whom_an_event_concerns_hear_of_it_at_once(
    event: EventFact, known: CaseFacts, readers: tuple[str, ...]
) -> None:
    assert told_at_once(event, known) == readers


def test_every_reader_is_told_what_it_changes_for_them_and_the_source_says_why() -> None:
    for event, rows in shipped_book().policies[0].concerns.items():
        assert event.spec.reviewed
        addressees = [one.addressee for one in rows]
        assert len(set(addressees)) == len(addressees), event
        assert all(one.changes.endswith(".") for one in rows), event


def test_two_events_of_one_kind_on_one_day_are_told_apart_by_number_and_hour() -> None:
    twice = (happened("transfer", recorded_at="09:10"), replace(happened("transfer"), subject=row(2), number=2,
                                                                recorded_at="16:45"))  # fmt: skip
    labels = [one.label for one in owed(replace(case(1), events=twice)) if one.kind is Events.EVENT_REVIEW]
    assert labels == ["transfer on 10 June 2026 (event 1, 09:10)", "transfer on 10 June 2026 (event 2, 16:45)"]
    assert [told_by(label or "") for label in labels] == [
        (EventKind.TRANSFER, "event 1, 09:10"), (EventKind.TRANSFER, "event 2, 16:45")]  # fmt: skip
    [alone] = [one.label for one in owed(replace(case(1), events=twice[:1])) if one.kind is Events.EVENT_REVIEW]
    assert alone == "transfer on 10 June 2026"
    assert told_by(alone) == (EventKind.TRANSFER, "")


OWN = 'version = "London 2026"\nin_force_from = 2026-01-01\narea = "London"\nbase = "P2012"\n'
ROW = 'role = "owner", changes = "Nothing that you do.", source = "Our default"'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'[concerns]\nrecall = [{{ {ROW}, when = ["tagged"] }}]', "concerns.recall: nobody hears of it always"),
        (f'[concerns]\nrecall = [{{ {ROW} }}, {{ {ROW}, when = ["full_moon"] }}]', "'full_moon' is neither a circum"),
        (f'[concerns]\nrecall = [{{ {ROW}, agency = "coastguard" }}]', "'coastguard' is not an agency"),
        ('[timescales.referral]\nrungs = [{ at = "due", to = ["concerned"], weight = "reminder" }]',
         "timescales.referral: only an event of 'event_review' concerns somebody"),
    ],
)  # fmt: skip
def test_an_area_says_whom_an_event_concerns_and_what_it_says_has_to_make_sense(text: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        compile_book([("london.toml", OWN + text)])
    own = compile_book([("london.toml", f"{OWN}[concerns]\nrecall = [{{ {ROW} }}]")]).version("London 2026")
    assert [one.addressee for one in own.concerns[EventKind.RECALL]] == ["owner"]
    assert len(own.concerns[EventKind.DEATH]) > 1
