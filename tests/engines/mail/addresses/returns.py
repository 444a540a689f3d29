"""Messages as mail systems send them back, in their shapes and in invented words."""

from collections.abc import Callable, Mapping

TO = "programme@programme.example"
DEAD = "alice@liverpool.example"
ORIGINAL = "Message-ID: {message_id}\nFrom: The programme <programme@programme.example>\nSubject: You have a place\n"


def crlf(text: str) -> bytes:
    """The bytes on the wire."""
    return text.replace("\n", "\r\n").encode()


def postfix(
    *,
    to: str = TO,
    message_id: str = "<unknown@elsewhere.example>",
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <alice@liverpool.example>: Recipient address rejected: no such mouse",
    recipient: str = DEAD,
    original: str = DEAD,
) -> bytes:
    """A report of Postfix."""
    return crlf(f"""\
Return-Path: <>
Delivered-To: {to}
Received: by relay.example (Postfix)
        id 9B1E2; Tue, 12 Jan 2027 09:00:01 +0000 (GMT)
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
        boundary="9B1E2.1800000000/relay.example"
Message-Id: <20270112090001.9B1E2@relay.example>

This is a MIME-encapsulated message.

--9B1E2.1800000000/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.example. Nothing could be done.

--9B1E2.1800000000/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 9B1E2
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Tue, 12 Jan 2027 09:00:00 +0000 (GMT)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{original}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.liverpool.example
Diagnostic-Code: {diagnostic}

--9B1E2.1800000000/relay.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
{ORIGINAL.format(message_id=message_id)}
--9B1E2.1800000000/relay.example--
""")


def exim(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report of Exim: its status is 5.0.0, the reason stands in the diagnosis, the letter is given back whole."""
    return crlf(f"""\
Return-path: <>
Envelope-to: {to}
From: Mail Delivery System <Mailer-Daemon@mail.oxford.example>
To: {to}
References: {message_id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1800000001-eximdsn-77
MIME-Version: 1.0
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

--1800000001-eximdsn-77
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1800000001-eximdsn-77
Content-type: message/delivery-status

Reporting-MTA: dns; mail.oxford.example

Action: failed
Final-Recipient: rfc822;{DEAD}
Status: 5.0.0
Remote-MTA: dns; mx.liverpool.example
Diagnostic-Code: smtp; 550 5.1.1 No mouse of that name lives here

--1800000001-eximdsn-77
Content-type: message/rfc822

Return-path: <{to}>
{ORIGINAL.format(message_id=message_id)}
Dear Alice

--1800000001-eximdsn-77--
""")


def exchange(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report of Microsoft 365: HTML, a status of two figures at the end, fields of its own."""
    return crlf(f"""\
From: <postmaster@liverpool.example>
To: <{to}>
Date: Tue, 12 Jan 2027 09:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="8e0f6a3d-0c55-4a57-9a10-ef6a70f0a111"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <8e0f6a3d-0c55@ndr.liverpool.example>
In-Reply-To: {message_id}
Subject: Undeliverable: You have a place
Auto-Submitted: auto-replied
X-MS-PublicTrafficType: Email

--8e0f6a3d-0c55-4a57-9a10-ef6a70f0a111
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="1c6b9f0e-2c55-4f57-8a10-af6a70f0a222"

--1c6b9f0e-2c55-4f57-8a10-af6a70f0a222
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

WW91ciBtZXNzYWdlIHdhcyBub3QgZGVsaXZlcmVkLg==

--1c6b9f0e-2c55-4f57-8a10-af6a70f0a222
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<p>alice wasn=E2=80=99t found</p>

--1c6b9f0e-2c55-4f57-8a10-af6a70f0a222--

--8e0f6a3d-0c55-4a57-9a10-ef6a70f0a111
Content-Type: message/delivery-status

Reporting-MTA: dns;AB1PR01MB0001.liverpool.example
Received-From-MTA: dns;relay.example
Arrival-Date: Tue, 12 Jan 2027 09:00:03 +0000

Final-Recipient: rfc822;{DEAD}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {DEAD} not found by lookup
X-Display-Name: alice

--8e0f6a3d-0c55-4a57-9a10-ef6a70f0a111
Content-Type: message/rfc822

{ORIGINAL.format(message_id=message_id)}
--8e0f6a3d-0c55-4a57-9a10-ef6a70f0a111--
""")


def gmail(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report as Gmail shapes it: pictures beside it, and `X-Original-Message-ID` among the per-message fields."""
    return crlf(f"""\
Return-Path: <>
To: {to}
From: Mail Delivery Subsystem <mailer-daemon@big.example>
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {DEAD}
Content-Type: multipart/report; boundary="000000000000a1b2c3"; report-type=delivery-status

--000000000000a1b2c3
Content-Type: multipart/related; boundary="000000000000d4e5f6"

--000000000000d4e5f6
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--000000000000d4e5f6
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=

--000000000000d4e5f6--

--000000000000a1b2c3
Content-Type: message/delivery-status

Reporting-MTA: dns; big.example
Arrival-Date: Tue, 12 Jan 2027 01:00:03 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {DEAD}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.liverpool.example. (192.0.2.7, the server for the domain.)
Diagnostic-Code: smtp; 550-5.1.1 The mailbox you tried to reach does not exist. Please try
 550-5.1.1 double-checking it for typos 550 5.1.1 from 192.0.2.7 - mouse
Last-Attempt-Date: Tue, 12 Jan 2027 01:00:04 -0800 (PST)

--000000000000a1b2c3
Content-Type: message/rfc822

{ORIGINAL.format(message_id=message_id)}
Dear Alice
--000000000000a1b2c3--
""")


def qmail(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A message of qmail, which knows no reports: only a person understands it."""
    return crlf(f"""\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@old.example
To: {to}
Subject: failure notice

Hi. This is the mail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{DEAD}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{ORIGINAL.format(message_id=message_id)}
""")


def complaint(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>", kind: str = "abuse") -> bytes:
    """A feedback report of somebody who pressed the button for unwanted mail."""
    return crlf(f"""\
From: <feedback@big.example>
To: <complaints@programme.example>
Subject: FW: News
Content-Type: multipart/report; report-type=feedback-report; boundary="part7"

--part7
Content-Type: text/plain

This is an e-mail abuse report.

--part7
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Invented/1.0
Version: 1
Original-Mail-From: <{to}>
Arrival-Date: Tue, 12 Jan 2027 09:00:00 +0000

--part7
Content-Type: message/rfc822

{ORIGINAL.format(message_id=message_id)}
News
--part7--
""")


def absence(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>", mark: str = "") -> bytes:
    """What an answering machine says."""
    return crlf(f"""\
From: Alice Aldgrove <alice@liverpool.example>
To: {to}
Subject: =?utf-8?q?Away_until_Monday=E2=80=A6?=
In-Reply-To: {message_id}
{mark or "Auto-Submitted: auto-replied (vacation)"}

I am counting mosses.
""")


DEAD_ENDS: Mapping[str, Callable[..., bytes]] = {
    "postfix": postfix,
    "exim": exim,
    "exchange": exchange,
    "gmail": gmail,
}
"""Reports that an address does not exist, by who writes them."""
