"""The certificates that a Prefect server may show, read once: to read them takes longer than the server's answer."""

import ssl
from functools import cache

import httpx


@cache
def certificates() -> ssl.SSLContext:
    """Return what decides whether a server is believed; variables of the environment do not."""
    return httpx.create_ssl_context(trust_env=False)
