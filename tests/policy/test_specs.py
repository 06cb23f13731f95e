"""A spec that lacks a part stops the program at its start, and says which part of which word is missing."""

import ast
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from policy.announcements import Announcement
from policy.book import PolicyError, compile_book, shipped_book
from policy.events import EventKind
from policy.kinds import KINDS, AtClosure, Kind, KindSpec, kind_named
from policy.letters import MessageKind
from policy.obligations import rules
from policy.obligations.all import RULES_IN_ORDER
from policy.obligations.rules import RULES, makes_due, rules_in_order
from policy.roles import Role
from policy.specs import Spec, SpecError
from policy.words import role_name
from tests.support.sources import sources

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SPECIFIED = [*KINDS, *Role, *EventKind, *MessageKind, *Announcement]


def parts_of(spec: Spec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in type(spec).model_fields}


def needed(spec: Spec) -> list[str]:
    return [name for name, field in type(spec).model_fields.items() if field.is_required()]


@pytest.mark.parametrize("word", SPECIFIED, ids=lambda word: f"{type(word.spec).__name__}-{word.value}")
def test_each_part_taken_away_in_turn_is_a_loud_failure_that_names_it(word: Any) -> None:
    spec = word.spec
    assert needed(spec), spec
    for part in needed(spec):
        left = {name: value for name, value in parts_of(spec).items() if name != part}
        with pytest.raises(SpecError) as refused:
            type(spec)(**left)
        assert part in str(refused.value)
        assert repr(spec.name) in str(refused.value) or part == "name"


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_text_is_no_text(kind: Kind) -> None:
    texts = [name for name in needed(kind.spec) if isinstance(getattr(kind.spec, name), str)]
    assert len(texts) > 8
    for part in texts:
        if part in ("owner", "at_closure", "about"):
            continue
        with pytest.raises(SpecError, match=part):
            type(kind.spec)(**parts_of(kind.spec) | {part: ""})


def test_what_asks_what_becomes_of_the_case_cannot_outlive_it() -> None:
    ending = next(kind for kind in KINDS if kind.spec.ends_episode)
    with pytest.raises(SpecError, match="at_closure"):
        KindSpec(**parts_of(ending.spec) | {"at_closure": AtClosure.GOES_ON})


def test_every_kind_has_one_rule_and_a_kind_without_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(RULES) == set(KINDS)
    assert set(RULES_IN_ORDER) == set(RULES.values())
    for kind in KINDS:
        without = {other: rule for other, rule in RULES.items() if other is not kind}
        monkeypatch.setattr(rules, "RULES", without)
        with pytest.raises(SpecError, match=f"'{kind.value}': no rule makes it due"):
            rules_in_order()


def test_two_rules_for_one_kind_are_refused() -> None:
    with pytest.raises(SpecError, match="two rules make it due"):
        makes_due(KINDS[0])(lambda _facts: iter(()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_numbers_is_named(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tomllib.loads(files("policy").joinpath("data", "p2012.toml").read_text(encoding="utf-8"))
    policy = shipped_book().policies[0]
    del raw["timescales"][kind.value]
    with pytest.raises(ValueError, match=f"no rule for the timescales {kind.value}"):
        type(policy).model_validate(raw)


def test_the_owner_comes_from_the_spec_unless_an_area_names_another() -> None:
    override = 'version = "K1"\nin_force_from = 2026-01-01\nbase = "P2012"\narea = "Kent"\n'
    override += '[timescales.minutes]\nowner = "coordinator"\n'
    shipped, kent = compile_book([("kent.toml", override)]).policies
    for kind, rule in shipped.timescales.items():
        assert (rule.owner, rule.owner_agency) == (kind.spec.owner, kind.spec.owner_agency)
    assert kent.timescales[kind_named("minutes")].owner is Role.COORDINATOR


def test_an_area_adds_an_agency_and_what_asks_for_it_without_code() -> None:
    override = (
        'version = "K1"\nin_force_from = 2026-01-01\nbase = "P2012"\narea = "Kent"\n'
        '[agencies.modern_slavery_unit]\nname = "modern slavery unit"\nclass = "associate"\nsource = "Kent SMB"\n'
        '[circumstances.trafficked]\nquestion = "Were they trafficked?"\nstatement = "Was trafficked"\n'
        '[attendance.required.trafficked]\nwhen = "trafficked"\nagency = "modern_slavery_unit"\n'
        'because = "the person was trafficked"\n'
    )
    _, kent = compile_book([("kent.toml", override)]).policies
    assert kent.agency_name("modern_slavery_unit") == "modern slavery unit"
    assert "trafficked" in kent.circumstances
    with pytest.raises(PolicyError, match="'nobody' is not an agency"):
        compile_book([("kent.toml", override.replace('agency = "modern_slavery_unit"', 'agency = "nobody"'))])
    with pytest.raises(PolicyError, match="neither a circumstance of the policy"):
        compile_book([("kent.toml", override.replace('when = "trafficked"', 'when = "sunny"'))])


def test_a_kind_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="'tea' is not a kind of timescale; the kinds are identification"):
        kind_named("tea")


def test_a_capacity_that_somebody_typed_stays_as_it_is() -> None:
    assert role_name("smb_chair") == "SMB Chair"
    assert role_name("Named nurse") == "Named nurse"
    assert role_name("care_coordinator") == "care coordinator"


def test_nobody_goes_through_the_kinds_of_a_class_that_has_none() -> None:
    """``Kind`` itself has no members: going through it would find nothing, and say nothing."""
    loops = [
        f"{file}:{node.lineno}"
        for file, tree in sources()
        for node in ast.walk(tree)
        for over in (
            [node.iter] if isinstance(node, ast.For)
            else [one.iter for one in node.generators] if isinstance(node, COMPREHENSIONS)
            else node.args if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id in ("tuple", "list", "set", "frozenset", "sorted", "len")
            else []
        )
        if isinstance(over, ast.Name) and over.id == "Kind" and hasattr(node, "lineno")
    ]  # fmt: skip
    assert loops == []
