"""What the unit and the operator look on: what failed or waits for a person, and the numbers in force."""

from starlette.responses import Response

from models.cases import Case
from models.record import policies
from policy.timescale_rules import TimescaleRule
from policy.words import listed, plain_words, role_name
from views.problems import problems
from web.access.rights import Action, areas_for
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/problems", Action.SEE_PROBLEMS)
def open_problems(visit: Visit) -> Response:
    """Show what failed and what waits for a person in the reader's areas: by the reference of the case alone.

    An operator sees those of every area, and those of no case.
    """
    of_areas = Case.area.in_(areas_for(visit.reader, Action.SEE_PROBLEMS))
    conditions = () if visit.reader.operator else (of_areas,)
    with visit.record.reading() as session:
        return page(visit, "problems.html", rows=list(problems(session, *conditions, unresolved=True)))


@PAGES.get("/policy", Action.SEE_POLICY)
def policy(visit: Visit) -> Response:
    """Show the numbers in force: each timescale with its date and its ladder, and where it stands in the sources."""
    area = next(iter(areas_for(visit.reader, Action.SEE_POLICY)), "")
    with visit.record.reading() as session:
        numbers = policies(session).for_area(area, visit.today)
    rows = [
        (kind.spec.title, f"{rule.offset} from the {plain_words(rule.from_).lower()}", ladder_words(rule), rule.source)
        for kind, rule in numbers.timescales.items()
    ]
    return page(visit, "policy.html", policy=numbers, area=area, rows=rows)


def ladder_words(rule: TimescaleRule) -> str:
    """Return a ladder in words: each rung with those it goes to."""
    return "; ".join(f"{rung.known_as}: {listed(role_name(to) for to in rung.to)}" for rung in rule.rungs)
