"""A record that the settings name, for flows that open it by them."""

from tests.support.prefect import record

__all__ = ["record"]
