"""An operator's day with a mail server that refuses, then hangs and drops, then works."""

from collections import Counter

from notifications.letters.rendering import REPEAT
from tests.operations.conftest import ALL, THE_DAY, assert_nothing_lost_or_doubled, outbox, states
from tests.support.program import Program
from tests.support.smtp_sink import HOST, SmtpSink


def by_smtp(sink: SmtpSink) -> dict[str, str]:
    """Return the settings that lead to a mail server."""
    return {
        "MAPPA_TRANSPORT": "smtp",
        "MAPPA_SMTP_HOST": HOST,
        "MAPPA_SMTP_PORT": str(sink.port),
        "MAPPA_SMTP_STARTTLS": "false",
        "MAPPA_SMTP_TIMEOUT_SECONDS": "1",
        "MAPPA_ALLOWED_DOMAINS": "probation.example,mappa.example,prison.example,smb.example",
    }


def test_a_failing_mail_server(mappa: Program, undisturbed: Program) -> None:
    # Monday, 08:00: nobody answers at the mail server. The prompts are raised all the same, and their messages rest.
    with SmtpSink("refuse_connection") as nobody:
        answer = mappa("tick", "--as-at", f"{THE_DAY}T08:00", **by_smtp(nobody))
    assert answer.code == 0
    assert "prompts: 12 waited, 12 done, 0 skipped, 0 failed" in answer.out
    assert f"deliver: {ALL} waited, 0 done, 0 skipped, {ALL} failed" in answer.out
    resting = outbox(mappa)
    refused = "the mail server cannot be reached: Connection refused"
    assert Counter((m["state"], m["reason"]) for m in resting) == {
        ("retry", refused): 1,
        ("pending", f"not tried: {refused}"): ALL - 1,
    }

    # It is up again at 08:05, and ill: it takes an escalation and hangs, and breaks off after two of the others.
    with SmtpSink("hang_after_data", "ok", "drop_after_data", "ok", "drop_after_data", "ok") as mail_server:
        answer = mappa("tick", "--as-at", f"{THE_DAY}T08:05", **by_smtp(mail_server))
        assert f"deliver: {ALL} waited, {ALL - 3} done, 0 skipped, 3 failed" in answer.out
        unknown = {m["id"]: m for m in outbox(mappa, "uncertain")}
        assert all("no answer after the content was sent" in m["reason"] for m in unknown.values())
        # Escalations leave first. The rest is of one time, and leaves in any order.
        [escalation] = [i for i, m in unknown.items() if m["kind"] == "escalation"]
        first, second = [i for i, m in unknown.items() if m["kind"] in ("digest", "stuck_list")]
        assert unknown[escalation]["reason"].endswith("it will be sent again and say that it may be a repeat")
        assert unknown[first]["reason"].endswith("a person decides whether it is sent again")

        # 08:10: the escalation goes again by itself. The others wait for a person, however often the clock ticks.
        mappa("tick", "--as-at", f"{THE_DAY}T08:10", **by_smtp(mail_server))
        assert "deliver: 0 waited" in mappa("tick", "--as-at", f"{THE_DAY}T12:00", **by_smtp(mail_server)).out
        assert {m["id"] for m in outbox(mappa, "uncertain")} == {first, second}

        # The operator finds one in the log of the mail server, and has the other sent again.
        assert mappa("messages", "mark-sent", first, "--by", "Ola").out == f"message {first} is now sent\n"
        assert "only an uncertain, dead or withheld message" in mappa("messages", "resend", first).err
        asked = mappa("messages", "resend", second, "--as-at", f"{THE_DAY}T12:05", "--by", "Ola")
        assert asked.out == f"message {second} is now retry\n"
        mappa("tick", "--as-at", f"{THE_DAY}T12:05", **by_smtp(mail_server))

    # Each has arrived; only what was in doubt did so twice, under one Message-ID, and the second says so.
    assert states(mappa) == {"sent": ALL}
    arrived = Counter(received.header_id.strip("<>").partition("@")[0] for received in mail_server.received)
    assert arrived == {m["id"]: 2 if m["id"] in (escalation, second) else 1 for m in outbox(mappa)}
    repeats = [r.header_id for r in mail_server.received if REPEAT in r.text()]
    assert Counter(repeats) == {f"<{i}@mappa.local>": 1 for i in (escalation, second)}
    assert_nothing_lost_or_doubled(mappa, undisturbed)
