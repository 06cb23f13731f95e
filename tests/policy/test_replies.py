"""What a mail server means by the code with which it gives an e-mail up (RFC 3463, 3.1 to 3.8)."""

import pytest

from policy.replies import meaning


@pytest.mark.parametrize(
    ("why", "words"),
    [
        # 5.1.1 "bad destination mailbox address", 5.2.2 "mailbox full", 5.7.1 "delivery not authorized".
        ("5.1.1", "there is no such address"),
        ("550 5.1.1 <(address)> unknown", "there is no such address"),
        ("552 5.2.2 over quota", "the mailbox does not take e-mail"),
        ("554 5.7.1 blocked", "the mail server refuses e-mail from here"),
        ("5.4.4", "the way there does not work"),
        # 5.6 is about the e-mail itself, and 4 is a failure for now.
        ("5.6.0", ""),
        ("4.2.2", ""),
        ("permanent-failure", ""),
        ("no reason given", ""),
    ],
)
def test_a_code_is_told_in_words_where_it_speaks_of_the_address(why: str, words: str) -> None:
    assert meaning(why) == words
