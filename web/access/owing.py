"""What is owed by somebody: the condition that finds their own duties among all."""

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from models.cases import Case
from models.hand_overs import asked_of
from models.obligations import Prompt, Timescale
from policy.roles import Reach, Role
from policy.vocabulary import Weight
from views.duties import of_which_agency
from web.access.hats import ON_CASES, Hat, Reader
from web.access.relations import AREA_ROLES, unit_is


def owed_by(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that a timescale is owed by somebody, in any role of their own."""
    return or_(false(), *(owed_in(hat, reader.email) for hat in reader.hats if not hat.away))


def owed_for(reader: Reader, away: str = "") -> ColumnElement[bool]:
    """Return the condition that a timescale is owed by colleagues who are away, and by nobody here besides.

    ``away``: the address of one of them; "" is all of them.
    """
    theirs = [and_(Case.area == hat.area, owed_in(hat, hat.away)) for hat in reader.hats if hat.away]
    if away:
        theirs = [and_(Case.area == hat.area, owed_in(hat, away)) for hat in reader.hats if hat.away == away]
    # What is not known, such as the unit of a case, makes nothing theirs.
    return and_(or_(false(), *theirs), ~func.coalesce(owed_by(reader), false()))


def owed_in(hat: Hat, email: str) -> ColumnElement[bool]:
    """Return the condition that a timescale is owed in a role."""
    is_role = Timescale.owner_role == hat.role.value
    if hat.named:
        addresses = {role: address for role, address, _ in ON_CASES}
        named = addresses[hat.role] == email if hat.role in addresses else was_asked(email)
        return and_(is_role, named)
    spec = hat.role.spec
    if spec.reach is Reach.AREA:
        return and_(is_role, Case.area == hat.area)
    if hat.role is Role.PRISON_OFFENDER_MANAGEMENT:
        return and_(is_role, Case.area == hat.area, Case.prison == hat.unit if hat.unit else false())
    of_agency = and_(is_role, Case.area == hat.area, of_which_agency() == hat.agency)
    return and_(of_agency, unit_is(hat)) if spec.reach is Reach.UNIT else of_agency


def was_asked(email: str) -> ColumnElement[bool]:
    """Return the condition that a timescale was prompted to an address: facts name its owner, no list does."""
    return exists().where(Prompt.timescale_id == Timescale.id, asked_of(email))


def brought_to(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that what others owe was escalated to somebody, and is still open."""
    # Found by the few prompts of an address, not by a look at every timescale.
    escalated = select(Prompt.timescale_id).where(Prompt.weight == Weight.ESCALATION, asked_of(reader.email))
    return and_(Timescale.id.in_(escalated), ~func.coalesce(owed_by(reader), false()))


def of_the_team(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that a timescale belongs to those for whom somebody answers: their area, or their unit."""
    found: list[ColumnElement[bool]] = []
    for hat in (hat for hat in reader.hats if not hat.away):
        if hat.role in AREA_ROLES:
            found.append(Case.area == hat.area)
        elif hat.role is Role.LINE_MANAGER:
            found.append(
                Case.line_manager_email == reader.email
                if hat.named
                else and_(Case.area == hat.area, Case.lead_agency == hat.agency, unit_is(hat))
            )
        elif hat.role is Role.SENIOR_MANAGER:
            found.append(and_(Case.area == hat.area, of_which_agency() == hat.agency))
    return or_(false(), *found)


def has_team(reader: Reader) -> bool:
    """Tell whether somebody answers for others."""
    answers = (*AREA_ROLES, Role.LINE_MANAGER, Role.SENIOR_MANAGER)
    return any(hat.role in answers and not hat.away for hat in reader.hats)
