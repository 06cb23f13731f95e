"""An operator's day on which the process that does the work is killed: in the middle of a sweep, and of a delivery."""

import signal
from collections import Counter

from notifications.letters.rendering import REPEAT
from tests.operations.conftest import (
    ALL,
    THE_DAY,
    assert_nothing_lost_or_doubled,
    outbox,
    prompts,
    states,
    tick,
)
from tests.operations.test_mail_server import by_smtp
from tests.support.program import Program
from tests.support.smtp_sink import SmtpSink

KILLED = -signal.SIGKILL


def test_a_worker_killed_in_a_sweep_and_in_a_delivery(mappa: Program, undisturbed: Program) -> None:
    before = prompts(mappa)
    with SmtpSink() as mail_server:
        mail = by_smtp(mail_server)
        # 08:00: killed when the prompts are written and not committed. It is as if it had never begun.
        assert mappa("tick", "--as-at", f"{THE_DAY}T08:00", dies_at=("sweep.prompts_written", 1), **mail).code == KILLED
        assert prompts(mappa) == before
        assert "the audit trail is intact" in mappa("audit", "verify").out

        # 08:01: the next one sweeps, and is killed when the mail server has its second message, an escalation.
        assert mappa("tick", "--as-at", f"{THE_DAY}T08:01", dies_at=("delivery.handed_over", 2), **mail).code == KILLED
        assert states(mappa) == {"sent": 1, "claimed": ALL - 1}

        # 08:02: it is known to be dead, so what it had not begun goes out at once. One it had: nobody knows of that.
        at_once = mappa("tick", "--as-at", f"{THE_DAY}T08:02", **mail)
        assert f"deliver: {ALL - 2} waited, {ALL - 2} done, 0 skipped, 0 failed" in at_once.out
        assert states(mappa) == {"sent": ALL - 1, "claimed": 1}
        # 08:17: the lease of that one has ended, and what nobody can know is said.
        assert (
            "deliver: 1 waited, 0 done, 0 skipped, 1 failed" in mappa("tick", "--as-at", f"{THE_DAY}T08:17", **mail).out
        )
        [unknown] = outbox(mappa, "uncertain")
        assert unknown["reason"] == (
            "the process that was sending it ended before the outcome was known; "
            "it will be sent again and say that it may be a repeat"
        )
        tick_by_smtp = mappa("tick", "--as-at", f"{THE_DAY}T08:30", **mail)
        assert "deliver: 1 waited, 1 done" in tick_by_smtp.out

    assert states(mappa) == {"sent": ALL}
    arrived = Counter(received.header_id for received in mail_server.received)
    assert arrived == {f"<{m['id']}@mappa.local>": 2 if m["id"] == unknown["id"] else 1 for m in outbox(mappa)}
    assert [r.header_id for r in mail_server.received if REPEAT in r.text()] == [f"<{unknown['id']}@mappa.local>"]
    assert_nothing_lost_or_doubled(mappa, undisturbed)


def test_into_a_folder_there_is_no_doubt(mappa: Program, undisturbed: Program) -> None:
    assert mappa("tick", "--as-at", f"{THE_DAY}T08:00", dies_at=("delivery.handed_over", 3)).code == KILLED
    # After the lease, with room for a machine that was slow while it held it.
    tick(mappa, f"{THE_DAY}T08:25")
    assert states(mappa) == {"sent": ALL}
    assert_nothing_lost_or_doubled(mappa, undisturbed)
