"""What invented people write into a plan beside its pillars: on whom it names, on zones, visits and agencies."""

from collections.abc import Sequence

from policy.agencies import Agency

RESTRICTIONS: Sequence[str] = (
    "No contact by any means, and none through others; letters are handed to the prison or to the police.",
    "No contact; where {he} meets the person by chance {he} leaves at once and tells the offender manager that day.",
    "No visit and no call unless the offender manager has agreed to it in writing before.",
    "No contact, nor any with the person's children; messages that come in are shown, not answered.",
)
ZONES: Sequence[str] = (
    "The streets within 400 metres of the victim's home, as marked on the map that was handed out.",
    "The school, the playground beside it and the bus stops on both sides of the road.",
    "The market and the shops around it, on market days and in the evening of every other day.",
    "The park with its two entrances, and the path along the water as far as the second bridge.",
)
SUCCESS: Sequence[str] = (
    "In a year {he} lives in a home of {his} own, has work, and has kept every appointment for six months.",
    "{He} has finished the programme, can name what leads to harm, and calls the mentor before it does.",
    "{He} sees the family again with everybody's agreement, and nobody has had to call the police for a year.",
    "{He} says it is to be left alone by the police: two years without an offence, and a tenancy that lasts.",
)
HOW_OFTEN: Sequence[str] = ("Every two weeks", "Once a month", "Twice in the first month, then monthly", "Weekly")
CONTRIBUTIONS: dict[str, Sequence[str]] = {
    Agency.POLICE: (
        "Visits, and a flag on the address of the victim; what is found is told to the offender manager that day.",
        "Looks at phone and tablet each month, and answers the alarm within minutes.",
        "Shares what is known of old associates before each meeting, and visits by night once a month.",
    ),
    Agency.PROBATION: (
        "Supervision, the programme and the tests; leads on recall.",
        "Sees {him} weekly, one time in two at home, and keeps the plan.",
        "Keeps the places on the programme and the mentor, and tells of each missed appointment.",
    ),
    Agency.YOT: (
        "Sees {him} twice a week and the parents every two weeks.",
        "Runs the sessions on relationships, and keeps the school informed.",
        "A worker calls each evening of the weekend; the parents know whom to ring.",
    ),
    Agency.MENTAL_HEALTH: (
        "Sees {him} every month and takes the blood test.",
        "Keeps the crisis plan, and tells of each clinic that was missed.",
        "A nurse comes home after each change of medicine.",
    ),
    Agency.CHILDRENS_SOCIAL_CARE: (
        "Sees the children every ten days, and holds their plan beside this one.",
        "Goes on with the assessment of the partner's children, and tells of the outcome.",
        "Keeps the school's number, and asks there each month.",
    ),
    "approved_premises": (
        "A bed for twelve weeks, with the curfew checked at night.",
        "Searches of the room without notice, and signing four times a day.",
        "Keeps the bed two weeks longer, until the flat is free.",
    ),
    Agency.VICTIM_LIAISON: (
        "Tells the victim of each change before it happens.",
        "Brings the victim's wishes on the zone to each meeting.",
        "Calls the victim every month, and after each event.",
    ),
    Agency.PRISON: (
        "Watches calls and letters, and tells of each that was stopped.",
        "Keeps {him} on the course, and holds the pre-release meeting.",
        "Drug tests each month; adjudications are told on the day.",
    ),
}
NO_CONDITIONS: Sequence[str] = (
    "The licence is over, and no court has made an order: what is done rests on what {he} agrees to.",
    "{He} is under no licence; notification is all that binds {him}.",
)
CONFIRMED = "It was read again with the person who knows it best, and it holds word for word."
CONTACT_NOTES = {
    "died": "A neighbour told the police; the coroner's officer confirmed it.",
    "name_changed": "She married, and told the victim liaison officer.",
    "moved": "The new address is known to the police only.",
    "no_longer_at_risk": "The two have had no contact for years, and the person asked to be left out.",
}
