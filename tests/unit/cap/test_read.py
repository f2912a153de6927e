"""What is sent to harm us, and what is wrong by mistake: each refused with a reason, a line and a path."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.cap import read, write, xml
from nguon.cap.faults import CapError, Invalid, Unreadable
from nguon.cap.model import NAMESPACE
from tests.unit.cap import messages

GOOD = write.render(messages.alert())
_TENFOLD = "".join(f"<!ENTITY lol{n + 1} '{10 * ('&lol' + str(n) + ';')}'>" for n in range(9))
LAUGHS = f"<!DOCTYPE lolz [<!ENTITY lol0 'lol'>{_TENFOLD}]>"


def changed(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode(), 1)


def refused(data: bytes) -> str:
    """The one reason a document is refused for."""
    with pytest.raises(Unreadable) as caught:
        read.parse(data)
    (problem,) = caught.value.problems
    return problem.code


def test_a_billion_laughs_are_refused_and_cost_nothing() -> None:
    data = GOOD.replace(b"<alert", LAUGHS.encode() + b"<alert", 1).replace(b"<event>L", b"<event>&lol9;L", 1)
    tracemalloc.start()
    assert refused(data) in ("document-type", "not-xml")
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    in_attribute = data.replace(b"<info>", b'<info note="&lol9;">', 1)
    assert refused(in_attribute) in ("document-type", "not-xml")


@pytest.mark.parametrize("address", ["{file}", "http://127.0.0.1:9/secret"])
def test_no_entity_brings_in_a_file_or_an_address(tmp_path: Path, address: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key")
    address = address.format(file=secret.as_uri())
    for kind in (f'<!ENTITY x SYSTEM "{address}">', f'<!ENTITY % x SYSTEM "{address}"> %x;'):
        data = GOOD.replace(b"<alert", f"<!DOCTYPE alert [{kind}]><alert".encode(), 1)
        assert refused(data.replace(b"<event>", b"<event>&x;", 1)) in ("document-type", "not-xml")


@pytest.mark.parametrize("kind", ['SYSTEM "http://127.0.0.1:9/a.dtd"', "[<!ELEMENT a ANY>]", '[<!ENTITY x "Lũ">]'])
def test_a_document_type_is_refused_even_if_harmless(kind: str) -> None:
    assert refused(GOOD.replace(b"<alert", f"<!DOCTYPE alert {kind}><alert".encode(), 1)) == "document-type"


def test_fifty_megabytes_are_refused_unread() -> None:
    assert refused(GOOD.replace(b"</event>", b"a" * 50_000_000 + b"</event>", 1)) == "too-large"


def test_deep_nesting_is_refused() -> None:
    deep = b'<x xmlns="urn:x">' + b"<x>" * 100 + b"</x>" * 100 + b"</x>"
    assert refused(GOOD.replace(b"</alert>", deep + b"</alert>")) == "too-deep"
    bomb = GOOD.replace(b"</alert>", b"<x>" * 100_000 + b"</x>" * 100_000 + b"</alert>")
    assert refused(bomb) in ("not-xml", "too-deep")


def test_a_wrong_encoding_is_refused_with_its_line() -> None:
    latin = GOOD.replace("Lũ".encode(), "Lü".encode("latin-1"))
    with pytest.raises(Unreadable) as caught:
        read.parse(latin)
    (problem,) = caught.value.problems
    assert problem.code == "not-xml"
    assert problem.line == GOOD[: GOOD.index("Lũ".encode())].count(b"\n") + 1
    assert refused(GOOD.replace(b"UTF-8", b"no-such-code", 1)) == "not-xml"


def test_other_encodings_are_read_and_text_is_one_form() -> None:
    utf16 = GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert read.parse(utf16) == messages.alert()
    assert read.parse(b"\xef\xbb\xbf" + GOOD) == messages.alert()
    apart = GOOD.replace("Lũ".encode(), "Lu\u0303".encode())  # the mark beside the letter
    assert read.parse(apart) == messages.alert()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-xml"),
        (b"\x00\x01\x02", "not-xml"),
        (b"{}", "not-xml"),
        (b"<html/>", "not-cap"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "not-cap"),
        (f'<info xmlns="{NAMESPACE}"/>'.encode(), "not-cap"),
        (GOOD[:-20], "not-xml"),
        (GOOD + GOOD, "not-xml"),
        (GOOD.replace(b"cap:1.2", b"cap:1.1"), "old-version"),
        (GOOD.replace(NAMESPACE.encode(), b"http://www.incident.com/cap/1.0"), "old-version"),
        (GOOD.replace(b"cap:1.2", b"cap:1.3"), "not-cap"),
    ],
)
def test_what_is_no_message_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_an_older_version_is_named() -> None:
    with pytest.raises(Unreadable, match=r"CAP 1\.1; only CAP 1\.2"):
        read.parse(GOOD.replace(b"cap:1.2", b"cap:1.1"))


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        ("<status>Actual</status>", "<status>Real</status>", "/alert/status", "schema"),
        ("<scope>Public</scope>", "", "/alert/info[1]", "schema"),
        ("<event>Lũ</event>", "<event>Lũ</event><event>Lũ</event>", "/alert/info[1]/event[2]", "schema"),
        ("2026-10-18T12:30:00-00:00", "2026-10-18T12:30:00Z", "/alert/sent", "schema"),
        ("2026-10-18T12:30:00-00:00", "18/10/2026", "/alert/sent", "schema"),
        ("<event>", "<colour>red</colour><event>", "/alert/info[1]/colour", "schema"),
        ("VN-21970-2026-0042", "VN 21970", "/alert/identifier", "restricted-character"),
        ("<event>Lũ</event>", "<event> </event>", "/alert/info[1]/event", "missing"),
        ("13.85,109.15 13.85", "13.85;109.15 13.85", "/alert/info[1]/area[1]/polygon[1]", "value"),
        ("13.85,109.15 13.85", "13.85,109.16 13.85", "/alert/info[1]/area[1]/polygon[1]", "polygon-open"),
        ("13.85,109.15 13.85", "93.85,109.15 13.85", "/alert/info[1]/area[1]/polygon[1]", "coordinates"),
        ("<msgType>Alert", "<msgType>Cancel", "/alert/references", "references-missing"),
    ],
)
def test_a_fault_has_its_line_and_its_path(old: str, new: str, path: str, code: str) -> None:
    data = changed(old, new)
    with pytest.raises(Invalid) as caught:
        read.parse(data)
    problem = caught.value.problems[0]
    assert (problem.path, problem.code) == (path, code)
    assert abs(problem.line - GOOD.decode()[: GOOD.decode().index(old)].count("\n") - 1) <= 12
    assert "urn:oasis" not in problem.text


def test_all_faults_are_told_at_once_but_not_without_end() -> None:
    data = GOOD.replace(b"</areaDesc>", b"</areaDesc>" + b"<polygon>x</polygon>" * 1000, 1)
    with pytest.raises(Invalid) as caught:
        read.parse(data)
    assert len(caught.value.problems) == 50


def test_additions_of_others_are_left_out_and_named() -> None:
    theirs = b'<x:more xmlns:x="urn:x"><x:a>1</x:a></x:more>'
    data = GOOD.replace(b"<event>", theirs + b"<event>", 1).replace(b"</alert>", theirs + b"</alert>")
    found = read.read(data)
    assert found.alert == messages.alert()
    assert set(found.left_out) == {"/alert/info[1]/more", "/alert/more"}


def test_a_place_of_a_schema_is_not_followed(tmp_path: Path) -> None:
    """Many services name the schema in the message; ours is the one that counts."""
    own = tmp_path / "own.xsd"
    own.write_text("<broken")
    where = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} {own.as_uri()}"'
    data = changed("<alert ", f'<alert xml:lang="vi" {where} ')
    assert read.read(data).left_out == ("/alert/@lang", "/alert/@schemaLocation")
    assert read.parse(data) == messages.alert()
    with pytest.raises(Invalid):
        read.parse(changed("<info>", '<info Id="x">'))


def test_comments_do_not_cut_a_text_in_two() -> None:
    data = changed("<event>Lũ", "<!-- a --><event>L<!-- b -->ũ")
    assert read.parse(data) == messages.alert()


def test_many_siblings_cost_no_more_than_few() -> None:
    """A megabyte of parameters once was walked once for each of them. This ends at all, within the test's patience."""
    many = b"<parameter><valueName>a</valueName><value/></parameter>" * 15_000
    data = GOOD.replace(b"<area>", many + b"<area>", 1)
    assert len(data) < xml.LIMIT
    assert len(read.parse(data).infos[0].parameters) == 15_000
    foreign = GOOD.replace(b"</alert>", b'<a xmlns="x"/>' * 60_000 + b"</alert>")
    assert len(read.read(foreign).left_out) == 60_000


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(CapError):
        read.parse(data)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=8))
def test_a_damaged_message_is_read_or_refused(at: int, damage: bytes) -> None:
    try:
        read.parse(GOOD[:at] + damage + GOOD[at + len(damage) :])
    except CapError as error:
        assert error.problems  # noqa: PT017
