"""Policies by version, date and area: the shipped one, and an area's overrides on top of it.

An override is a TOML file that names ``version``, ``in_force_from``, ``base`` (the version it changes),
mostly ``area``, and only the numbers that differ. Tables are merged key by key; a list replaces a list.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from policy.errors import InvalidError
from policy.numbers import Policy
from policy.texts import same

SHIPPED = "p2012.toml"


class PolicyError(InvalidError):
    """A policy file cannot be used; each reason says where it is wrong and what is wanted."""


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """Every policy known to this installation."""

    policies: tuple[Policy, ...]

    def for_area(self, area: str, on: date) -> Policy:
        """Return the policy in force for ``area`` on a date.

        An area's own policy goes before the general one; of several, the latest that has begun.
        A date before the first policy gets the first: history is held to the oldest numbers known.
        """
        begun = [p for p in self.policies if p.in_force_from <= on and (p.area is None or same(p.area, area))]
        if begun:
            return max(begun, key=lambda p: (p.area is not None, p.in_force_from))
        return min((p for p in self.policies if p.area is None), key=lambda p: p.in_force_from)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Return every agency that any of the policies has, those of the shipped one first."""
        return tuple(dict.fromkeys(name for policy in self.policies for name in policy.agencies))

    def version(self, version: str) -> Policy:
        """Return one policy by its version; ``PolicyError`` if nobody knows it."""
        for policy in self.policies:
            if policy.version == version:
                return policy
        known = ", ".join(p.version for p in self.policies)
        raise PolicyError(f"no policy has the version {version!r}; known are: {known}")


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``change`` laid over it, table by table."""
    result = dict(base)
    for key, value in change.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def parse(name: str, text: str, raw_by_version: Mapping[str, Mapping[str, Any]]) -> tuple[Policy, dict[str, Any]]:
    """Return the policy in a TOML ``text`` and its full raw tables; ``name`` is used in errors."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"not TOML: {error}", where=name) from error
    base = raw.get("base")
    if base is not None:
        if base not in raw_by_version:
            known = ", ".join(raw_by_version)
            raise PolicyError(f"no policy has the version {base!r}; known are: {known}", where=f"{name}: base")
        inherited = {k: v for k, v in raw_by_version[base].items() if k not in ("area", "title", "base")}
        for own in ("version", "in_force_from"):
            if own not in raw:
                raise PolicyError(f"a change of {base!r} needs its own", where=f"{name}: {own}")
        raw = merged(inherited, raw)
    try:
        return Policy.model_validate(raw), raw
    except ValidationError as error:
        lines = [
            f"{name}: {'.'.join(str(p) for p in e['loc']) or 'whole file'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise PolicyError("\n".join(lines), reasons=lines) from error


def compile_book(overrides: Iterable[tuple[str, str]] = ()) -> PolicyBook:
    """Return the shipped policy and ``overrides``, (name, TOML text) in the order in which they build on each other."""
    policies: list[Policy] = []
    raw_by_version: dict[str, Mapping[str, Any]] = {}
    shipped = (SHIPPED, files("policy").joinpath("data", SHIPPED).read_text(encoding="utf-8"))
    for name, text in (shipped, *overrides):
        policy, raw = parse(name, text, raw_by_version)
        if policy.version in raw_by_version:
            raise PolicyError(f"{policy.version!r} is taken by another policy", where=f"{name}: version")
        policies.append(policy)
        raw_by_version[policy.version] = raw
    return PolicyBook(tuple(policies))


@cache
def shipped_book() -> PolicyBook:
    """Return the book with the shipped policy alone."""
    return compile_book()
