import secrets

import pytest

from portal.store import guests
from portal.store.cipher import UnsealError
from portal.store.directory import find_entry
from tests import build


def test_guests_are_found_with_their_secrets_and_no_lender(database):
    login = f"robin-{secrets.token_hex(4)}@advice.example"
    with database.shared().begin() as tx:
        house_id = guests.save_agency(tx, name="Advice", country="GB", now=build.NOW)
        guest_id = guests.save_guest(
            tx, audience="counselor", house_id=house_id, login=login, display_name="Robin", password_hash="h",
            totp_secret="JBSWY3DPEHPK3PXP", now=build.NOW,
        )  # fmt: skip
        entry = find_entry(tx, kind="login", secret=f"counselor:{login}")
        found = guests.find_guest(tx, audience="counselor", guest_id=guest_id)
    assert (entry.lender_id, entry.subject_id) == (None, guest_id)
    assert (found.house_id, found.totp_secret) == (house_id, "JBSWY3DPEHPK3PXP")


def test_a_providers_secret_is_sealed_to_its_row(database):
    slug = f"school-{secrets.token_hex(4)}"
    with database.shared().begin() as tx:
        provider_id = guests.save_provider(tx, slug=slug, name="S", webhook_secret="whsec_x", now=build.NOW)
        assert guests.find_provider_secret(tx, slug=slug) == (provider_id, "whsec_x")
        assert guests.find_provider_secret(tx, slug="none") is None
        sealed = tx.seal(column="providers.webhook_secret", row=provider_id, text="whsec_x")
        for place in (
            {"column": "providers.webhook_secret", "row": house()},
            {"column": "x", "row": provider_id},
        ):
            with pytest.raises(UnsealError):
                tx.unseal(sealed=sealed, **place)


def house():
    return secrets.token_hex(8)
