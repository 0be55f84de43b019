"""The lender's owners hear by e-mail that a receiver does not take events."""

from datetime import datetime
from uuid import UUID

from portal.core.events.envelope import write_time
from portal.gateways.mail import Mail
from portal.store import endpoints, staff
from portal.store.work import Work

SUBJECT = "A webhook endpoint does not take events"
TEXT = """\
The endpoint {url} has not taken any event since {since}.

Deliveries go on for about three days after the first attempt. After five days with nothing but failures the endpoint is
switched off; its events keep waiting, and can be sent again. The log of attempts is in the console:

{console}
"""


def warn_endpoint(work: Work, *, endpoint_id: UUID, mail: Mail, base_url: str, now: datetime) -> int:
    """Write to every active owner while an endpoint is failing; gives how many letters went out.

    Nothing goes out when it took an event meanwhile. Raises MailFailedError when the first letter was not taken, so
    that the job comes again.
    """
    with work.read() as tx:
        endpoint = endpoints.find_endpoint(tx, endpoint_id)
        owners = [one.email for one in staff.list_staff(tx) if one.is_active and "owner" in one.roles]
    if endpoint is None or endpoint.failing_since is None or endpoint.failing_since > now:
        return 0
    text = TEXT.format(
        url=endpoint.url,
        since=write_time(endpoint.failing_since),
        console=f"{base_url}/lender/endpoints/{endpoint_id}",
    )
    for owner in owners:
        mail.send(to=owner, subject=SUBJECT, text=text)
    return len(owners)
