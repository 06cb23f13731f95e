"""Where a person is and where a case stands, from the rows alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from models.cases import Case
from models.people import Sentence
from policy.dates import released_after_the_end
from policy.notification import LIFE
from policy.vocabulary import CUSTODIAL, Disposal, Location, Standing


def where_is(sentence: Sentence, today: date) -> Location:
    """Return where the person is: as the file says, else as the disposal suggests.

    Without a word on it, a person given custody is taken to be there until somebody says that they have left, though
    every release date has gone by: on whichever day the file comes, and since a prompt too many costs less than a
    release nobody prepared. Time served is the exception: whose release was due by the day of the sentence walks out of
    the court. Nobody is held beyond the end of the sentence itself.
    """
    if sentence.location:
        return Location(sentence.location)
    if sentence.disposal == Disposal.HOSPITAL_ORDER:
        return Location.HOSPITAL
    if sentence.disposal in CUSTODIAL:
        ends = (
            sentence.conditional_release_date,
            sentence.automatic_release_date,
            sentence.approved_parole_date,
            sentence.hdc_approved_date,
            sentence.post_recall_release_date,
        )
        latest = max((end for end in ends if end), default=None)
        served = latest is not None and latest <= sentence.sentence_date
        return Location.COMMUNITY if served or is_over(sentence, today) else Location.CUSTODY
    return Location.COMMUNITY


def is_over(sentence: Sentence, today: date) -> bool:
    """Tell whether licence and sentence have ended before a day; without either date nobody knows."""
    ends = [end for end in (sentence.licence_expiry_date, sentence.sentence_expiry_date) if end is not None]
    return bool(ends) and max(ends) < today


def last_day_on_licence(sentences: Iterable[Sentence]) -> date | None:
    """Return the last day on which somebody may be on licence after a release; None: no licence is known of."""
    for_life = any(one.disposal in LIFE for one in sentences)
    ends = [one.licence_expiry_date for one in sentences if one.licence_expiry_date is not None]
    return date.max if for_life else max(ends, default=None)


def governing(sentences: Sequence[Sentence]) -> Sentence:
    """Return the sentence whose particulars the case carries: the one loaded last, of those the latest."""
    return max(sentences, key=lambda s: (s.loaded_at, s.sentence_date, s.id))


def not_after_its_end(field: str, release: date | None, sentence: Sentence) -> Iterator[str]:
    """Yield that a release date that somebody records is after the end of its sentence."""
    for reason in released_after_the_end(release, sentence.licence_expiry_date, sentence.sentence_expiry_date):
        yield f"{field}: {reason}"


def standing(case: Case, referred: bool) -> Standing:
    """Return where a case stands, from its facts alone."""
    if case.closed_on is not None:
        return Standing.CLOSED
    if case.category is None:
        return Standing.SCREENING if referred else Standing.IDENTIFICATION
    if case.level is not None:
        return Standing.MANAGED
    if referred:
        return Standing.SCREENING
    if case.location == Location.CUSTODY:
        return Standing.CUSTODY if case.release_date is None else Standing.PRE_RELEASE
    return Standing.COMMUNITY
