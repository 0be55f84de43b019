import re

from portal.store import staff


def test_somebody_is_added_with_secrets_shown_once(world, desk, app):
    console = desk("owner")
    done = console.post(
        "/lender/people", full_name="Eva Ruiz", email="eva@acme.example", chosen=["rules", "agent"]
    )
    assert done.status_code == 303
    text = console.text(done.location)
    password = re.search(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", text)[0]
    assert "otpauth://totp/" in text
    colleague = world.sign_in(app.test_client(), "owner")
    assert password not in colleague.text(done.location.partition("?")[0])
    with world.work.read() as tx:
        (eva,) = [one for one in staff.list_staff(tx) if one.full_name == "Eva Ruiz"]
    assert eva.roles == ("rules", "agent")


def test_what_is_missing_is_named_and_the_rest_stays(desk):
    console = desk("owner")
    response = console.post("/lender/people", full_name="Eva", email="eva")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Choose at least one role" in page
    assert 'value="Eva"' in page
    refused = console.post("/lender/people", full_name="Eva", email="eva", chosen=["king", "agent"])
    assert "Type a whole address" in refused.get_data(as_text=True)


def test_an_address_signs_in_once(desk):
    console = desk("owner")
    values = {"full_name": "Eva", "email": "eva@acme.example", "chosen": ["agent"]}
    assert console.post("/lender/people", **values).status_code == 303
    again = console.post("/lender/people", **values)
    assert "signs in here already" in again.get_data(as_text=True)


def test_roles_change_and_people_leave(world, desk, app):
    console = desk("owner")
    client = app.test_client()
    agent = world.sign_in(client, "agent")
    path = f"/lender/people/{agent.staff_id}"
    assert agent.get("/lender/cases").status_code == 200
    assert console.post(f"{path}/roles", chosen=["supervisor"], do="save").status_code == 303
    assert agent.get("/lender/cases").status_code == 303, "signed out"
    assert console.post(f"{path}/roles", do="save").status_code == 422
    assert console.post(f"{path}/roles", chosen=["supervisor"], do="off").status_code == 303
    assert "They are back" in console.text(path)
    own = f"/lender/people/{console.staff_id}/roles"
    refused = console.post(own, chosen=["agent"], do="save")
    assert "The last owner cannot leave" in refused.get_data(as_text=True)


def test_new_secrets_for_others_only(world, desk):
    console = desk("owner")
    member = world.member("agent")
    assert console.post(f"/lender/people/{member.staff_id}/secrets").status_code == 303
    assert "otpauth://" in console.text(f"/lender/people/{member.staff_id}")
    own = console.post(f"/lender/people/{console.staff_id}/secrets")
    assert own.status_code == 422
