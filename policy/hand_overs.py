"""Who may stand in for somebody who is away: a colleague in the same role, or in the agency for which cases name them.

Nobody is asked through a colleague for what is not that colleague's to do: a manager who is away is not stood in for by
whom they manage, unless both hold the role.
"""

from dataclasses import dataclass

from policy.roles import Reach, Role

NOT_HANDED_OVER = (Role.INVITEE,)
"""An invitation, and the entry of the calendar with it, is for the person who was invited."""


@dataclass(frozen=True, slots=True)
class Works:
    """Where somebody works on a day.

    ``posts``: the roles that the directory gives them, as (area, agency, role). ``named``: those in which open cases
    name them, as (area, agency, role).
    """

    posts: frozenset[tuple[str, str, str]] = frozenset()
    named: frozenset[tuple[str, str, str]] = frozenset()

    def agencies(self, area: str) -> frozenset[str]:
        """Return the agencies for which they work in an area."""
        return frozenset(agency for of, agency, _ in self.posts | self.named if of == area)

    @property
    def areas(self) -> frozenset[str]:
        """Return the areas in which they work."""
        return frozenset(area for area, _, _ in self.posts | self.named)


def may_stand_in(role: str, area: str, away: Works, deputy: Works) -> bool:
    """Tell whether what one is asked in a role, on the cases of an area, may go to another.

    A role that the directory gives needs the same role there, of the same agency unless it reaches the whole area. For
    a role in which cases or facts name somebody, the two must work for one agency of the area.
    """
    if role in NOT_HANDED_OVER:
        return False
    held = {post for post in away.posts if post[0] == area and post[2] == role}
    if not held:
        return not away.agencies(area).isdisjoint(deputy.agencies(area))
    if Role(role).spec.reach is Reach.AREA:
        return any((of, its_role) == (area, role) for of, _, its_role in deputy.posts)
    return not held.isdisjoint(deputy.posts)
