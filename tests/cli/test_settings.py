import base64
import re
from pathlib import Path

import pytest

from portal.settings import ENVIRONMENTS, VARIABLES, Settings, SettingsError

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
WHOLE = {
    "DATABASE_URL": "postgresql://portal_app:word@db.internal/portal",
    "PORTAL_SECRET_KEY": "k" * 40,
    "PORTAL_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
    "PORTAL_BASE_URL": "https://help.example.org/",
}


def test_a_forgotten_environment_is_production_with_every_demo_door_shut():
    settings = Settings.from_environment(WHOLE)
    assert settings.is_production
    assert (settings.debug, settings.demo_logins, settings.time_travel_file) == (False, False, None)
    assert settings.cookie_secure
    assert settings.base_url == "https://help.example.org"
    assert settings.master_key == bytes(range(32))


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({"PORTAL_DEBUG": "yes", "PORTAL_MASTER_KEY": "short"})
    for name in (
        "DATABASE_URL",
        "PORTAL_SECRET_KEY",
        "PORTAL_MASTER_KEY",
        "PORTAL_BASE_URL",
        "PORTAL_DEBUG",
    ):
        assert name in str(told.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORTAL_ENV", "staging"),
        ("DATABASE_URL", "sqlite:///portal.db"),
        ("PORTAL_BASE_URL", "help.example.org"),
        ("PORTAL_MASTER_KEY", "AAAA"),
        ("PORTAL_MASTER_KEY", "not base64 at all!"),
        ("PORTAL_CONTENT_LENGTH_MAX", "-1"),
        ("PORTAL_CONNECTIONS_MAX", "many"),
        ("PORTAL_CONNECTIONS_MAX", "١٢"),
        ("PORTAL_COOKIE_SECURE", "true"),
        ("PORTAL_LOG_LEVEL", "loud"),
    ],
)
def test_a_malformed_value_is_named(name, text):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**WHOLE, name: text})


def test_an_error_never_repeats_a_secret():
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(
            {**WHOLE, "PORTAL_MASTER_KEY": "hunter2", "DATABASE_URL": "mysql://u:hunter2@h"}
        )
    assert "hunter2" not in str(told.value)


def test_secrets_are_not_in_the_repr():
    settings = Settings.from_environment(
        {
            **WHOLE,
            "STRIPE_SECRET_KEY": "sk_live_1",
            "PORTAL_SMS_KEY": "smskey",
            "STRIPE_WEBHOOK_SECRET": "whsec_1",
        }
    )
    for secret in ("word@", "kkkk", "sk_live_1", "smskey", "whsec_1"):
        assert secret not in repr(settings)


def test_the_demo_and_tests_open_their_doors_and_http_takes_plain_cookies():
    demo = Settings.from_environment(
        {**WHOLE, "PORTAL_ENV": "demo", "PORTAL_BASE_URL": "http://127.0.0.1:8080"}
    )
    assert demo.demo_logins
    assert not demo.cookie_secure
    assert Settings.from_environment(
        {"PORTAL_ENV": "test", "DATABASE_URL": WHOLE["DATABASE_URL"]}
    ).demo_logins


def test_private_hosts_are_a_list():
    settings = Settings.from_environment(
        {**WHOLE, "PORTAL_PRIVATE_HOSTS": " 127.0.0.1:9 ,Cases.internal:443,"}
    )
    assert settings.private_hosts == ("127.0.0.1:9", "cases.internal:443")
    assert Settings.from_environment(WHOLE).private_hosts == ()


def test_every_setting_has_a_heading_in_the_docs_and_every_heading_a_setting():
    headings = re.findall(r"^### (\S+)$", DOCS.read_text(), flags=re.MULTILINE)
    assert headings == [variable.name for variable in VARIABLES]


def test_every_field_has_one_variable():
    assert sorted(variable.field for variable in VARIABLES) == sorted(Settings.__dataclass_fields__)
    assert set(ENVIRONMENTS) == {"production", "demo", "test"}
