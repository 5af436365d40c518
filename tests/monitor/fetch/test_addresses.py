"""The monitor touches public addresses, and private ones only where it is told to."""

from __future__ import annotations

import pytest

from monitor.fetch.addresses import AddressGuard

PUBLIC = ["8.8.8.8", "114.114.114.114", "223.5.5.5", "2400:3200::1", "2606:4700::1111", "64:ff9b::808:808", "1.0.0.1"]
REFUSED = [
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("::1", "loopback"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("fc00::1", "private"),
    ("fd12:3456::1", "private"),
    ("100.64.0.1", "CGNAT"),
    ("100.127.255.255", "CGNAT"),
    ("169.254.1.1", "link-local"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "site-local"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("ff02::1", "multicast"),
    ("0.0.0.0", "unspecified"),
    ("0.1.2.3", "unspecified"),
    ("::", "unspecified"),
    ("255.255.255.255", "reserved"),
    ("240.0.0.1", "reserved"),
    ("192.0.2.1", "documentation"),
    ("2001:db8::1", "documentation"),
    ("198.18.0.1", "benchmarking"),
    ("169.254.169.254", "metadata"),
    ("169.254.170.2", "metadata"),
    ("100.100.100.200", "metadata"),
    ("168.63.129.16", "metadata"),
    ("fd00:ec2::254", "metadata"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "metadata"),
    ("::127.0.0.1", "loopback"),
    ("::ffff:0:192.168.0.1", "private"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::a9fe:a9fe", "metadata"),
    ("64:ff9b:1::1", "translation"),
    ("2002:7f00:1::", "loopback"),
    ("2002:c0a8:101::1", "private"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "reserved"),  # Teredo
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_touched(address):
    assert AddressGuard().refusal(address) is None


@pytest.mark.parametrize(("address", "word"), REFUSED)
def test_others_are_refused_with_a_word_for_what_they_are(address, word):
    refusal = AddressGuard().refusal(address)
    assert refusal is not None
    assert refusal.startswith(address)
    assert word in refusal


def test_an_intranet_opens_private_addresses_but_no_metadata_service():
    guard = AddressGuard(allow_private=True)
    for address, word in REFUSED:
        assert (guard.refusal(address) is None) == (word != "metadata"), address


def test_listed_networks_open_themselves_and_nothing_beside_them():
    guard = AddressGuard(allowed_networks=["10.1.0.0/16", "192.168.1.7", "fd00:1::/32", "169.254.169.254"])
    for allowed in ("10.1.2.3", "::ffff:10.1.2.3", "192.168.1.7", "fd00:1::5", "169.254.169.254", "8.8.8.8"):
        assert guard.refusal(allowed) is None, allowed
    for refused in ("10.2.0.1", "192.168.1.8", "fd00:2::5", "169.254.170.2", "127.0.0.1"):
        assert guard.refusal(refused), refused


def test_a_network_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match=r"10\.1\.0\.0/99"):
        AddressGuard(allowed_networks=["10.1.0.0/99"])
