"""Where the time goes, by layer."""

from datetime import date

from bench.profiles import ROOT, by_layer, layer_of, of_imports, shares
from policy.calendar import add_months

DAY = date(2026, 1, 31)
SITE = "/venv/lib/python3.11/site-packages"
TOLD = """import time: self [us] | cumulative | imported package
import time:    300000 |     300000 |       sqlalchemy.orm
import time:    100000 |     400000 |     models.base
import time:    100000 |     100000 | rich.table
import time:    100000 |     600000 | zoneinfo
"""


def test_a_function_belongs_to_the_layer_of_its_file() -> None:
    assert layer_of(f"{SITE}/sqlalchemy/orm/session.py", "flush") == "SQLAlchemy"
    assert layer_of(f"{SITE}/jinja2/environment.py", "render") == "templates"
    assert layer_of(f"{ROOT}/policy/calendar.py", "london_date") == "policy"
    assert layer_of(f"{ROOT}/models/audit_seals.py", "seal") == "trail and seals of the rows"
    assert layer_of(f"{ROOT}/models/cases.py", "f") == "models"
    assert layer_of("/usr/lib/python3.11/json/encoder.py", "encode") == "Python's own functions and library"


def test_what_is_written_in_c_belongs_to_the_layer_of_its_name() -> None:
    assert layer_of("~", "<method 'execute' of 'sqlite3.Cursor' objects>") == "driver and database"
    assert layer_of("~", "<built-in method marshal.loads>") == "imports"
    assert layer_of("~", "<built-in method builtins.len>") == "Python's own functions and library"


def test_shares_are_in_per_cent_the_largest_first_without_what_is_next_to_nothing() -> None:
    found = shares({"a": 24.0, "b": 75.6, "c": 0.4})
    assert [(layer, round(share, 1)) for layer, share in found.items()] == [("b", 75.6), ("a", 24.0)]
    assert shares({}) == {}


def test_imports_are_added_up_by_package_and_the_rest_is_the_work() -> None:
    """Of a second: 0.3 s SQLAlchemy, 0.1 s each of the others, and 0.4 s that no import took."""
    found = of_imports(TOLD, 1.0)
    assert {layer: round(share) for layer, share in found.items()} == {
        "the work itself, and Python's start": 40,
        "import of SQLAlchemy": 30,
        "import of our tables and the record": 10,
        "import of Rich": 10,
        "import of the standard library and others": 10,
    }


def test_work_is_profiled() -> None:
    found = by_layer(lambda: [add_months(DAY, months) for months in range(2000)])
    assert found["policy"] > 1
