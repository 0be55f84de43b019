"""`portal receiver-check URL`: does a receiver of webhooks do what it must? Every question is one signed post."""

import json
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import click

from portal.core.events.catalog import CATALOG
from portal.core.events.documents import sample_envelope
from portal.core.events.envelope import BODY_BYTES_MAX, encode, write_event_id
from portal.gateways.address_guard import AddressGuard
from portal.gateways.ids import new_id
from portal.gateways.webhook_signatures import sign, write_secret
from portal.gateways.webhooks import Answer, Limits, WebhookSender

SECONDS_MAX = 15.0
SLOW_MS = 5_000
TAKEN, REFUSED = "2xx", "4xx"
ONE = "payment.succeeded"


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post: its body, its headers, and the kind of answer that is right."""

    body: bytes
    headers: dict[str, str]
    wanted: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report."""

    question: str
    holds: bool
    seen: str


class Writer:
    """Writes posts that are signed with the receiver's secret, or as wrong as a question wants them."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def post(
        self,
        envelope: dict[str, Any],
        *,
        wanted: str = TAKEN,
        late: timedelta = timedelta(0),
        event: str = "",
        by: Sequence[str] = (),
    ) -> Post:
        """Sign an envelope as the portal does; `late` moves the stamp, `by` names other secrets."""
        body = encode(envelope)
        headers = sign(
            webhook_id=event or write_event_id(new_id()),
            at=datetime.now(UTC) - late,
            body=body,
            secrets=by or [self.secret],
        )
        return Post(body=body, headers=headers, wanted=wanted)


def questions(writer: Writer) -> Iterator[tuple[str, list[Post]]]:
    """Give every question with its posts, in the order in which they are asked."""
    for name in CATALOG:
        yield f"takes {name}", [writer.post(sample_envelope(name))]
    yield from _doubles(writer)
    yield from _forgeries(writer)
    yield from _growth(writer)


def _doubles(writer: Writer) -> Iterator[tuple[str, list[Post]]]:
    event = write_event_id(new_id())
    twice = [writer.post(sample_envelope(ONE), event=event) for _ in range(2)]
    yield "takes an event that comes twice (same webhook-id) both times", twice
    second, first = (_numbered(number) for number in (2, 1))
    yield "takes events of an account out of their sequence", [writer.post(second), writer.post(first)]
    rotating = [writer.post(sample_envelope(ONE), by=[write_secret(secrets.token_bytes(32)), writer.secret])]
    yield "takes a post with two signatures of which one fits (a secret rotates)", rotating
    plain = writer.post(sample_envelope(ONE))
    other = {"webhook-signature": f"v1a,{'A' * 86}== " + plain.headers["webhook-signature"]}
    beside = Post(body=plain.body, headers=plain.headers | other, wanted=TAKEN)
    yield "takes a post with a signature of a scheme that it does not know beside v1", [beside]


def _numbered(number: int) -> dict[str, Any]:
    envelope: dict[str, Any] = sample_envelope(ONE)
    envelope["data"] |= {"account": "AC-CHECK", "sequence": number}
    return envelope


def _forgeries(writer: Writer) -> Iterator[tuple[str, list[Post]]]:
    plain = writer.post(sample_envelope(ONE), wanted=REFUSED)
    yield "refuses a post without a signature", [Post(body=plain.body, headers={}, wanted=REFUSED)]
    stranger = [write_secret(secrets.token_bytes(32))]
    yield (
        "refuses a signature by another secret",
        [writer.post(sample_envelope(ONE), wanted=REFUSED, by=stranger)],
    )
    altered = plain.body.replace(b"payment", b"Payment", 1)
    yield "refuses a body that was altered", [Post(body=altered, headers=plain.headers, wanted=REFUSED)]
    renamed = plain.headers | {"webhook-id": write_event_id(new_id())}
    yield "refuses a webhook-id that was altered", [Post(body=plain.body, headers=renamed, wanted=REFUSED)]
    for words, late in (
        ("ten minutes old", timedelta(minutes=10)),
        ("of the future", -timedelta(minutes=10)),
    ):
        yield (
            f"refuses a stamp that is {words}",
            [writer.post(sample_envelope(ONE), wanted=REFUSED, late=late)],
        )


def _growth(writer: Writer) -> Iterator[tuple[str, list[Post]]]:
    fresh = sample_envelope(ONE) | {"type": "payment.of_a_later_version"}
    yield "takes a type that it does not know yet", [writer.post(fresh)]
    wider: dict[str, Any] = json.loads(json.dumps(sample_envelope(ONE)))
    wider["data"]["payment"]["of_a_later_version"] = {"minor": 1, "currency": "USD"}
    yield "takes a field that it does not know yet", [writer.post(wider)]
    wide: dict[str, Any] = json.loads(json.dumps(sample_envelope(ONE)))
    wide["data"]["creditor"] = "ก้อง 刘 Ñandú"
    yield "takes letters of every script", [writer.post(wide)]
    large: dict[str, Any] = json.loads(json.dumps(sample_envelope(ONE)))
    large["data"]["filling"] = "x" * (BODY_BYTES_MAX - 2_000)
    yield "takes the largest body there is (20 kB)", [writer.post(large)]


def ask(send: Callable[[Post], Answer], question: str, posts: Sequence[Post]) -> Finding:
    """Send the posts of one question and judge the answers."""
    seen: list[str] = []
    holds = True
    for post in posts:
        answer = send(post)
        fits = answer.status is not None and f"{answer.status // 100}xx" == post.wanted
        holds = holds and fits and answer.duration_ms < SLOW_MS
        seen.append(str(answer.status or answer.error) + (" slow" if answer.duration_ms >= SLOW_MS else ""))
    return Finding(question=question, holds=holds, seen=", ".join(seen))


def check(url: str, secret: str) -> Iterator[Finding]:
    """Ask a receiver everything; a receiver on this machine is allowed here."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    guard = AddressGuard(open_hosts=frozenset({f"{(parts.hostname or '').lower()}:{port}"}))
    sender = WebhookSender(guard=guard, limits=Limits(read=SECONDS_MAX))
    try:
        for question, posts in questions(Writer(secret)):
            yield ask(
                lambda post: sender.post(url=url, body=post.body, headers=post.headers), question, posts
            )
    finally:
        sender.close()


@click.command()
@click.argument("url")
@click.option("--secret", required=True, help="The endpoint's whsec_ secret.")
def command(*, url: str, secret: str) -> None:
    """Ask a receiver of webhooks what a receiver must do, and print a report.

    Every type of event, doubles, disorder, two signatures, forgeries, old and future stamps, what is new, what is
    large. Exit code 0: everything holds. 1: something does not.
    """
    try:
        findings = list(check(url, secret))
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--secret") from fault
    for one in findings:
        click.echo(
            f"{'ok  ' if one.holds else 'NOT '} {one.question}" + ("" if one.holds else f": {one.seen}")
        )
    held = sum(one.holds for one in findings)
    click.echo(f"{held} of {len(findings)} hold.")
    sys.exit(0 if held == len(findings) else 1)
