import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from portal.store import delivery_log, endpoints
from portal.store.tables.events import deliveries
from tests import build
from tests.web.lender.world import World


@pytest.fixture
def settings(settings):
    """Let a test bench's host be reached, as a setting allows."""
    return replace(settings, private_hosts=("localhost:9000",))


def delivered(world, state="delivered"):
    with world.work.begin() as tx:
        tx.execute(
            update(deliveries)
            .where(deliveries.c.lender_id == tx.lender_id)
            .values(state=state, attempts=1, delivered_at=world.now)
        )


def log(world):
    with world.work.read() as tx:
        return delivery_log.list_deliveries(tx, endpoint_id=world.endpoint_id, limit=200)


def test_a_receiver_is_added_and_its_secret_shown_once(world, desk, app):
    console = desk("owner")
    done = console.post(
        "/lender/webhooks", url="http://localhost:9000/in", patterns="payment.* *", is_ordered="1"
    )
    assert done.status_code == 303, done.get_data(as_text=True)
    secret = re.search(r"whsec_[\w+/=]{20,}", console.text(done.location))[0]
    colleague = world.sign_in(app.test_client(), "owner")
    assert secret not in colleague.text(done.location.partition("?")[0])
    with world.work.read() as tx:
        fresh = endpoints.list_endpoints(tx)[-1]
    assert (fresh.url, fresh.patterns) == ("http://localhost:9000/in", ("*", "payment.*"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Type the address"),
        ("hooks", "must begin with https"),
        ("https://127.0.0.1/in", "inside a private network"),
        ("https://169.254.169.254/latest", "inside a private network"),
        ("https://u:p@hooks.acme.com/", "Leave the name and password out"),
        ("https://hooks.acme.com:22/", "Only the ports"),
        ("javascript:alert(1)", "must begin with https"),
    ],
)
def test_an_address_that_cannot_be_is_explained_and_stays(world, desk, url, said):
    response = desk("owner").post("/lender/webhooks", url=url, patterns="*")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    assert f'value="{url}"' in page


def test_patterns_that_fit_nothing_are_named(desk, world):
    response = desk("owner").post("/lender/webhooks", url="http://localhost:9000/", patterns="money.*")
    assert "money.* fits no event type" in response.get_data(as_text=True)


def test_settings_secret_and_switch(world, desk):
    console = desk("supervisor")
    path = f"/lender/webhooks/{world.endpoint_id}"
    settings_path = f"{path}/settings"
    values = {"url": "http://localhost:9000/x", "patterns": "case.*", "has_ed25519": "1"}
    assert console.post(settings_path, **values).status_code == 303
    assert "whpk_" in console.text(settings_path)
    console.post(f"{path}/rotate", overlap="24")
    assert "The old secret signs too" in console.text(settings_path)
    assert console.post(f"{path}/rotate", overlap="9").status_code == 400
    assert console.post(f"{path}/switch", on="0").location.endswith("switched-off")
    assert "Deliveries were stopped by your staff" in console.text(path)
    assert "Stopped" in console.text("/lender/")
    assert console.post(f"{path}/switch", on="1").location.endswith("switched-on")


def test_the_log_one_delivery_and_sending_again(world, desk):
    world.hand_off()
    delivered(world, state="dead")
    console = desk("owner")
    path = f"/lender/webhooks/{world.endpoint_id}"
    text = console.text(f"{path}?state=dead&event=case.handed_off")
    (event_id,) = set(re.findall(rf"{path}/deliveries/([0-9a-f-]+)", text))
    page = console.text(f"{path}/deliveries/{event_id}")
    assert f"evt_{event_id}" in page
    assert "&#34;case.handed_off&#34;" in page
    assert console.post(f"{path}/replay", event=event_id).location.endswith("replayed")
    assert {str(line.event_id): line.state for line in log(world)}[event_id] == "due"
    assert console.post(f"{path}/replay", event="nonsense").location.endswith("replay-nothing")
    assert console.post(f"{path}/test").location.endswith("tested")
    assert "endpoint.tested" in console.text(path)


def test_a_range_of_days(world, desk):
    world.hand_off()
    delivered(world)
    console = desk("owner")
    path = f"/lender/webhooks/{world.endpoint_id}/replay-range"
    day = world.now.date().isoformat()
    for since, until in (("", ""), ("soon", day), (day, "2020-01-01")):
        assert console.post(path, since=since, until=until).status_code == 422
    assert console.post(path, since=day, until=day).location.endswith("replayed")
    assert console.post(path, since="2020-01-01", until="2020-01-02").location.endswith("replay-nothing")


def test_pages_of_the_log_hold_still(world, desk):
    for _ in range(70):
        world.member("agent")
    console = desk("owner")
    path = f"/lender/webhooks/{world.endpoint_id}"
    older = re.search(r'rel="next" href="([^"]+)"', console.text(path))[1].replace("&amp;", "&")
    before = re.findall(r"/deliveries/([0-9a-f-]+)", console.text(older))
    world.member("agent")
    assert re.findall(r"/deliveries/([0-9a-f-]+)", console.text(older)) == before
    assert "&state=x" not in older
    assert console.get(f"{path}?before=nonsense&state=x&event=y&account=%00").status_code == 200


def test_a_delivery_of_another_receiver_does_not_exist(world, desk, database):
    lender = build.a_lender(database)
    other = World(work=database.work(lender.lender_id), lender=lender)
    other.member("agent")
    event = other.event_ids()[-1]
    assert desk("owner").get(f"/lender/webhooks/{world.endpoint_id}/deliveries/{event}").status_code == 404


def test_the_catalog_shows_each_type(desk, world):
    console = desk("auditor")
    names = set(re.findall(r"/lender/events/([\w.]+)", console.text("/lender/events")))
    assert len(names) > 80
    for name in sorted(names)[::12]:
        assert name in console.text(f"/lender/events/{name}")
