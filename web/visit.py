"""One visit of a page: who asks, for what, and with what they may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from starlette.datastructures import FormData, QueryParams, UploadFile

from casework.recording import Actor, Through
from casework.recording.fact_type import FactType
from models.record import Record
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.characters import unwritten
from policy.errors import InvalidError, NotAllowedError, SignInNeededError
from policy.roles import Role
from policy.texts import HIGHEST_NUMBER, whole_number
from web.access.asked import CaseAsked
from web.access.hats import Reader
from web.access.rights import Action, may, role_to_record
from web.settings import DeskSettings

COOKIE = "desk"
"""The name of the cookie that holds the token of a session."""


@dataclass(frozen=True, slots=True)
class Here:
    """What the desk works with: the record, its settings, and how its mail leaves."""

    record: Record
    desk: DeskSettings
    mail: MailSettings

    @property
    def secure(self) -> bool:
        """Tell whether browsers reach the desk by HTTPS: then no cookie goes without."""
        return (self.mail.desk_url or "").startswith("https://")


def number_in(text: str) -> int | None:
    """Return the number of a row that an address or a field names; None where it names none."""
    return whole_number(text, HIGHEST_NUMBER)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit. ``given`` is the form that was sent, ``parts`` what the address itself names.

    ``token`` is that of the session, "" where nobody is signed in; ``visited_before``: when the reader was last here.
    """

    here: Here
    method: str
    path: str
    query: QueryParams
    parts: dict[str, str]
    given: FormData
    as_at: datetime
    came_from: str
    browser: str
    cookies: dict[str, str]
    token: str = ""
    session_id: int = 0
    visited_before: datetime | None = None
    known_reader: Reader | None = None
    case_asked: CaseAsked | None = None
    later: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def record(self) -> Record:
        """Return the record."""
        return self.here.record

    @property
    def today(self) -> date:
        """Return the day, Europe/London."""
        return london_date(self.as_at)

    @property
    def reader(self) -> Reader:
        """Return who reads; ``SignInNeededError`` where nobody is signed in."""
        if self.known_reader is None:
            raise SignInNeededError("sign in first")
        return self.known_reader

    @property
    def case(self) -> CaseAsked:
        """Return the case that the page is about."""
        assert self.case_asked is not None, "the page is about no case"
        return self.case_asked

    def may(self, action: Action) -> bool:
        """Tell whether the reader may do what is not about one case."""
        return self.known_reader is not None and may(self.known_reader, action)

    def number(self, name: str) -> int:
        """Return a number that the path names; 0, which nothing has, where it names none."""
        return number_in(self.parts[name]) or 0

    def text(self, name: str) -> str:
        """Return what was sent in a field of the form, "" where nothing was."""
        found = self.given.get(name)
        return found.strip() if isinstance(found, str) else ""

    def words(self, name: str) -> str:
        """Return a text of one line that is to be kept; ``InvalidError`` names the field of one that nobody writes."""
        text = self.text(name)
        if wrong := unwritten(text, lines=False):
            raise InvalidError(wrong, where=name)
        return text

    def file(self, name: str) -> UploadFile | None:
        """Return the file that was sent in a field of the form."""
        found = self.given.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None

    def pairs(self) -> Sequence[tuple[str, str]]:
        """Return the texts of the form, in their order."""
        return [(name, value) for name, value in self.given.multi_items() if isinstance(value, str)]

    def actor(self, role: Role | None = None) -> Actor:
        """Return the reader as whoever records something, in a role."""
        hat = next((hat for hat in self.reader.hats if hat.role is role), None)
        return Actor(
            id=self.reader.email, name=self.reader.name, through=Through.DESK, role=role,
            agency=hat.agency or None if hat else None, area=hat.area or None if hat else None,
        )  # fmt: skip

    def role_for(self, fact_type: FactType) -> Role:
        """Return the role in which the reader records a kind of fact; ``NotAllowedError`` where they may not."""
        role = role_to_record(self.case.access, fact_type)
        if role is None:
            raise NotAllowedError(f"your role does not record this: {fact_type.title}")
        return role
