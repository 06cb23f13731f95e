"""What invented people write. Sentences stand in rings: each next time the next one, so that none is copied forward.

No person or town is named. ``{he}``, ``{his}`` and their like are filled by the sex on record; the sentences stand in
the past tense, so that any pronoun fits.
"""

from collections.abc import Sequence

from policy.agencies import Agency

PRONOUNS = {
    "male": {"he": "he", "He": "He", "his": "his", "him": "him"},
    "female": {"he": "she", "He": "She", "his": "her", "him": "her"},
}
ANYBODY = {"he": "they", "He": "They", "his": "their", "him": "them"}

INFORMATION: dict[str, Sequence[str]] = {
    Agency.PROBATION: (
        "{He} kept nine of ten appointments, and spoke for the first time about what led to the offence.",
        "{He} missed one appointment, was warned in writing, and came to the next one early.",
        "{He} began the programme; the tutors found {him} guarded, but on time at each session.",
        "{He} found work in a warehouse; the hours were checked against the curfew.",
        "{He} asked twice for permission to move; it was refused until the address had been visited.",
    ),
    Agency.POLICE: (
        "No new reports; a visit found the flat in order and nobody else living there.",
        "A neighbour reported shouting; officers came, spoke to both, and saw no injury.",
        "The phone was examined: two messaging accounts had not been declared, and are being looked into.",
        "{He} was stopped at night near the park, gave a reason that could be checked, and was sent home.",
        "Intelligence of medium grade linked {him} to an old associate; a second source did not confirm it.",
    ),
    Agency.PRISON: (
        "{He} had one adjudication, for a phone; letters and visits were monitored and showed no contact with victims.",
        "{He} moved to an open wing, worked in the kitchen, and was tested twice without a finding.",
        "{He} refused the offending behaviour course at first, and was put on the list again at {his} own wish.",
        "Visits came from a sister only; a letter to a former partner was held back and told to the offender manager.",
    ),
    Agency.MENTAL_HEALTH: (
        "{He} was seen twice; the medication was changed, and sleep has been better since.",
        "{He} was discharged to the community team, with a named co-ordinator and a crisis plan.",
        "No acute illness was found; the low mood follows the loss of contact with the family.",
        "{He} did not attend the last clinic, and was seen at home two days later.",
    ),
    "housing": (
        "A one-bedroom flat was offered; it lies outside the exclusion zone, and the viewing went well.",
        "The tenancy was at risk over arrears; a payment plan was agreed and has been kept to.",
        "Two addresses were ruled out for a school near by; a third waits for a police check.",
    ),
    Agency.CHILDRENS_SOCIAL_CARE: (
        "The child's plan was reviewed; contact stayed supervised, and the mother understood why.",
        "A strategy meeting was held after a teacher's concern; no further step was needed.",
        "The new partner's children were seen; an assessment was opened and is half done.",
    ),
    Agency.VICTIM_LIAISON: (
        "The victim was spoken to, feels safer since the zone was drawn, and wants to hear of any move.",
        "The victim's mother asked for the zone to take in her place of work; the offender manager has the map.",
        "The victim chose not to be contacted for now, and knows whom to ring.",
    ),
}
OTHER_INFORMATION: Sequence[str] = (
    "The file was checked: nothing on record beyond what the meeting knew, and no open enquiry.",
    "Two contacts took place since the last meeting, both as arranged and without concern.",
    "A change of worker took place; the handover was done with the offender manager present.",
    "A concern was passed on by telephone and answered the same day; it is in the notes that were handed out.",
    "The service offered a first appointment, which was kept, and a second, which was moved at {his} request.",
)
RISK_VIEWS: Sequence[str] = (
    "The risk follows drink and the loss of work: both were near again this month.",
    "Contact with children comes about through new partners, and {he} did not declare the last one.",
    "Since the curfew the evenings were quiet; what goes on by telephone was not seen.",
    "{He} named the people {he} blames; two of them live within a short bus ride.",
    "The structure of work and supervision held; the risk would rise quickly without it.",
    "The pattern of the offence needs planning, and no sign of planning was found.",
)
AT_RISK: Sequence[tuple[str, str, str, str]] = (
    ("The victim of the offence", "Being followed and threatened", "On any chance meeting in town",
     "Two breaches of the earlier order"),
    ("Children of a new partner", "Sexual assault", "Once left alone with them",
     "The way in which the offence came about"),
    ("Male acquaintances", "Serious assault with a weapon", "After drinking, late in the evening",
     "Three convictions in the last six years"),
    ("A former partner", "Being controlled, then assaulted", "When a court date on contact comes near",
     "Calls counted by the victim liaison officer"),
    ("Staff who refuse {him} something", "Assault", "In the first weeks after a move",
     "Two incidents in custody"),
)  # fmt: skip
VICTIMS: Sequence[str] = (
    "The victim wants to hear of any change of address; the exclusion zone stays as it was drawn.",
    "The victim's family asked whether {he} may work near the market; the answer is with the offender manager.",
    "A second possible victim was named by a neighbour; the police speak to her before the end of the week.",
    "The victim has moved, and the new place was added to the zone without being shown to {him}.",
    "Nobody new was found to be at risk; the alarm at the victim's home was tested and works.",
)
OFFENDER_VIEWS: Sequence[str] = (
    "{He} wrote that the curfew costs {him} {his} overtime, and that {he} keeps to it all the same.",
    "{He} wrote that {he} wants to see {his} children, and knows that this meeting does not decide it.",
    "{He} was told of the meeting and wrote nothing; the offender manager asked again and noted the answer.",
    "{He} wrote that the group is harder than prison, and that {he} means to finish it.",
    "{He} disagreed with the level in writing, and gave no reason that bears on the risk.",
)
STATUS_TOLD: Sequence[str] = (
    "Handed over at the appointment, and read through together: what the level means and who meets.",
    "Posted to the prison; the offender manager there went through it in the week after.",
    "Given in the easy-read version, with the name of who answers questions.",
)
MARACS: Sequence[str] = (
    "An alarm was put into her flat, and the police flag the address; her adviser rings every week.",
    "She is to be housed elsewhere by the end of the month; the school has a new contact.",
)
CONFERENCES: Sequence[str] = (
    "The children are on a protection plan; the core group meets every four weeks, with the offender manager.",
    "No plan was made: the mother has agreed in writing that there is no contact, and the school knows.",
    "A child in need plan for six months; the social worker comes to the next meeting.",
)
DISCLOSE: Sequence[tuple[str, str, str]] = (
    ("The new partner does not know of the convictions, and her children stay overnight.", "The new partner",
     "The convictions, and what they mean for the children"),
    ("The employer sends {him} to houses where children live.", "The employer's personnel manager",
     "That {he} must not work in private homes"),
    ("The leader of the congregation lets {him} help with the youth club.", "The leader of the congregation",
     "The condition that excludes work with children"),
    ("The landlady's grandchildren visit at weekends.", "The landlady", "That {he} must not be alone with children"),
)  # fmt: skip
DO_NOT_DISCLOSE: Sequence[str] = (
    "Everybody near enough to be at risk knows already; telling more people would drive {him} out of the flat.",
    "There is no new partner, no new work and no new place: nobody has come to be at risk since the last meeting.",
    "The employer has no contact with the public, and the police watch the only thing that could change that.",
    "Disclosure was weighed for the football club; {he} has left it, so the ground has gone.",
    "The approved premises hold all that is needed, and {he} does not leave them without staff.",
)
PLAN: dict[str, Sequence[str]] = {
    "supervision": (
        "Weekly with the offender manager, every second time together with the police offender manager.",
        "Weekly for eight weeks, then every two weeks if no appointment is missed.",
        "Twice a week until the programme begins; one of the two at home.",
        "Every two weeks, and a telephone call on the Friday between.",
    ),
    "monitoring_and_control": (
        "Curfew from 19:00 to 07:00; two unannounced visits a month by the police.",
        "Curfew from 21:00 to 06:00; phone and tablet examined every month.",
        "Daily signing at the approved premises; room searches without notice.",
        "Exclusion zone watched by the neighbourhood team; a visit by night once a month.",
    ),
    "interventions_and_treatment": (
        "The programme on sexual offending, begun in the first month; motivation sessions until then.",
        "Alcohol treatment, with a test every week; the results go to the offender manager.",
        "Sessions on relationships with the psychologist, six of twelve done.",
        "Work on anger and weapons one to one; a mentor from the second month.",
    ),
    "victim_safety": (
        "The victim liaison officer tells the victim of each change before it happens.",
        "The alarm stays for another quarter; a named officer answers it.",
        "The children's school knows whom to ring; the social worker sees them every ten days.",
        "No contact by any way; letters are read before they leave.",
    ),
    "contingency": (
        "A missed curfew is told to the police within the hour; two in a month mean recall.",
        "If {he} loses the work, supervision goes back to twice a week from that day.",
        "A new relationship that is not declared within a week leads to an urgent meeting.",
        "If the bed falls away, the duty manager finds one the same day; {he} is not released without one.",
    ),
    "conclusion": (
        "In conclusion, the plan is supervision close enough to see a change, and a zone that keeps the victim safe.",
        "In conclusion, the plan is treatment first, with the police near, and a review of work in two months.",
        "In conclusion, the plan is a bed, a curfew and a programme, and recall if two of them fail.",
        "In conclusion, the plan is to hold what was reached, and to test it with one step less control.",
    ),
}
CONDITIONS: Sequence[str] = (
    "Not to contact the victim directly or indirectly. To live where the supervising officer approves.",
    "Not to enter the zone marked on the map of the order. To charge and wear the tag. To tell of any relationship.",
    "Not to be alone with anybody under 18 without approval. To hand over any device that can reach the internet.",
    "To attend the programme as instructed. To be tested for drugs and alcohol. Not to own a knife outside the home.",
)
LEVEL_STAYS: Sequence[str] = (
    "Several agencies hold parts of the plan, and none could carry it alone.",
    "The risk is as high as it was, and the tasks of two agencies have to be fitted together.",
    "Housing and treatment still have to be settled side by side; the level stays until they are.",
    "The step to less control was discussed; it is too early while the programme runs.",
)
LEVEL_DOWN: Sequence[str] = (
    "The plan has held for months; what is left can be done by the lead agency, with the police informed.",
    "No agency but the lead agency has a task any more, and the risk has fallen.",
)
LEVEL_UP: Sequence[str] = (
    "A bed has to be found at short notice, and only senior people can commit it.",
    "The press has asked about the case twice; decisions have to be taken higher up.",
)
CRITICAL: Sequence[str] = (
    "The case draws the interest of the press and needs money from outside the area.",
    "National help was weighed against what the area can do by itself.",
    "The risk is imminent, and what is wanted was compared with the means at hand.",
)
MEDIA: Sequence[str] = (
    "All questions go to the police press office; a statement lies ready.",
    "No comment on persons; the probation press office is told before release.",
    "The local paper was spoken to; it prints no address.",
)
LINKS: Sequence[str] = (
    "MARAC was told of the new partner; integrated offender management was asked, and declined.",
    "The safeguarding board's plan for the children was brought into this one.",
    "Integrated offender management takes {him} on once the licence ends; MARAC closed its case.",
)
ACTIONS: dict[str, Sequence[tuple[str, str, str]]] = {
    Agency.POLICE: (
        ("Speak to the old associate named in the intelligence",
         "He lives abroad since spring and has sent one postcard, which was handed over.",
         "Contact with him stays a warning sign; the zone is left as drawn."),
        ("Examine the phone and tablet",
         "Two undeclared accounts were found, both used for football only.",
         "Accounts join the list that is looked at each month."),
        ("Visit the address without notice, twice",
         "Nobody else lived there on either evening; a locked shed held tools.",
         "Visits by night go down to one a month."),
    ),
    Agency.PROBATION: (
        ("Put {him} on the programme list",
         "A place begins in May at the north office, with a tutor who knows the case.",
         "Motivation sessions fill the weeks until then."),
        ("Ask the employer about hours and contact with the public",
         "Only men over thirty work there, and shifts end at four.",
         "The curfew moves half an hour, nothing else."),
        ("Update the assessment after the meeting",
         "Scores fell in one of eight sections; the overall level is still high.",
         "The plan's first pillar was rewritten for it."),
    ),
    "housing": (
        ("Find an address outside the exclusion zone",
         "A flat of one room is free from the first of next month.",
         "Release goes to that flat instead of the premises."),
        ("Arrange a viewing with the offender manager",
         "Neighbours below have grandchildren, so it was declined on the spot.",
         "Search goes on to the south; premises held two weeks longer."),
    ),
    Agency.MENTAL_HEALTH: (
        ("See {him} and report on medication",
         "Dose was halved; sleep and appetite came back within ten days.",
         "Monthly blood test added to the second pillar."),
        ("Agree a crisis plan with the community team",
         "Duty nurse answers by day, ward by night, both with his background.",
         "Contingency now names these two numbers."),
    ),
    Agency.CHILDRENS_SOCIAL_CARE: (
        ("Assess the children of the new partner",
         "Mother ended the relationship herself after hearing the facts.",
         "Disclosure falls away; watch for a next partner."),
        ("Tell the school whom to ring",
         "Head teacher keeps the number at reception and asked good questions.",
         "Victim safety pillar names her."),
    ),
    Agency.VICTIM_LIAISON: (
        ("Ask the victim about the zone",
         "Bus stop by her surgery lies outside and frightens her.",
         "Zone grows by one street to the east."),
    ),
}  # fmt: skip
OTHER_ACTIONS: Sequence[tuple[str, str, str]] = (
    ("Report to the Chair what the service can offer",
     "Six sessions and a home visit, beginning within a fortnight.",
     "Third pillar counts on these sessions."),
    ("Check the records of the neighbouring area",
     "One caution from 2009 under another spelling came up.",
     "Nothing to change: it tells no more than was known."),
)  # fmt: skip
NOT_DONE: Sequence[str] = (
    "The worker left and the post is vacant; the team leader takes it up at the next meeting.",
    "The person could not be found at three addresses; the police take the enquiry over.",
    "The service closed its list for the quarter; another one is asked instead.",
)
CARRIED: Sequence[str] = (
    "An answer from another area is still awaited; it was promised for next week.",
    "The appointment was moved to after this meeting at the clinic's wish.",
    "Half of it is known; the second interview follows.",
)
REPORTS: Sequence[str] = (
    "Report in writing: two contacts since the last meeting, no concern, and the open question answered.",
    "Report in writing: the case is known to the team, a worker is named, the next visit is arranged.",
    "Report in writing: no current contact; the last assessment is attached and says medium risk.",
)
OTHER_ROUTES: Sequence[str] = (
    "The mental health trust gave the facts, with consent: two medicines, and nothing missed since the spring.",
    "The named nurse found the record at the hospital: one visit to the emergency room, after a fall.",
)
REASONS: Sequence[str] = (
    "The worker was called to a child protection conference an hour before; a substitute could not be briefed.",
    "The invitation had gone to somebody who left the service in spring; the list is mended.",
    "The road was closed after an accident, and the link could not be opened.",
)
RETAINED: Sequence[str] = (
    "The lead agency's plan is robust; no barrier to what other agencies have agreed.",
    "Supervision is kept, the risk is assessed as before, and no second agency has a task.",
    "The last visit and the assessment agree; ordinary management is enough.",
    "Work and housing are settled; management oversight was looked at and is not required.",
)
INCIDENTS: Sequence[tuple[str, str]] = (
    ("further_victimisation", "{He} assaulted somebody in a shop; the injury was slight, and a charge is considered."),
    ("breach", "{He} stayed out past the curfew on two nights and gave no reason that could be checked."),
    ("charge", "{He} was charged with a breach of the order after a device was found that had not been declared."),
    ("other", "{He} was seen with a child in a park; the mother knew of nothing and was spoken to."),
)


