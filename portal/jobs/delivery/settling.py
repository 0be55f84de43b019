"""Writes down what became of parcels: attempts, deliveries, and how their endpoints are doing."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from portal.core.actors import SYSTEM
from portal.core.deliveries import WARN_AT_ATTEMPT, Verdict, judge, must_disable
from portal.gateways.webhooks import Answer
from portal.jobs.delivery.channel import UNENCODABLE, Result, reply_of
from portal.store import delivery_results, endpoints, events, jobs
from portal.store.delivery_results import Attempt, Retry
from portal.store.work import Transaction

WARN_TASK = "warn_endpoint"
WARN_QUEUE = "mail"
GIVEN_BACK = Verdict(state="due", is_counted=False)


def settle(tx: Transaction, results: list[Result], *, now: datetime, random: Callable[[], float]) -> None:
    """Settle one lender's results in one transaction; run twice = once, should a commit be in doubt."""
    by_endpoint: dict[object, list[Result]] = defaultdict(list)
    for result in results:
        by_endpoint[result.parcel.claim.endpoint_id].append(result)
    for group in by_endpoint.values():
        _settle_endpoint(tx, group, now=now, random=random)


def _settle_endpoint(
    tx: Transaction, results: list[Result], *, now: datetime, random: Callable[[], float]
) -> None:
    endpoint_id = results[0].parcel.route.receiver.endpoint_id
    delivered: list[Result] = []
    retries: list[Retry] = []
    attempts: list[Attempt] = []
    verdicts: list[Verdict] = []
    for result in results:
        if result.answer is None:
            retries.append(_retry(result, GIVEN_BACK, now))
            continue
        attempts.append(_attempt(tx, result, result.answer, now))
        if result.answer.is_success:
            delivered.append(result)
            continue
        verdicts.append(_judge(result, result.answer, now=now, random=random))
        retries.append(_retry(result, verdicts[-1], now))
    delivery_results.record_attempts(tx, attempts)
    if delivered:
        ids = [result.parcel.claim.event_id for result in delivered]
        delivery_results.settle_delivered(tx, endpoint_id=endpoint_id, event_ids=ids, now=now)
    delivery_results.settle_retries(tx, retries)
    _let_followers_go(tx, results, retries, now=now)
    if delivered:
        _record_success(tx, results)
    else:
        _record_failure(tx, results, verdicts, now=now)


def _judge(result: Result, answer: Answer, *, now: datetime, random: Callable[[], float]) -> Verdict:
    if answer.error == UNENCODABLE:
        return Verdict(state="dead")
    attempt = result.parcel.claim.attempts + 1
    failures = result.parcel.route.receiver.failures
    return judge(reply=reply_of(answer), attempt=attempt, failures=failures, jitter=random(), now=now)


def _attempt(tx: Transaction, result: Result, answer: Answer, now: datetime) -> Attempt:
    claim = result.parcel.claim
    return Attempt(
        attempt_id=tx.new_id(),
        endpoint_id=claim.endpoint_id,
        event_id=claim.event_id,
        number=claim.attempts + 1,
        at=result.at or now,
        status_code=answer.status,
        duration_ms=answer.duration_ms,
        answer_start=answer.start,
        error=answer.error,
    )


def _retry(result: Result, verdict: Verdict, now: datetime) -> Retry:
    claim = result.parcel.claim
    return Retry(
        endpoint_id=claim.endpoint_id,
        event_id=claim.event_id,
        claimed_until=claim.claimed_until,
        state=verdict.state,
        due_at=verdict.due_at or now,
        attempts=claim.attempts + verdict.is_counted,
    )


def _let_followers_go(tx: Transaction, results: list[Result], retries: list[Retry], *, now: datetime) -> None:
    """What waited behind a delivery that had been late, and now is acknowledged or given up, goes out at once."""
    waiting = {retry.event_id for retry in retries if retry.state == "due"}
    freed = {
        result.parcel.claim.account_ref
        for result in results
        if result.parcel.claim.event_id not in waiting and result.parcel.claim.attempts
    }
    refs = sorted(ref for ref in freed if ref is not None)
    endpoint_id = results[0].parcel.claim.endpoint_id
    delivery_results.bring_forward(tx, endpoint_id=endpoint_id, account_refs=refs, now=now)


def _record_success(tx: Transaction, results: list[Result]) -> None:
    receiver = results[0].parcel.route.receiver
    if receiver.failing_since is not None:
        endpoints.record_success(tx, endpoint_id=receiver.endpoint_id)


def _record_failure(
    tx: Transaction, results: list[Result], verdicts: list[Verdict], *, now: datetime
) -> None:
    receiver = results[0].parcel.route.receiver
    endpoint_id = receiver.endpoint_id
    tried = [result for result in results if result.answer is not None and result.answer.error != UNENCODABLE]
    if not tried:
        return
    since = receiver.failing_since or now
    # What failed together counts once: eight posts in flight when a receiver restarts are one failure of it.
    failures = receiver.failures + any(reply_of(result.answer).is_down for result in tried if result.answer)
    slow_until = max((one.slow_until for one in verdicts if one.slow_until), default=None)
    endpoints.record_failure(
        tx, endpoint_id=endpoint_id, failing_since=since, failures=failures, slow_until=slow_until
    )
    if any(result.parcel.claim.attempts + 1 >= WARN_AT_ATTEMPT for result in tried):
        _warn(tx, results[0], now=now)
    reason = next((verdict.disable for verdict in verdicts if verdict.disable), None)
    if reason is None and must_disable(failing_since=since, now=now):
        reason = "failing"
    if reason is not None and endpoints.disable(tx, endpoint_id=endpoint_id, reason=reason):
        payload = {"id": str(endpoint_id), "reason": reason, "failing_since": since.isoformat()}
        events.append(tx, type="endpoint.disabled", actor=SYSTEM, at=now, payload=payload)


def _warn(tx: Transaction, result: Result, *, now: datetime) -> None:
    receiver = result.parcel.route.receiver
    if receiver.warned_at is None and endpoints.record_warning(tx, endpoint_id=receiver.endpoint_id, now=now):
        endpoint = str(receiver.endpoint_id)
        jobs.defer(tx, WARN_TASK, queue=WARN_QUEUE, once=f"{WARN_TASK}:{endpoint}", endpoint=endpoint)
