"""Which addresses are the public's: held against a list of its own, over the whole space of addresses."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.core.fetching.addresses import is_public

OURS = [
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12",
    "192.168.0.0/16 224.0.0.0/4 240.0.0.0/4",
    "192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 192.88.99.0/24",
    "::/128 ::1/128 fc00::/7 fe80::/10 fec0::/10 ff00::/8 ::ffff:0:0/96 ::/96 2002::/16 2001::/32 64:ff9b:1::/48",
    "2001:db8::/32 100::/64 5f00::/16",
]
NETWORKS = [ip_network(network) for line in OURS for network in line.split()]


@st.composite
def within(draw: st.DrawFn) -> str:
    """An address of one of the networks that are never the public's."""
    network = draw(st.sampled_from(NETWORKS))
    return str(network[draw(st.integers(0, network.num_addresses - 1))])


@given(within())
def test_nothing_of_a_network_that_is_not_the_publics_is_public(address: str) -> None:
    assert not is_public(address)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
@example(IPv4Address("8.8.8.8"))
@example(IPv4Address("169.254.169.254"))
def test_what_ipv6_spells_of_ipv4_is_never_more_public_than_it(address: IPv4Address) -> None:
    told = is_public(str(address))
    assert told == (address.is_global and not address.is_multicast) or not told
    assert is_public(str(IPv6Address("64:ff9b::") + int(address))) == told
    for disguise in (0xFFFF << 32, 0, 0x2002 << 112, 0x20010000 << 96):
        shift = 80 if disguise == 0x2002 << 112 else 0
        assert not is_public(str(IPv6Address(disguise | int(address) << shift)))


@given(st.integers(0, 2**128 - 1).map(IPv6Address) | st.integers(2**125, 2**126 - 1).map(IPv6Address))
def test_whatever_is_public_is_global_by_the_standard_library_too(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global or address in ip_network("64:ff9b::/96")
        assert not address.is_multicast
        assert not address.is_site_local


@pytest.mark.parametrize("address", ["8.8.8.8", "163.1.60.42", "138.253.13.50", "2a00:1450:4009:80b::200e"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=20))
@example("fe80::1%eth0")
@example("2a00:1450:4009:80b::200e%1")
@example("0177.0.0.1")
@example("2130706433")
def test_what_is_no_plain_address_is_not_public(text: str) -> None:
    if not text.replace(".", "").isdigit() and ":" not in text:
        assert not is_public(text)
    if "%" in text or text in {"0177.0.0.1", "2130706433"}:
        assert not is_public(text)
