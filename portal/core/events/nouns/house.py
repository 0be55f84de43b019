"""The lender's own house: bounds, approvals, endpoints, keys, staff, data, evidence."""

from __future__ import annotations

from portal.core.events.shapes import (
    code,
    count,
    digest,
    event,
    flag,
    group,
    items,
    moment,
    money,
    opaque,
    open_code,
    reference,
    signed_note,
)

_DESK = ("staff", "lender", "system")
_ENDPOINT = opaque("ept_01HZY3")
_NOTE = (
    "portal/acme/events\n4096\nn4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=\ntime 2026-12-01T09:30:00.000000Z\n\n"
    "— portal/acme/events Hy49TA==\n"
)

EVENTS = (
    event(
        "bounds.published",
        "A version of the lender's bounds became active.",
        by=_DESK,
        scope="lender",
        carries=group(
            version=count(4),
            id_=opaque("bnd_01HZY3"),
            name_=reference("default"),
            digest_=digest(),
            replaces_=count(3),
            approval_=opaque("apr_01HZY3"),
        ),
    ),
    event(
        "bounds.retired",
        "A version of the lender's bounds is not used any more.",
        by=_DESK,
        scope="lender",
        carries=group(
            version=count(3),
            id_=opaque("bnd_01HZY2"),
            name_=reference("default"),
            replaced_by_=count(4),
            reason_=open_code("replaced"),
        ),
    ),
    event(
        "approval.requested",
        "Something waits for a second pair of eyes.",
        by=(*_DESK, "debtor", "counselor"),
        scope="lender",
        carries=group(
            id=opaque("apr_01HZY3"),
            subject=open_code("bounds"),
            subject_id_=opaque("bnd_01HZY3"),
            level_=open_code("approver"),
            amount_=money(50_000),
        ),
    ),
    event(
        "approval.decided",
        "The second pair of eyes said yes or no.",
        by=_DESK,
        scope="lender",
        carries=group(
            id=opaque("apr_01HZY3"),
            decision=code("approved", "declined", "withdrawn"),
            subject_=open_code("bounds"),
            subject_id_=opaque("bnd_01HZY3"),
            reason_=open_code("within_policy"),
        ),
    ),
    event(
        "endpoint.changed",
        "A receiver of events was made or changed, or its secret was.",
        by=_DESK,
        scope="lender",
        carries=group(
            id=_ENDPOINT,
            changed=items(
                code("created", "url", "patterns", "order", "signing", "secret", "enabled", "disabled"),
                most=8,
            ),
            patterns_=items(reference("payment.*"), most=50),
            is_ordered_=flag(),
            old_secret_until_=moment("2026-12-02T09:30:00.000Z"),
        ),
    ),
    event(
        "endpoint.disabled",
        "Deliveries to a receiver stopped; its events keep waiting.",
        by=_DESK,
        scope="lender",
        carries=group(
            id=_ENDPOINT,
            reason=code("gone", "failing", "staff"),
            failing_since_=moment("2026-11-26T09:30:00.000Z"),
        ),
    ),
    event(
        "endpoint.tested",
        "Somebody asked for a test event to a receiver; this is it.",
        by=_DESK,
        scope="lender",
        carries=group(id=_ENDPOINT),
    ),
    event(
        "endpoint.replayed",
        "Past events are sent again to a receiver, each with the id that it had.",
        by=_DESK,
        scope="lender",
        carries=group(
            id=_ENDPOINT,
            deliveries=count(12),
            types_=items(reference("payment.*"), most=50),
            since_=moment("2026-11-30T00:00:00.000Z"),
            until_=moment(),
        ),
    ),
    event(
        "key.created",
        "A key to the API was made; with `house`, by a guest for a machine of that agency or provider.",
        by=(*_DESK, "counselor", "provider"),
        scope="lender",
        carries=group(
            id=opaque("key_01HZY3"),
            house_=opaque("agc_01HZY3"),
            scopes_=items(open_code("accounts:write"), most=40),
            expires_at_=moment("2027-12-01T00:00:00.000Z"),
            replaces_=opaque("key_01HZY2"),
        ),
    ),
    event(
        "key.revoked",
        "A key to the API does not open anything any more.",
        by=(*_DESK, "counselor", "provider"),
        scope="lender",
        carries=group(id=opaque("key_01HZY3"), house_=opaque("agc_01HZY3"), reason_=open_code("rotated")),
    ),
    event(
        "keys.rotated",
        "The lender's data key and the keys of its log were changed; everything stays readable and proved.",
        by=_DESK,
        scope="lender",
        carries=group(
            data_key=count(3), digest_key_=count(4), log_key_ids_=items(opaque("1f2e3d4c"), most=4)
        ),
    ),
    event(
        "staff.changed",
        "A member of the lender's staff was added or removed, or what they may do was changed.",
        by=_DESK,
        scope="lender",
        carries=group(
            id=opaque("stf_01HZY3"),
            changed=items(open_code("roles"), most=20),
            roles_=items(code("owner", "rules", "approver", "agent", "supervisor", "auditor"), most=6),
            is_active_=flag(),
        ),
    ),
    event(
        "data.revealed",
        "A member of the staff opened a personal field that is closed by default.",
        by=("staff", "lender"),
        scope="account_or_debtor",
        carries=group(fields=items(open_code("phone"), most=20), reason_=open_code("call_back")),
    ),
    event(
        "data.exported",
        "Data left the portal as a file.",
        by=("debtor", "counselor", *_DESK),
        scope="account_or_debtor",
        carries=group(
            kind=open_code("debtor_copy"), rows_=count(200), digest_=digest(), format_=open_code("json")
        ),
    ),
    event(
        "data.erased",
        "Personal data was erased; what must be kept as proof is kept without it.",
        by=("debtor", *_DESK),
        scope="account_or_debtor",
        carries=group(
            fields_=items(open_code("phone"), most=40), reason=open_code("retention"), rows_=count(1)
        ),
    ),
    event(
        "switch.changed",
        "A switch of the lender's house was turned.",
        by=_DESK,
        scope="lender",
        carries=group(name=open_code("payments"), is_on=flag(), reason_=open_code("drill"), until_=moment()),
    ),
    event(
        "settings.changed",
        "The lender changed how its house works; a secret is never told, only that there is a new one.",
        by=_DESK,
        scope="lender",
        carries=group(
            part=open_code("payment_methods"),
            country_=open_code("th"),
            values_=items(open_code("promptpay"), most=60),
        ),
    ),
    event(
        "evidence.checkpointed",
        "The log of events was sealed up to a size: its root and the signature's keys.",
        by=("system",),
        scope="lender",
        key="checkpoint",
        version=2,
        carries=group(
            size=count(4_096),
            root=digest(),
            signed_by_=items(open_code("ed25519"), most=4),
            key_ids_=items(opaque("1f2e3d4c"), most=4),
            time_stamp_=moment(),
            previous_size_=count(3_072),
            origin_=reference("portal/acme/events"),
            signed_=signed_note(_NOTE),
        ),
    ),
)
