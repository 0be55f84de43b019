from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.gateways.second_factors import app_address, matching_step, new_totp_secret

AT = datetime(2026, 12, 1, 9, 30, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (30, True), (-30, True), (60, False), (-60, False)])
def test_a_code_fits_one_step_around_its_time(seconds, fits):
    code = pyotp.TOTP(SECRET).at(AT + timedelta(seconds=seconds))
    step = matching_step(secret=SECRET, code=code, at=AT)
    assert (step is not None) is fits
    if fits:
        assert step == int((AT.timestamp() + seconds) // 30)


def test_the_published_value():
    """RFC 6238, appendix B: 94287082 at 59 seconds, of which six digits are shown."""
    assert matching_step(secret=SECRET, code="287082", at=datetime.fromtimestamp(59, tz=UTC)) == 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_code(code):
    assert matching_step(secret=SECRET, code=code, at=AT) is None


def test_secrets_are_fresh_and_fit_an_app():
    one, other = new_totp_secret(), new_totp_secret()
    assert one != other
    assert len(one) == 32
    assert app_address(secret=one, login="a@b.example", issuer="Acme").startswith("otpauth://totp/Acme")
