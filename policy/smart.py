"""Whether an action can be done and be seen to be done: who, a verb, by when, and an end that can be measured.

Inspectors found actions whose outcome nobody could see, and actions that went on for ever (Joint inspection 2015,
5.11, 5.12). Who and by when are fields of their own; here is what the words must say. "Monitor", "liaise" and
"continue" are no actions alone: nobody can say on any day that they are done.
"""

import re
from collections.abc import Iterator

from policy.texts import WORD

CLAUSE = re.compile(r"[.;:,\n]+|\band\b|\bthen\b")
BEFORE_A_VERB = frozenset({"to", "please", "will", "should", "must", "shall", "kindly"})
NO_VERB = frozenset({"a", "an", "the", "his", "her", "their", "he", "she", "they", "it", "this", "that", "there"})
ENDLESS = frozenset(
    {
        "consider", "continue", "encourage", "engage", "explore", "keep", "liaise", "maintain", "manage", "monitor",
        "note", "observe", "oversee", "remain", "stay", "support", "track", "watch", "work",
    }
)  # fmt: skip
# What shows that something ends: somebody hears of it, a question is answered, a day or a number is reached.
ENDS = re.compile(
    r"\b(until|whether|once|twice|so that|before|unless|if"
    r"|(report|tell|record|send|write|confirm|inform|notify|submit|update|share|agree|decide)(s|ing|ed)?)\b|[0-9]"
)
NOBODY = frozenset(
    {"all", "anybody", "anyone", "everybody", "everyone", "team", "agencies", "attendees", "panel", "n", "tbc", "tbd"}
)


def lacks(text: str) -> Iterator[str]:
    """Yield what the words of an action lack: a verb and what it is done to, or an end."""
    verbs = [clause_verb(clause) for clause in CLAUSE.split(text.lower())]
    known = [verb for verb in verbs if verb]
    if len(WORD.findall(text)) < 2 or not known:
        yield "say what is to be done, with a verb and what it is done to"
    elif known[0] in NO_VERB and " to " not in text.lower():
        yield f"begin with the verb: what is to be done? It begins with {known[0]!r}"
    elif all(endless(verb) for verb in known) and not ENDS.search(text.lower()):
        yield (
            f"{known[0]!r} has no end by which anybody could see that it is done: say what is found out, handed over "
            "or told to whom"
        )


def clause_verb(clause: str) -> str:
    """Return the word with which a clause begins, without what may stand before a verb; "" for an empty one."""
    return next((word for word in WORD.findall(clause) if word not in BEFORE_A_VERB), "")


def endless(verb: str) -> bool:
    """Tell whether a verb, in any of its forms, names something that only goes on."""
    forms = (verb, verb.removesuffix("s"), verb.removesuffix("ing"), f"{verb.removesuffix('ing')}e")
    return any(form in ENDLESS for form in forms)


def is_a_person(name: str) -> bool:
    """Tell whether the owner of an action may be one person: "all agencies" and "tbc" are nobody."""
    return NOBODY.isdisjoint(WORD.findall(name.lower()))
