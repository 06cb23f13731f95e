"""What is put into every field of every form: each value as the JSON that a door gets, and what is no form at all."""

DAYS = (
    "0001-01-01", "0001-01-02", "1899-12-31", "1984-01-01", "2026-02-30", "2199-01-01", "9999-12-30", "9999-12-31",
    "2026-09-21T25:00", "9999-12-31T23:59", "0001-01-01T00:00:00+23:59", "2026-10-01T10:00:00+99:99",
    "2026-W40-4", "1783468800",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "1.5", "1e308", "1e400", "-1e400", "NaN", "Infinity", str(2**31), str(2**53 + 1), str(2**63),
    str(2**64), str(-(2**63)), "9" * 400, "9" * 5_000,
)  # fmt: skip
TRUTHS = ("true", "false", '"yes"', '"true"', '"1"', '"on"')
HIDDEN = (
    "\\u0000", "\\u001b[31m", "\\u0007", "\\u0008", "\\u0085", "\\u202e", "\\u2066", "\\u2028", "\\ud83d",
    "\\ude00\\ud83d", "\\uffff", "\\udb40\\udc41", "\\r",
)  # fmt: skip
UNSEEN = ("\\u200b", "\\u2060", "\\ufeff", "\\u00ad", "\\u2800", "\\u3164", "\\u115f")
TEXTS = (
    "", "  ", "=HYPERLINK(1,2)", "<script>alert(1)</script>", "'; DROP TABLE person; --", "{{ 7 * 7 }}", "%s%n%x",
    "../../etc/passwd", "\\ud83d\\ude00", "\\u0661\\u0662", "word " * 4_500, "word " * 210_000,
)  # fmt: skip
NESTED = (
    "null", "[]", "{}", "[null]", "[[]]", '{"a": {"b": 1}}', '["x"]', '{"": ""}', '{"\\u0000": 1}',
    "[" * 30 + "]" * 30, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000,
    "[" + ",".join(["{}"] * 5_000) + "]", "[" + ",".join(['"x y z"'] * 5_000) + "]",
)  # fmt: skip
VALUES: tuple[str, ...] = (
    *(f'"{day}"' for day in DAYS),
    *NUMBERS,
    *TRUTHS,
    *(f'"Somebody wrote{one}this text here"' for one in HIDDEN),
    *(f'"{one * 11}"' for one in UNSEEN),
    *(f'"{text}"' for text in TEXTS),
    *NESTED,
)
"""Each as JSON has it."""
BODIES: tuple[bytes, ...] = (
    b"", b" ", b"null", b"[]", b'"text"', b"7", b"{", b'{"date": }', b'{"date": "2026-07-09",}', b"\xff\xfe\x00",
    b'{"reason": "caf\xe9"}', b'{"date": "2026-07-09", "date": "2026-07-10"}', b"[" * 100_000, b'{"a":' * 100_000,
    b"\x00" * 100, b"PK\x03\x04", b"<form/>", b"date=2026-07-09", b'{"date": 1' + b"0" * 50_000 + b"}",
)  # fmt: skip
"""What is sent instead of a form."""