def pronouns(sex: str | None) -> dict[str, str]:
    """Return the pronouns for a sex on record."""
    return PRONOUNS.get(sex or "", ANYBODY)


HOMES = (
    "A tenancy with the housing association runs on; the officer visits monthly.",
    "He stays with his brother, who knows of the convictions and has said so in writing.",
    "A supported place is held until the spring, and the council has his application.",
)
SERVICES = (
    "He goes on with the alcohol service until the autumn, by consent.",
    "The mental health team keeps him on its list, and sees him every month.",
    "He has asked for nothing; the probation office is open to him for half a year.",
)
VICTIMS_TOLD = (
    "The victim liaison officer tells her on the day, and how to reach the police.",
    "The family wants to hear nothing more, and has said whom to call if that changes.",
    "There is no victim contact; the police flag the address of the first victim.",
)
IOM = (
    "Considered at the last meeting; the team takes him for six months.",
    "Considered and not wanted: he has not offended for gain.",
    "Considered; the team has no place before the summer, and looks again then.",
)
RISKS_LEFT = (
    "A new relationship would raise the risk; the police flag the address.",
    "Drink, and the anniversary in May; both are on the police record.",
    "None beyond those of his past; the neighbourhood officer knows him.",
)
ENDINGS = (
    "Decided at the last meeting, after every agency had been heard.",
    "The coordinator looked at what still holds with the lead agency and the police.",
    "The offender manager and the police agree; what comes after is in the exit plan.",
)
