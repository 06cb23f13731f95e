"""Pages and the right that each needs: a page that names none cannot be registered."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from web.access.rights import Action
from web.visit import Visit

Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the path that calls it, the method, what it needs, and the function that answers.

    A path with ``{reference}`` is about the case of that reference.
    """

    path: str
    method: str
    action: Action
    handler: Handler

    @property
    def of_case(self) -> bool:
        """Tell whether the page is about a case."""
        return "{reference}" in self.path


class Pages(list[Page]):
    """The pages of one module, each registered where it is defined."""

    def get(self, path: str, action: Action) -> Callable[[Handler], Handler]:
        """Register a page that shows something: it changes nothing, as mail scanners open every link."""
        return self.put("GET", path, action)

    def post(self, path: str, action: Action) -> Callable[[Handler], Handler]:
        """Register what a form does."""
        return self.put("POST", path, action)

    def put(self, method: str, path: str, action: Action) -> Callable[[Handler], Handler]:
        """Register a page."""

        def register(handler: Handler) -> Handler:
            self.append(Page(path, method, action, handler))
            return handler

        return register
