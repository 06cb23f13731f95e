"""Invented people who answer prompts, refer, decide, meet, stay away and report late, at seeded rates.

So that demonstration, benchmark and tests have a caseload with a history. Everything they do goes through
``casework.recording``; the rates and their sources stand in ``rates.toml``.
"""

from sample.answers.answering import Answering, Given
from sample.answers.guard import RealPeopleError, refuse_real_people
from sample.answers.rates import RatesError, read_rates

__all__ = ["Answering", "Given", "RatesError", "RealPeopleError", "read_rates", "refuse_real_people"]
