"""Sentences with which a random life may begin or go on, by what is special about each."""

from datetime import date

from tests.support.story import DARREN

IMPOSED = date(2025, 12, 29)
IN_CUSTODY = DARREN | {"sentence_date": str(IMPOSED), "location": "custody"}
OUTSIDE = DARREN | {
    "sentence_date": str(IMPOSED),
    "location": "community",
    "prison": "",
    "conditional_release_date": "",
}
LONG = {"licence_expiry_date": "2033-06-01"}
SENTENCES: dict[str, dict[str, str]] = {
    "determinate": IN_CUSTODY | LONG | {"conditional_release_date": "2027-09-10"},
    "determinate, release in years": IN_CUSTODY | LONG | {"conditional_release_date": "2029-09-10"},
    "short": IN_CUSTODY | LONG | {"conditional_release_date": "2026-03-06"},
    "home detention curfew": IN_CUSTODY
    | LONG
    | {"conditional_release_date": "2027-03-12", "hdc_approved_date": "2026-12-03"},
    "short, and soon over": IN_CUSTODY
    | {"term_months": "12", "conditional_release_date": "2026-03-06", "licence_expiry_date": "2026-12-28"},
    "life": IN_CUSTODY
    | {
        "disposal": "life",
        "term_months": "",
        "conditional_release_date": "",
        "licence_expiry_date": "",
        "parole_eligibility_date": "2027-02-01",
    },
    "life without a date": IN_CUSTODY
    | {"disposal": "life", "term_months": "", "conditional_release_date": "", "licence_expiry_date": ""},
    "suspended": OUTSIDE | {"disposal": "suspended", "term_months": "24", "licence_expiry_date": "2029-12-28"},
    "suspended, and soon over": OUTSIDE
    | {"disposal": "suspended", "term_months": "12", "licence_expiry_date": "2026-12-28"},
    "hospital order": OUTSIDE
    | {
        "disposal": "hospital_order",
        "term_months": "",
        "location": "hospital",
        "restriction_order": "yes",
        "licence_expiry_date": "",
        "lead_agency": "mental_health",
    },
    "community order with registration": OUTSIDE
    | {
        "offence_code": "SX03001",
        "disposal": "community_order",
        "term_months": "",
        "order_end_date": "2028-12-28",
        "licence_expiry_date": "",
    },
    "caution with registration": OUTSIDE
    | {"offence_code": "SX03001", "disposal": "caution", "term_months": "", "licence_expiry_date": ""},
    "registered, in custody": IN_CUSTODY | LONG | {"offence_code": "SX03001", "conditional_release_date": "2026-11-06"},
    "a question of eligibility": OUTSIDE
    | {"offence_code": "ZZ99001", "disposal": "imprisonment", "term_months": "12", "licence_expiry_date": "2028-12-28"},
}


def imposed_on(sentence: str, day: date) -> dict[str, str]:
    """Return the row of a sentence that was imposed on another day: all its dates move with it."""
    later = day - IMPOSED
    return {
        column: str(date.fromisoformat(cell) + later) if cell and column.endswith("_date") else cell
        for column, cell in SENTENCES[sentence].items()
    }
