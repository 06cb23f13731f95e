"""The API for other systems: the same views, facts and rights as the desk, by tokens (``web.access.tokens``)."""
