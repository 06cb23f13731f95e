"""What says something by itself and what does not, by tables of what people write."""

import pytest

from policy.substance import is_contingency, is_written_out, names_nothing, says_something
from policy.texts import standing_sentences, stands

# What inspectors read in records (Joint inspection 2015, 5.15, 5.16, 5.24), and what practice adds to it.
INSPECTORS = (
    "see summary in body of notes",
    "breach if fails to comply",
    "licence conditions",
    "SOPO",
    "home visits",
    "as per licence",
    "all licence conditions",
    "see SHPO",
)
# Points elsewhere, names a thing, or says that nothing is new, in as many ways as people have.
SAYS_NOTHING = (
    "see summary in body of notes",
    "See summary in the body of the notes.",
    "see above",
    "See above.",
    "as per the last meeting",
    "As per last meeting.",
    "Ditto",
    "n/a",
    "N.A.",
    "no change",
    "No change since last meeting",
    "no changes from previous meeting",
    "No further update.",
    "Nothing to add",
    "Nothing to report",
    "no new information",
    "Unchanged",
    "situation unchanged",
    "Position remains the same",
    "as before",
    "As discussed",
    "as discussed at the meeting",
    "As agreed at the last meeting.",
    "as per licence",
    "as per licence x",
    "all licence conditions",
    "All licence conditions apply.",
    "see SHPO",
    "See SHPO.",
    "SHPO in place",
    "As per SHPO",
    "SOPO",
    "see OASys",
    "see OASys RMP",
    "Please refer to OASys",
    "Please see the probation officer's report",
    "As per probation report",
    "see police update in the minutes",
    "detailed in MAPPA A",
    "Contained in the MAPPA B minutes",
    "As outlined in the referral",
    "refer to minutes of 12 March 2026",
    "see minutes dated 12/03/2026",
    "see attached",
    "Attached.",
    "see attached report from the psychologist",
    "Summary in body of notes",
    "recorded on ViSOR",
    "Available on ViSOR",
    "details on Delius",
    "see section 4",
    "tbc",
    "None",
    "Nil",
    "-",
    "...",
    "yes",
    "standard licence conditions",
    "Licence conditions apply",
    "comply with licence",
    "subject to licence conditions",
    "compliance with all licence conditions and SHPO",
    "Sexual Harm Prevention Order",
    "Licence conditions and SHPO as set out in the order",
    "see risk management plan",
    "RMP",
    "as per RMP",
    "same as last time",
)
# A part of a plan, or a condition, that leaves open who does what, and when.
NOT_WRITTEN_OUT = (
    "breach if fails to comply",
    "Breach if he fails to comply.",
    "breach if fails to comply x",
    "breach",
    "recall",
    "recall if breached",
    "Breach and recall",
    "Enforcement",
    "home visits",
    "Home visits.",
    "SHPO made on 4 May 2026",
    "licence conditions dated 12 March 2026",
    "Licence",
    "weekly",
    "Additional licence conditions",
    "No licence conditions or orders",
    "Breach proceedings",
    "Unannounced home visits",
    "Monitor licence conditions",
    "Recall and return to custody",
)
# Short, and all that is asked for.
SAYS_SOMETHING = (
    "Weekly",
    "Every two weeks",
    "Children",
    "Staff",
    "The sister of the victim",
    "In the first weeks after release",
    "At any time",
    "Ongoing",
    "Three letters from prison this year",
    "Trace the uncle",
    "Update the plan",
    "Review the plan with the police",
    "See the victim before the meeting",
    "See him weekly",
    "See him and report on medication",
    "Arrange a meeting with the victim",
    "Assault",
    "Stabbing",
    "He has moved",
    "No victims",
    "There is no identifiable victim.",
    "No concerns about the children",
    "He did not wish to contribute.",
    "None expressed, he was invited twice",
    "The landlord",
    "No contact",
    "In person",
    "The police report weekly visits by his brother",
    "From 12 March 2027",
    "Breach of licence",
    "Police attend",
    "RM2000",
    "Recalled on Monday",
    "No change of address",
    "No disclosure: nobody is at identified risk",
    "Not before May",
    "See SHPO: not to contact children under 16",
    "As per licence condition 7 he must live at Elm House",
    "Refused",
    "By letter",
    "Probation",
    "To reside at 1 High Street",
    "Lives alone",
    "Check the phones",
    "Send the report to the Chair",
    "Notify ViSOR of the new address",
    "Serve the order on him",
)
# Short, and a part of a plan or a condition all the same.
WRITTEN_OUT = (
    "Curfew from 19:00 to 07:00",
    "No contact with Uma",
    "No contact",
    "Not to enter Leeds.",
    "GPS tag",
    "No alcohol",
    "Weekly visits by police",
    "Reside at approved premises",
    "Not to contact Uma Example",
    "Chapeltown, Leeds",
    "Seen weekly by police",
    "Breach at the second missed curfew",
    "Recall if seen in Leeds",
    "Lifetime SHPO: no unsupervised contact with under 16s",
    "There is no licence: he was released at the end of his sentence.",
    "Alcohol treatment",
    "Weekly with the offender manager",
    "Not to leave the house at night",
    "Unannounced visits by police twice a month",
    "Monthly office appointments with Olive",
    "Police flag on the sister's address",
    "Surrender passport",
)
# Joint inspection 2015, 5.15: contingency measures that only list breach.
NO_CONTINGENCY = (
    "breach if fails to comply",
    "Breach.",
    "Breach if he fails to comply with licence",
    "Recall if he breaches.",
    "If the licence is breached, immediate recall",
    "Breach and recall will be considered.",
    "Enforcement action and return to custody",
    "Recall within 24 hours",
    "see above",
)
CONTINGENCY = (
    "A missed curfew is told to the police within the hour; two mean recall.",
    "Police arrest on sight in Leeds, then recall",
    "Recall if seen near the uncle's flat",
    "If he drinks, his officer sees him the same day and asks for recall.",
)


