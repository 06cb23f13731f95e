"""E-mails as calendars, out-of-office assistants and mail servers write them."""

UID = "5f0c2a7e9b1d4c3f8a6b0e2d4f6a8c01"
HANA = "hana@housing.example"
OURS = "0123456789abcdef0123456789abcdef"


def calendar(
    partstat: str = "DECLINED",
    uid: str = UID,
    sequence: int = 0,
    attendee: str = HANA,
    stamp: str = "20260922T081500Z",
    method: str = "REPLY",
) -> str:
    """An answer as RFC 5546, 3.2.3, has it."""
    return (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nPRODID:-//Example//Calendar 16.0//EN\r\nVERSION:2.0\r\n"
        f"BEGIN:VEVENT\r\nUID:{uid}@mappa.local\r\nSEQUENCE:{sequence}\r\nDTSTAMP:{stamp}\r\n"
        "DTSTART:20261014T090000Z\r\nDTEND:20261014T100000Z\r\nORGANIZER:mailto:mappa@mappa.example\r\n"
        f"ATTENDEE;PARTSTAT={partstat};CN=Hana\r\n Example:MAILTO:{attendee}\r\n"
        "SUMMARY:Declined: MAPPA level 2 meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )  # fmt: skip


def answer(sender: str = HANA, message_id: str = "<a1@housing.example>", text: str = "", **values: object) -> bytes:
    """An answer as Outlook sends it: the words for a person, and beside them those for a calendar."""
    event = text or calendar(**values)  # type: ignore[arg-type]
    method = "REPLY" if "METHOD:REPLY" in event else "COUNTER"
    return (
        f"From: Hana Example <{sender}>\r\nTo: MAPPA <mappa@mappa.example>\r\nSubject: Declined: MAPPA level 2\r\n"
        f"Message-ID: {message_id}\r\nDate: Tue, 22 Sep 2026 09:15:00 +0100\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI am on leave.\r\n"
        f'--b\r\nContent-Type: text/calendar; charset="utf-8"; method={method}\r\n\r\n{event}\r\n--b--\r\n'
    ).encode()


def out_of_office(sender: str = HANA, answers: str = f"<{OURS}@mappa.local>", head: str = "") -> bytes:
    """An automatic reply (RFC 3834)."""
    return (
        f"From: {sender}\r\nTo: mappa@mappa.example\r\nSubject: Automatic reply: Meeting on 14 October\r\n"
        f"Message-ID: <ooo-{len(head)}@housing.example>\r\nIn-Reply-To: {answers}\r\n"
        f"{head or 'Auto-Submitted: auto-replied'}\r\nContent-Type: text/plain\r\n\r\nBack on Monday.\r\n"
    ).encode()


def report(
    address: str = HANA,
    action: str = "failed",
    status: str = "5.1.1",
    about: str = f"<{OURS}@mappa.local>",
    message_id: str = "<dsn1@mx.example>",
) -> bytes:
    """A report that a message was not delivered, as RFC 3464, appendix A, has it."""
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: mappa@mappa.example\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMessage-ID: {message_id}\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        f"--r\r\nContent-Type: text/plain\r\n\r\nYour message to {address} could not be delivered.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\nArrival-Date: Tue, 22 Sep 2026 08:00:00 +0100\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{address}>: no such user\r\n\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nTo: {address}\r\n--r--\r\n"
    ).encode()  # fmt: skip
