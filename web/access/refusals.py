"""Why somebody is not let in, as errors that pages and calls each answer in their own way."""

from policy.errors import MappaError


class NotAllowedError(MappaError):
    """Somebody asks for what their role does not give them."""


class SignInNeededError(MappaError):
    """Nobody is signed in, or no more."""