@pytest.mark.parametrize("text", INSPECTORS)
def test_what_inspectors_could_not_read_is_no_part_of_a_plan(text: str) -> None:
    assert not is_written_out(text)
    assert not is_contingency(text)


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_a_text_that_points_elsewhere_or_only_names_a_thing_says_nothing(text: str) -> None:
    assert not says_something(text)
    assert not is_written_out(text)
    assert not says_something(f"{text} x"), "a letter more says no more"
    assert not says_something(f"Please {text.lower()}."), "nor does courtesy"


@pytest.mark.parametrize("text", NOT_WRITTEN_OUT)
def test_a_part_of_a_plan_says_who_does_what_and_when(text: str) -> None:
    assert not is_written_out(text)


@pytest.mark.parametrize("text", SAYS_SOMETHING)
def test_a_short_answer_is_an_answer(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("text", WRITTEN_OUT)
def test_a_short_condition_is_written_out(text: str) -> None:
    assert is_written_out(text)


@pytest.mark.parametrize("text", NO_CONTINGENCY)
def test_breach_and_recall_are_no_contingency(text: str) -> None:
    assert not is_contingency(text)


@pytest.mark.parametrize("text", CONTINGENCY)
def test_a_contingency_says_what_is_done_at_which_sign(text: str) -> None:
    assert is_contingency(text)


@pytest.mark.parametrize("name", ["", " ", "n/a", "TBC", "tbd", "none", "As above", "-"])
def test_a_name_left_open_is_none(name: str) -> None:
    assert names_nothing(name)


@pytest.mark.parametrize("name", ["OASys", "Olive Example", "SARA", "Team manager", "020 7946 0000", "a@b.example"])
def test_a_name_is_a_name(name: str) -> None:
    assert not names_nothing(name)


PLAN = (
    "He is seen every week by his offender manager in the office at Camden, and every two weeks by the police at home. "
    "His phone is looked at on each visit. He may not be in Leeds."
)


@pytest.mark.parametrize(
    "now",
    [
        PLAN,
        PLAN.upper(),
        f"{PLAN} x",
        f"{PLAN} As before.",
        PLAN.replace("every week", "weekly"),
        PLAN.replace("His phone", "His mobile phone"),
        " ".join(reversed(PLAN.split(". "))),
    ],
)
def test_a_text_stands_whatever_little_is_done_to_it(now: str) -> None:
    assert stands(PLAN, now)


@pytest.mark.parametrize(
    "now",
    [
        "He has moved to Bristol, where the police see him every two weeks; the office there sees him monthly.",
        f"{PLAN} From March he works at a garage on Holloway Road, three days a week, and his employer knows.",
        "He may not be in Leeds.",
    ],
)
def test_a_text_with_something_to_say_is_new(now: str) -> None:
    assert not stands(PLAN, now)


def test_what_is_short_may_come_again() -> None:
    assert not stands("No contact", "No contact")


def test_the_sentences_that_stand_are_told_from_the_new_ones() -> None:
    now = "His phone is looked at at each visit. He works at a garage on Holloway Road, and his employer knows."
    assert standing_sentences(PLAN, now) == ["His phone is looked at at each visit."]
