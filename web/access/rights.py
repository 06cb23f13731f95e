"""Who may do what: one table of roles, relations and actions. What does not stand here is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casework.recording.case_now import CaseNow
from casework.recording.fact_type import FactType
from casework.recording.registry import KINDS
from policy.errors import NotAllowedError
from policy.kinds import Kind
from policy.roles import Role
from policy.vocabulary import FactKind
from web.access.hats import Reader
from web.access.relations import CaseAccess, Relation


class Action(StrEnum):
    """What a page, a form or a call does. ``ANYBODY`` needs no sign-in, ``SIGNED_IN`` nothing but that."""

    ANYBODY = "reach the page"
    SIGNED_IN = "see what is theirs"
    SEE_CASE = "read a case"
    RECORD = "record a fact on a case"
    SEE_ROOM = "look on while a meeting is recorded"
    KEEP_ROOM = "keep the record of a meeting in its room"
    KEEP_MINUTES = "draft the minutes of a meeting, and send them"
    APPROVE_MINUTES = "approve the minutes of a meeting"
    SEE_MESSAGES = "read the outbox"
    SETTLE_MESSAGES = "decide about an e-mail that may or may not have left"
    SEE_PEOPLE = "read the directory"
    EDIT_PEOPLE = "write the directory of their own area"
    LOAD = "load a file"
    SEE_PROBLEMS = "see what failed, and what waits for a person"
    SEE_POLICY = "read the numbers in force"


ON_A_CASE = (Action.SEE_CASE, Action.RECORD)
"""What is asked of one case: the answer depends on how somebody stands to it."""
OPEN = (Action.ANYBODY,)
"""What needs no sign-in."""
UNIT = (Role.COORDINATOR, Role.ADMINISTRATOR)
HEADS = (Role.COORDINATOR_MANAGER, Role.CHAIR)
CASE_MANAGERS = (Role.OFFENDER_MANAGER, Role.POLICE_OFFENDER_MANAGER, Role.LINE_MANAGER)
OF_AGENCIES = (Role.REPRESENTATIVE, Role.SENIOR_MANAGER, Role.SMB_MEMBER)
OF_FACTS = (Role.ACTION_OWNER, Role.INVITEE, Role.REFERRER, Role.DISCLOSER, Role.RECEIVING_COORDINATOR)


@dataclass(frozen=True, slots=True)
class Right:
    """What the holders of some roles may do; on a case, those who stand to it in one of some relations."""

    roles: tuple[Role, ...]
    actions: tuple[Action, ...]
    relations: tuple[Relation, ...] = ()


RIGHTS = (
    Right(UNIT, (Action.SEE_ROOM, Action.KEEP_ROOM, Action.KEEP_MINUTES), (Relation.AREA,)),
    # The Chair looks on: who chairs does not type.
    Right((Role.CHAIR,), (Action.SEE_ROOM, Action.APPROVE_MINUTES), (Relation.AREA,)),
    Right(UNIT, ON_A_CASE, (Relation.AREA, Relation.ASKED)),
    Right(HEADS, ON_A_CASE, (Relation.AREA, Relation.ASKED)),
    Right(CASE_MANAGERS, ON_A_CASE, (Relation.MANAGES, Relation.SUPERVISES, Relation.ASKED)),
    Right((Role.PRISON_OFFENDER_MANAGEMENT,), ON_A_CASE, (Relation.HOLDS, Relation.ASKED)),
    Right(OF_AGENCIES, ON_A_CASE, (Relation.ASKED, Relation.VICTIM)),
    Right(OF_FACTS, ON_A_CASE, (Relation.ASKED,)),
    # The SMB Chair sees what was escalated to them.
    Right((Role.SMB_CHAIR,), ON_A_CASE, (Relation.ASKED,)),
    Right(UNIT, (Action.LOAD, Action.SEE_MESSAGES, Action.SETTLE_MESSAGES, Action.SEE_PROBLEMS)),
    Right((*UNIT, *HEADS), (Action.SEE_PEOPLE, Action.SEE_POLICY)),
    # Of which roles, and that never their own: ``directory_rights``.
    Right((*UNIT, Role.COORDINATOR_MANAGER), (Action.EDIT_PEOPLE,)),
    Right((Role.COORDINATOR_MANAGER,), (Action.SEE_MESSAGES, Action.SEE_PROBLEMS)),
)
"""A lay adviser has no line: they get figures, and no case. An operator is no role of the directory: see below."""
OF_AN_OPERATOR = (Action.SEE_PROBLEMS, Action.SEE_POLICY)
"""Whoever runs the program sees work by its reference, and no case."""


def may(reader: Reader, action: Action) -> bool:
    """Tell whether somebody may do what is not about one case."""
    if action in (Action.ANYBODY, Action.SIGNED_IN):
        return True
    if reader.operator and action in OF_AN_OPERATOR:
        return True
    return any(action in right.actions and reader.holds(*right.roles) for right in RIGHTS)


def roles_for(access: CaseAccess, action: Action) -> list[Role]:
    """Return the roles in which somebody may do something on a case; none where it is masked for them."""
    if not access.open:
        return []
    return list(
        dict.fromkeys(
            way.hat.role
            for way in access.ways
            for right in RIGHTS
            if action in right.actions and way.hat.role in right.roles and way.relation in right.relations
        )
    )


def why(access: CaseAccess) -> str:
    """Return in words why somebody may read a case: for the trail, and for the page."""
    if access.listed and not access.ways:
        return "is on the list of its readers"
    way = access.ways[0]
    return f"{way.hat.title}, {way.relation.value}"


def may_see(access: CaseAccess) -> bool:
    """Tell whether somebody may read a case: by a role, or as one of its listed readers."""
    return access.open and (access.listed or bool(roles_for(access, Action.SEE_CASE)))


def role_to_record(access: CaseAccess, fact_type: FactType) -> Role | None:
    """Return the role in which somebody may record a kind of fact on a case; None where they may not."""
    held = roles_for(access, Action.RECORD)
    return next((role for role in held if role in fact_type.who), None)


def refuse_what_others_decide(access: CaseAccess, fact_type: FactType, data: Mapping[str, Any]) -> None:
    """Raise ``NotAllowedError`` for a step of the minutes that another role takes: whoever types their name, or not."""
    approves = fact_type.kind is FactKind.MINUTES and data.get("step") == "approve"
    if approves and not roles_for(access, Action.APPROVE_MINUTES):
        raise NotAllowedError("the Chair approves the minutes, and nobody for them")


def answering(access: CaseAccess, kind: Kind, now: CaseNow) -> tuple[FactType, ...]:
    """Return the kinds of fact by which somebody may answer or chase a timescale on a case, as it stands ``now``.

    A meeting that nobody has arranged cannot have been held: it is arranged first.
    """
    names = [name for name in kind.spec.answered_by if name in set(FactKind)]
    if names == [FactKind.MEETING] and not now.meeting_planned:
        names = [FactKind.MEETING_PLAN]
    names += kind.spec.chased_by
    forms = recordable(access, (KINDS[FactKind(name)] for name in names))
    return tuple(form for form in forms if form.offered(now)) or tuple(forms)


def areas_for(reader: Reader, action: Action) -> tuple[str, ...]:
    """Return the areas in which somebody may do what is not about one case: a role counts in its own area alone."""
    roles = {role for right in RIGHTS if action in right.actions for role in right.roles}
    return tuple(dict.fromkeys(hat.area for hat in reader.hats if hat.area and hat.role in roles))


def recordable(access: CaseAccess, types: Iterable[FactType]) -> list[FactType]:
    """Return those of some kinds of fact that somebody may record on a case."""
    return [known for known in types if role_to_record(access, known) is not None]
