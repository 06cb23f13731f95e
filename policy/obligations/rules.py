"""Which rule makes each kind of timescale due: every kind has one, and says so where it stands."""

from collections.abc import Callable, Iterator

from policy.facts import CaseFacts
from policy.kinds import KINDS, Kind
from policy.obligations.owed import Owed
from policy.specs import SpecError

Rule = Callable[[CaseFacts], Iterator[Owed]]
RULES: dict[Kind, Rule] = {}


def makes_due(*kinds: Kind) -> Callable[[Rule], Rule]:
    """Enter a rule for the kinds it yields; ``SpecError`` where one of them has a rule already."""

    def enter(rule: Rule) -> Rule:
        for kind in kinds:
            if kind in RULES:
                raise SpecError(f"KindSpec {kind.spec.name!r}: two rules make it due: {RULES[kind].__name__} and "
                                f"{rule.__name__}")  # fmt: skip
            RULES[kind] = rule
        return rule

    return enter


def rules_in_order() -> tuple[Rule, ...]:
    """Return every rule once, in the order of the kinds; ``SpecError`` for a kind that no rule makes due."""
    missing = [kind.spec.name for kind in KINDS if kind not in RULES]
    if missing:
        raise SpecError(f"KindSpec {missing[0]!r}: no rule makes it due: write one in policy/obligations")
    return tuple(dict.fromkeys(RULES[kind] for kind in KINDS))
