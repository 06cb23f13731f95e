"""What is a telephone number, and what is said of what is none."""

import pytest

from policy.telephones import telephone_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01632 960101", "01632 960101"),
        ("+44 1632 960101", "+44 1632 960101"),
        ("  020  7946\u00a00000 ", "020 7946 0000"),
        ("0800111", "0800111"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_a_number_is_kept_with_single_spaces(written: str, number: str) -> None:
    assert telephone_number(written) == number


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("ask the desk", "use digits and spaces, and + before a country code"),
        ("01632-960101", "use digits and spaces"),
        ("01632 960101 ext 4", "use digits and spaces"),
        ("01632 + 960101", "use digits and spaces"),
        ("٠١٦٣٢ ٩٦٠١٠١", "use digits and spaces"),
        ("016329", "it has 6 digits, not 7 to 15"),
        ("+1234567890123456", "it has 16 digits, not 7 to 15"),
        ("1632960101", "it does not begin with 0 or +; a spreadsheet may have dropped the 0"),
    ],
)
def test_anything_else_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match="is not a telephone number") as refusal:
        telephone_number(written)
    assert reason in str(refusal.value)
