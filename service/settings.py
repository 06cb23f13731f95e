"""The settings of the running program: read once, at its start, from the variables ``MAPPA_...``, and handed on."""

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Self

from pydantic_settings import BaseSettings

from assurance.settings import AssuranceSettings
from figures.settings import FigureSettings
from models.settings import PREFIX, Kind, RecordSettings, as_variables, read
from notifications.settings import MailSettings
from policy.errors import SettingsError
from service.log_settings import LogSettings
from service.serve_settings import ServeSettings
from web.settings import DeskSettings

KINDS: tuple[type[BaseSettings], ...] = (
    RecordSettings,
    MailSettings,
    ServeSettings,
    DeskSettings,
    LogSettings,
    AssuranceSettings,
    FigureSettings,
)
ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, each part as its room declares it. ``prefect_api_url``: Prefect's own, where somebody set it."""

    record: RecordSettings
    mail: MailSettings
    serve: ServeSettings
    desk: DeskSettings
    log: LogSettings
    assurance: AssuranceSettings
    figures: FigureSettings
    prefect_api_url: str | None = None

    @property
    def of_the_stages(self) -> tuple[BaseSettings, ...]:
        """Return the settings that the stages ask the record for."""
        return self.mail, self.assurance, self.figures

    @property
    def with_the_desk(self) -> Self:
        """Return the same where the desk runs beside: without an address of its own, e-mails lead to where it listens.

        Of a fleet somebody gives the address (MAPPA_DESK_URL): many desks stand behind it.
        """
        if self.mail.desk_url is not None:
            return self
        return replace(self, mail=self.mail.model_copy(update={"desk_url": self.desk.address}))

    def environment(self) -> dict[str, str]:
        """Return the variables from which a child process reads these same settings: all of them."""
        parts = (self.record, self.mail, self.serve, self.desk, self.log, self.assurance, self.figures)
        return {name: text for part in parts for name, text in as_variables(part).items()}


def read_settings(database_url: str | None = None) -> Settings:
    """Return every setting as the environment has it; ``database_url`` (``--database``) goes before its variable.

    ``SettingsError`` names every variable that is wrong, in whatever part.
    """
    wrong: list[str] = []

    def part(kind: type[Kind], **given: Any) -> Kind:
        try:
            return read(kind, **given)
        except SettingsError as error:
            wrong.extend(error.reasons)
            return kind.model_construct()

    settings = Settings(
        record=part(RecordSettings, **({} if database_url is None else {"database_url": database_url})),
        mail=part(MailSettings),
        serve=part(ServeSettings),
        desk=part(DeskSettings),
        log=part(LogSettings),
        assurance=part(AssuranceSettings),
        figures=part(FigureSettings),
        prefect_api_url=os.environ.get("PREFECT_API_URL") or None,
    )
    if wrong:
        raise SettingsError(wrong)
    return settings


def unknown_variables() -> list[str]:
    """Return a sentence for each variable that looks like a setting misspelt: it would silently change nothing."""
    known = {name.upper() for kind in KINDS for name in kind.model_fields}
    given = (name.removeprefix(PREFIX) for name in sorted(os.environ) if name.startswith(PREFIX))
    pairs = ((name, get_close_matches(name, sorted(known), n=1, cutoff=ALIKE)) for name in given if name not in known)
    return [f"{PREFIX}{name} is no setting and does nothing; {PREFIX}{near[0]} is one" for name, near in pairs if near]
