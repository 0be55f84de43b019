from ipaddress import ip_address

import pytest

from portal.gateways.address_guard import AddressGuard, AddressRefusedError, is_public
from tests.gateways.hostile_urls import CLOSED_ADDRESSES, HOSTILE_URLS, OPEN_ADDRESSES, OPEN_URLS


def nobody(host, port):
    raise AssertionError(f"the network was asked for {host}:{port}")


@pytest.fixture
def guard():
    return AddressGuard(resolve=nobody)


def test_there_are_enough_forms():
    assert len(set(HOSTILE_URLS)) >= 120


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_a_hostile_url_is_refused_before_the_network_is_asked(guard, url):
    with pytest.raises(AddressRefusedError):
        guard.check_url(url)


@pytest.mark.parametrize("url", OPEN_URLS)
def test_an_honest_url_is_taken(guard, url):
    assert guard.check_url(url).is_secure


@pytest.mark.parametrize("text", CLOSED_ADDRESSES)
def test_an_inside_address_is_refused_at_connect(text):
    assert not is_public(ip_address(text))
    guard = AddressGuard(resolve=lambda *_: [text])
    target = guard.check_url("https://hooks.acme.com/in")
    with pytest.raises(AddressRefusedError, match="inside"):
        guard.addresses_of(target)
    with pytest.raises(AddressRefusedError, match="inside"):
        guard.check_host(target)


@pytest.mark.parametrize("text", OPEN_ADDRESSES)
def test_a_public_address_is_connected_to(text):
    guard = AddressGuard(resolve=lambda *_: [text])
    assert guard.addresses_of(guard.check_url("https://hooks.acme.com/in")) == [text]


def test_one_inside_address_among_several_refuses_them_all():
    guard = AddressGuard(resolve=lambda *_: ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(AddressRefusedError, match="inside"):
        guard.addresses_of(guard.check_url("https://hooks.acme.com/"))


def test_what_the_resolver_says_is_read_strictly():
    for odd in ("fe80::1%eth0", "2130706433", "0x7f.1", "127.1", "not-an-address", "::ffff:93.184.216.34"):
        guard = AddressGuard(resolve=lambda *_, odd=odd: [odd])
        with pytest.raises(AddressRefusedError, match="inside"):
            guard.addresses_of(guard.check_url("https://hooks.acme.com/"))


def test_a_name_that_leads_nowhere_is_told():
    def missing(host, port):
        raise OSError("no such host")

    for resolve in (missing, lambda *_: []):
        guard = AddressGuard(resolve=resolve)
        with pytest.raises(AddressRefusedError, match="unknown_host"):
            guard.check_host(guard.check_url("https://hooks.acme.com/"))


def test_a_setting_opens_named_hosts_for_a_test_bench():
    guard = AddressGuard(open_hosts=["localhost:9000", "bench.lender.test"], resolve=lambda *_: ["127.0.0.1"])
    for url in ("http://localhost:9000/in", "http://bench.lender.test:81/", "https://bench.lender.test/"):
        assert guard.addresses_of(guard.check_url(url)) == ["127.0.0.1"]
    for url in ("http://localhost:9001/", "http://other.lender.test/", "http://127.0.0.1:9000/"):
        with pytest.raises(AddressRefusedError):
            guard.check_url(url)
    with pytest.raises(AddressRefusedError, match="credentials"):
        guard.check_url("http://me:pw@localhost:9000/in")


def test_a_target_says_what_is_asked_for(guard):
    target = guard.check_url("https://Hooks.Acme.com:8443/in/ไทย?token=1")
    assert (target.host, target.port, target.authority) == ("hooks.acme.com", 8443, "hooks.acme.com:8443")
    assert target.path == "/in/%E0%B9%84%E0%B8%97%E0%B8%A2?token=1"
    assert guard.check_url("https://bücher.de").host == "xn--bcher-kva.de"
    assert guard.check_url("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"
