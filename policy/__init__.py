"""The rules of MAPPA as pure functions over plain dataclasses, and their numbers as data."""
