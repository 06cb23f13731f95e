"""Every kind of fact, by its name: found in the modules beside this one that declare ``KINDS``."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from casework.recording.fact_type import FactType
from policy.vocabulary import FactKind

# The modules that stand on this one.
ABOVE = ("registry", "recorder", "submit")


def declared() -> list[FactType]:
    """Return the kinds of fact that the modules of this package declare."""
    names = [module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name not in ABOVE]
    modules = [import_module(f"casework.recording.{name}") for name in names]
    return [known for module in modules for known in getattr(module, "KINDS", ())]


def by_kind(types: Iterable[FactType]) -> dict[FactKind, FactType]:
    """Return kinds of fact by their names, in the order of these; every name has exactly one."""
    found: dict[FactKind, FactType] = {}
    for known in types:
        if known.kind in found:
            raise TypeError(f"the kind of fact {known.kind.value!r} is declared twice")
        found[known.kind] = known
    if missing := [kind.value for kind in FactKind if kind not in found]:
        raise TypeError(f"no module of casework.recording declares the kinds of fact {', '.join(missing)}")
    return {kind: found[kind] for kind in FactKind}


KINDS: dict[FactKind, FactType] = by_kind(declared())
