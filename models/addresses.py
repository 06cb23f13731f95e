"""The address of a database as people may see it: never with any part of a password."""

from sqlalchemy.engine import make_url

HIDDEN = "***"
SECRET_OPTIONS = ("password", "sslpassword")
"""What PostgreSQL takes as an option of the URL, too."""


def shown_url(url: str) -> str:
    """Return the URL of a database without its password; one that the settings have taken."""
    known = make_url(url)
    secret = {name: HIDDEN for name in SECRET_OPTIONS if name in known.query}
    return known.update_query_dict(secret).render_as_string(hide_password=True)
