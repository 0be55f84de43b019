"""Jobs of documents: the signed PDF of an agreement, made once."""

from procrastinate import JobContext

from portal.actions.agreements.store_copy import store_copy
from portal.gateways.press import PdfPress
from portal.jobs.app import RETRY, app
from portal.jobs.house import house_of


@app.task(name="render_agreement", queue="documents", pass_context=True, retry=RETRY)
def render_agreement(context: JobContext, *, lender_id: int, agreement_ref: str) -> None:
    """Print, seal and store the PDF of a signed agreement."""
    house = house_of(context)
    store_copy(
        house.work(lender_id),
        agreement_ref=agreement_ref,
        press=PdfPress(authority=house.time_stamps),
        now=house.clock.now(),
    )
