"""A link, an identity, a way to reach somebody: how a debtor comes in."""

from __future__ import annotations

from portal.core.events.shapes import (
    code,
    count,
    event,
    flag,
    group,
    items,
    language,
    moment,
    opaque,
    open_code,
)

_DOOR = ("debtor", "system", "staff", "lender")
_CHANNEL = code("sms", "email", "letter", "whatsapp", "voice", "page")
_METHOD = open_code("birth_date_and_code")

EVENTS = (
    event(
        "link.sent",
        "A link to the portal went to the debtor, or was made for a letter or a call.",
        by=_DOOR,
        scope="account_or_debtor",
        carries=group(
            id=opaque("lnk_01HZY3"),
            channel_=_CHANNEL,
            purpose_=open_code("first"),
            language_=language(),
            message_=opaque("msg_01HZY3"),
            expires_at_=moment("2026-12-04T09:30:00.000Z"),
        ),
    ),
    event(
        "link.opened",
        "The debtor went on from the page behind a link; a preview robot does not count.",
        by=("debtor",),
        scope="account_or_debtor",
        carries=group(id=opaque("lnk_01HZY3"), is_first_=flag(), language_=language()),
    ),
    event(
        "link.renewed",
        "A fresh link took the place of one that had run out or was locked, sent to the number on file.",
        by=_DOOR,
        scope="account_or_debtor",
        carries=group(
            id=opaque("lnk_01HZY4"),
            replaces_=opaque("lnk_01HZY3"),
            channel_=_CHANNEL,
            expires_at_=moment("2026-12-07T09:30:00.000Z"),
        ),
    ),
    event(
        "identity.verified",
        "The debtor proved who they are.",
        by=("debtor", "staff"),
        scope="account_or_debtor",
        carries=group(
            method=_METHOD,
            link_=opaque("lnk_01HZY3"),
            device_=code("known", "new"),
            reason_codes_=items(open_code("new_device"), most=12),
        ),
    ),
    event(
        "identity.failed",
        "A try to prove who they are did not fit.",
        by=("debtor", "system"),
        scope="account_or_debtor",
        carries=group(
            method=_METHOD,
            link_=opaque("lnk_01HZY3"),
            tries_left_=count(4),
            reason_=open_code("fact_differs"),
        ),
    ),
    event(
        "identity.locked",
        "No more tries on this link or account; a fresh link to the number on file opens it again.",
        by=("debtor", "system"),
        scope="account_or_debtor",
        carries=group(
            locked=code("link", "account", "code"),
            link_=opaque("lnk_01HZY3"),
            tries_=count(5),
            until_=moment(),
        ),
    ),
    event(
        "contact.wrong_party",
        "Somebody said that they are not the person the link was for; the number is not used any more.",
        by=("debtor", "staff", "lender"),
        scope="account_or_debtor",
        carries=group(
            link_=opaque("lnk_01HZY3"), channel_=_CHANNEL, reason_=open_code("not_me"), is_reversed_=flag()
        ),
    ),
    event(
        "contact.preferences_changed",
        "The debtor changed how, when or in which language they want to be reached.",
        by=("debtor", "staff", "counselor", "lender"),
        scope="debtor",
        carries=group(
            changed=items(open_code("language"), most=20),
            language_=language(),
            channels_=items(_CHANNEL, most=6),
            stopped_channels_=items(_CHANNEL, most=6),
            source_=open_code("portal"),
        ),
    ),
    event(
        "rights.viewed",
        "The debtor opened the page with their rights and free help.",
        by=("debtor", "counselor"),
        scope="account_or_debtor",
        carries=group(pack_=open_code("gb-2026-10"), language_=language()),
    ),
)
