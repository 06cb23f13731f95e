"""What invented people write of what happens between meetings, of what follows from it, and of courts and areas."""

from collections.abc import Sequence

TRANSFERS: Sequence[str] = (
    "{He} was moved to be nearer to the area of release.",
    "{He} was moved after trouble with two others on the wing.",
    "{He} was moved for a programme that is not run where {he} was.",
    "The prison needed the place for somebody from court.",
)
RECALLS: Sequence[str] = (
    "{He} missed three appointments and was not at the address.",
    "{He} was found in the zone that {he} may not enter, and gave no reason.",
    "A phone that was not declared was found, with messages to somebody {he} may not contact.",
    "{He} was put out of the premises after threats to staff, and no other bed was safe.",
)
LEAVES: Sequence[str] = (
    "Overnight leave to the premises where {he} is to live.",
    "Leave to see the family, with the address checked by the police.",
    "Leave for a first day at work, with a call every evening.",
)
RETURNS: Sequence[str] = (
    "{He} came back on time, and was tested without a finding.",
    "{He} was back by the evening; nothing was reported.",
    "{He} was brought back by the police, and gave no trouble.",
)
MOVED_DATES: Sequence[str] = (
    "Added days after an adjudication.",
    "The sentence was worked out anew after a second warrant came.",
    "Days on remand had been counted twice.",
)
CONDITIONS_CHANGED: Sequence[str] = (
    "A condition was added after the last supervision session.",
    "The zone was drawn anew at the wish of the victim.",
    "The curfew was taken off after half a year without a breach.",
)
CHARGES: Sequence[tuple[str, str]] = (
    ("Theft from a shop", "{He} was charged with theft from a shop and bailed to the address."),
    ("Driving while disqualified", "{He} was stopped at night and charged with driving while disqualified."),
    ("Common assault", "{He} was charged after a scuffle outside a pub; nobody was hurt badly."),
    ("Failure to notify", "{He} was charged with not having told of a bank card."),
)
SERIOUS: Sequence[tuple[str, str]] = (
    ("Rape", "{He} was charged with a rape of somebody {he} had met at work."),
    ("Wounding with intent", "{He} was charged with wounding a former partner with a knife."),
)
ABSCONDED: Sequence[str] = (
    "{He} left in the evening and did not come back; the room is empty.",
    "{He} went for a walk within the grounds and was not seen again.",
)
DEATHS: Sequence[str] = (
    "{He} died in hospital after an illness of some months.",
    "{He} was found dead at home; the coroner has been told.",
)
RELEASES: Sequence[str] = (
    "{He} was released in the morning and met at the gate.",
    "{He} was released and reported to the probation office by noon.",
    "{He} was released to the address that had been approved.",
)
PAROLE_REASONS = {
    "release_directed": "The board found that the plan holds the risk, and directed release.",
    "refused": "The board found that the work on the offence is not done.",
    "adjourned": "The board wants a report by a psychologist first.",
}
LOOKED_AT: Sequence[str] = (
    "The assessment was read beside it: what it says of the signs still holds.",
    "Talked through with the police offender manager on the day after.",
    "What is planned does not hang on it; the next meeting hears of it.",
    "It takes away one of the things that held, and the plan has to say what takes its place.",
)
VICTIM_TOLD: Sequence[str] = (
    "By telephone; the victim asked to hear of the next step too.",
    "By letter through the usual channel, as the victim had wished.",
    "In person at the victim's home, with the map of the zone.",
    "The victim wants to hear nothing more for now; the file says so.",
)
REVIEWS_OF_CASES: Sequence[tuple[str, str]] = (
    ("commissioned", "Several agencies held parts of what was known, and nobody had put them together."),
    ("not_commissioned", "What was known was acted on; the lead agency looks at its own part."),
)
COURTS: Sequence[str] = ("The Crown Court", "The Magistrates' Court")
ORDER_CONDITIONS: Sequence[str] = (
    "Not to be alone with anybody under 16 unless a parent who knows of the order is there.",
    "Not to use any device that can reach the internet unless it keeps its history and is shown to the police.",
    "Not to approach the victim, the victim's home or the victim's place of work by less than 200 metres.",
    "Not to be in any public park or swimming bath between eight in the morning and six in the evening.",
)
AFTER_ORDERS = {
    "applied_for_another": "The risk is as it was; the application for another order is before the court.",
    "applied_to_vary": "Two of its conditions are to go on; the court has the application.",
    "ends": "There was no breach in two years, and nothing asks for another one.",
}
AFTER_NOTIFICATION = {
    "continues": "The application was heard; the risk is not low enough for notification to end.",
    "not_applied": "No application has been made; the person was told that one may be.",
    "ended": "The application was heard; there was no concern in years, and the risk is low.",
}
PROPOSALS: Sequence[str] = (
    "{He} has moved to the neighbouring area for good, and the plan's agencies are there.",
    "{He} was released to an address in the neighbouring area and stays there.",
)
TRANSFER_ANSWERS = {
    "accepted": "The address was visited, and an offender manager has been named.",
    "declined": "The tenancy is for some weeks only; the case is asked for again when it is settled.",
    "withdrawn": "The move fell through, and nothing is to be handed over.",
}
APPROVALS = {
    "approve": "Necessary and proportionate: nothing milder protects those who are near.",
    "refuse": "What is known of the contact is too little to tell anybody yet; the police look into it first.",
}
DISCLOSED: Sequence[tuple[str, str]] = (
    ("Told in person; it was taken calmly, and the number of the police officer was kept.",
     "Signed on the day; it is kept on the police file."),
    ("Told at the office with a second officer there; there were many questions, all answered.",
     "Signed there, with a copy to the offender manager."),
    ("Told at home; the recipient was upset, and has the number of a support service.",
     "Not signed: the recipient refused to write, and promised it before two officers."),
)  # fmt: skip
NOT_DISCLOSED: Sequence[str] = (
    "The contact has ended, and nobody is near enough to be at risk from it.",
    "{He} told of it in person while the officer was there, and the recipient confirmed it.",
    "The recipient has moved out of the area, and the police there were told instead.",
)
DISCLOSURE_CARRIED: Sequence[str] = (
    "The recipient could not be reached before the meeting; a day is arranged.",
    "A second person still has to look at it before anybody is told.",
)
HOW_TO_DISCLOSE: Sequence[str] = (
    "In person, by two officers, with the undertaking signed there",
    "At the probation office, with the police there and the undertaking signed",
    "At home by appointment, in person and never by telephone or letter",
)
