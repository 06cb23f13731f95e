"""The entries of the offences table that a code has."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offences import Offence
from policy.offences import Listing, base_of, with_base

# Codes in one statement.
BATCH = 500


def listings(session: Session, codes: Collection[str]) -> dict[str, tuple[Listing, ...]]:
    """Return the schedule entries of each code the table knows; a code that is in it nowhere is left out.

    An attempt, conspiracy, incitement or aiding is where its base offence is.
    """
    found: dict[str, list[Listing]] = defaultdict(list)
    wanted = sorted({*codes, *map(base_of, codes)})
    for start in range(0, len(wanted), BATCH):
        query = select(Offence).where(Offence.offence_code.in_(wanted[start : start + BATCH])).order_by(Offence.id)
        for offence in session.scalars(query):
            found[offence.offence_code].append(Listing(offence.schedule, offence.part, offence.paragraph))
    known = {code: tuple(entries) for code, entries in found.items()}
    both = {code: with_base(known.get(code), known.get(base_of(code))) for code in codes}
    return {code: entries for code, entries in both.items() if entries is not None}
