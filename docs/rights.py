"""The page of rights: who may do what at the desk and by the API, from the table that decides it."""

from casework.recording.registry import KINDS
from docs.markdown import code, page, table
from policy.words import listed, opening, role_name
from web.access.relations import READ_RESTRICTED
from web.access.rights import OF_AN_OPERATOR, OPEN, RIGHTS, Action, Right
from web.desk import PAGES

INTRODUCTION = """
What does not stand here is refused. A role counts in its own area alone. On a case it counts for those who stand to the
case in one of the ways named; a case that is not somebody's is not there for them. Systems that use the
[API](api.md) act in a role, and have its rights as far as the scopes of their token reach.
"""
RESTRICTED = """
A restricted case is read by those on its list of readers and by nobody else, whatever their role. Where no list is
kept, {readers} read it if they stand to it. For all others who would see it, its line says that it is restricted, and
nothing more. A system reads it only where its address is on the list.
"""
OTHERS = """
A lay adviser sees no case. Whoever runs the program (`MAPPA_OPERATOR_EMAIL`) may {operator}: by the reference of a
case, without a name. Whoever stands in for a colleague who is away has the colleague's rights until they are back, but
not on restricted cases. Nobody writes their own entry of the directory, or who stands above them.
"""


def page_of_rights() -> str:
    """Return the page."""
    on_cases = [right for right in RIGHTS if right.relations]
    others = [right for right in RIGHTS if not right.relations]
    readers = listed(role_name(role) for role in READ_RESTRICTED)
    return page(
        "Rights",
        INTRODUCTION,
        "## On a case",
        table(("Who", "may", "if one of these holds"), [(who(right), what(right), ways(right)) for right in on_cases]),
        RESTRICTED.format(readers=readers),
        "## Elsewhere",
        table(("Who", "may"), [(who(right), what(right)) for right in others]),
        OTHERS.format(operator="; ".join(OF_AN_OPERATOR)),
        "## Pages of the desk",
        "Every page and every button, and what it needs.",
        table(("Page", "Needs the right to"), [(code(f"{one.method} {one.path}"), needs(one.action)) for one in PAGES]),
        "## Forms",
        "Who records each kind of fact, of those who may record on the case.",
        table(
            ("Form", "Recorded by"),
            [(known.title, opening(listed(role_name(role) for role in known.who))) for known in KINDS.values()],
        ),
    )


def who(right: Right) -> str:
    """Return the roles of a right."""
    return opening(listed(role_name(role) for role in right.roles))


def what(right: Right) -> str:
    """Return what a right allows."""
    return "; ".join(right.actions)


def ways(right: Right) -> str:
    """Return the ways to stand to a case for which a right holds."""
    return "; ".join(right.relations)


def needs(action: Action) -> str:
    """Return what a page needs."""
    if action in OPEN:
        return "nothing: anybody reaches it"
    return "be signed in" if action is Action.SIGNED_IN else action.value
