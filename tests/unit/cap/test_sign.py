"""Signatures: ours hold, here and with other software; every trick that is played with XML signatures is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from nguon.cap import keys, read, sign, write
from nguon.cap.faults import CapError, Invalid, Unreadable, Untrusted
from nguon.cap.model import NAMESPACE
from tests.unit.cap import messages

NOW = datetime(2026, 10, 18, 12, 30, tzinfo=UTC)
KEY, CERTIFICATE = keys.make("UBND xã Tuy Phước Đông", now=NOW, elliptic=True)
OTHER_KEY, OTHER = keys.make("Kẻ khác", now=NOW, elliptic=True)
PLAIN = write.render(messages.alert())
SIGNED = sign.sign(PLAIN, KEY, CERTIFICATE, at=NOW)
SIGNATURE = f"{{{sign.DSIG}}}Signature"


def refused(data: bytes, *trusted: bytes, at: datetime = NOW, **options: Any) -> str:
    """Why a message is refused."""
    with pytest.raises(Untrusted) as caught:
        sign.verify(data, trusted or (CERTIFICATE,), at=at, **options)
    (problem,) = caught.value.problems
    assert problem.text
    return problem.code


def edited(change: Callable[[etree._Element], None], data: bytes = SIGNED) -> bytes:
    root = etree.fromstring(data)
    change(root)
    return etree.tostring(root)


class Loose(XMLSigner):
    """A signer with the methods that nobody should take."""

    def check_deprecated_methods(self) -> None:
        """Lets everything pass."""


def signed_otherwise(data: bytes = PLAIN, *, key: Any = KEY, uri: str | None = None, **options: Any) -> bytes:
    settings = {"signature_algorithm": SignatureMethod.ECDSA_SHA256} | options
    certificate = None if isinstance(key, str) else CERTIFICATE.decode()
    return etree.tostring(Loose(**settings).sign(etree.fromstring(data), key=key, cert=certificate, reference_uri=uri))


@pytest.mark.parametrize("elliptic", [False, True], ids=["rsa", "ecdsa"])
def test_what_is_signed_is_verified_and_read_on(elliptic: bool) -> None:
    key, certificate = keys.make("Đài khí tượng thủy văn", now=NOW, elliptic=elliptic)
    signed = sign.sign(PLAIN, key, certificate, at=NOW)
    found = sign.verify(signed, [OTHER, certificate], at=NOW + timedelta(days=300))
    assert found.signer == sign.signer(sign.certificates(certificate)[0])
    assert found.signer
    assert found.signer.name == "CN=Đài khí tượng thủy văn"
    assert read.parse(found.data) == messages.alert()
    assert b"Signature" not in found.data
    assert read.parse(signed) == messages.alert()  # one who knows no signatures reads it all the same


def test_a_signed_message_keeps_the_schema_of_the_standard() -> None:
    schema = etree.XMLSchema(etree.fromstring(files("nguon.cap").joinpath("schema/CAP-v1.2.xsd").read_bytes()))
    schema.assertValid(etree.fromstring(SIGNED))


def test_a_broken_certificate_names_nobody() -> None:
    """Found by the test below: a subject that is no text once went through as another error."""

    def change(root: etree._Element) -> None:
        (shown,) = root.iter(f"{{{sign.DSIG}}}X509Certificate")
        shown.text = (shown.text or "").replace("I", "J")

    with pytest.raises(Untrusted, match=r"nobody we can name|CN="):
        sign.verify(edited(change), [CERTIFICATE], at=NOW)
    assert refused(SIGNED.replace(b"<ds:X509Certificate>", b"<ds:X509Certificate>?")) == "unknown-signer"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.binary(min_size=1, max_size=3))
def test_damage_is_seen_or_changes_nothing(at: int, damage: bytes) -> None:
    """Whatever byte is changed: the message is refused, or what was signed is still what is read."""
    try:
        found = sign.verify(SIGNED[:at] + damage + SIGNED[at + len(damage) :], [CERTIFICATE], at=NOW)
    except CapError:
        return
    assert read.parse(found.data) == messages.alert()


def test_only_a_good_message_is_signed_and_only_once() -> None:
    with pytest.raises(Invalid):
        sign.sign(PLAIN.replace(b"Actual", b"Real"), KEY, CERTIFICATE, at=NOW)
    with pytest.raises(ValueError, match="already"):
        sign.sign(SIGNED, KEY, CERTIFICATE, at=NOW)
    with pytest.raises(Untrusted, match="does not fit"):
        sign.sign(PLAIN, KEY, OTHER, at=NOW)
    with pytest.raises(Untrusted, match="ran out"):
        sign.sign(PLAIN, KEY, CERTIFICATE, at=NOW + timedelta(days=4000))


def test_without_a_signature_it_is_refused_unless_the_caller_says_otherwise() -> None:
    assert refused(PLAIN) == "unsigned"
    assert sign.verify(PLAIN, [], unsigned=True) == sign.Verified(None, PLAIN)
    assert refused(SIGNED.replace("Lũ trên".encode(), "Lụt trên".encode(), 1), unsigned=True) == "broken-signature"


@pytest.mark.parametrize("old", ["Lũ trên", "Public", "109.15", "2026-10-18T18:30:00", "trường"])
def test_one_changed_word_breaks_it(old: str) -> None:
    assert old.encode() in SIGNED
    assert refused(SIGNED.replace(old.encode(), old[::-1].encode(), 1)) == "broken-signature"


def test_a_changed_signature_breaks_it() -> None:
    for name in ("DigestValue", "SignatureValue"):

        def change(root: etree._Element, name: str = name) -> None:
            (value,) = root.iter(f"{{{sign.DSIG}}}{name}")
            value.text = "A" * 8 + (value.text or "")[8:]

        assert refused(edited(change)) == "broken-signature"


def test_an_unknown_signer_is_named() -> None:
    assert refused(SIGNED, OTHER) == "unknown-signer"
    with pytest.raises(Untrusted, match="UBND xã Tuy Phước Đông, whom we do not trust"):
        sign.verify(SIGNED, [], at=NOW)


def test_another_key_under_a_known_name_is_refused() -> None:
    """The certificate shown is one we trust; the signature is by another key."""
    forged = sign.sign(PLAIN, OTHER_KEY, OTHER, at=NOW)

    def show_ours(root: etree._Element) -> None:
        (theirs,) = root.iter(f"{{{sign.DSIG}}}X509Certificate")
        (ours,) = etree.fromstring(SIGNED).iter(f"{{{sign.DSIG}}}X509Certificate")
        theirs.text = ours.text

    assert refused(edited(show_ours, forged)) == "broken-signature"
    same_name = keys.make("UBND xã Tuy Phước Đông", now=NOW, elliptic=True)
    assert refused(sign.sign(PLAIN, *same_name, at=NOW)) == "unknown-signer"


def test_a_certificate_holds_for_its_days_only() -> None:
    assert refused(SIGNED, at=NOW + timedelta(days=2000)) == "certificate-expired"
    assert refused(SIGNED, at=NOW - timedelta(days=1)) == "certificate-early"
    changed = SIGNED.replace("Lũ trên".encode(), "Lụt trên".encode(), 1)
    assert refused(changed, at=NOW + timedelta(days=2000)) == "broken-signature"


def test_a_signature_without_a_certificate_is_tried_with_all_we_trust() -> None:
    def drop(root: etree._Element) -> None:
        (info,) = root.iter(f"{{{sign.DSIG}}}KeyInfo")
        parent = info.getparent()
        assert parent is not None
        parent.remove(info)

    bare = edited(drop)
    _, old = keys.make("Đã hết hạn", now=NOW - timedelta(days=4000), elliptic=True)
    assert sign.verify(bare, [old, OTHER, CERTIFICATE], at=NOW).signer
    assert refused(bare, OTHER) == "broken-signature"
    with pytest.raises(Untrusted, match="no signer is trusted yet"):
        sign.verify(bare, [], at=NOW)


def test_two_signatures_are_refused() -> None:
    def twice(root: etree._Element) -> None:
        (one,) = root.iter(SIGNATURE)
        root.append(etree.fromstring(etree.tostring(one)))

    assert refused(edited(twice)) == "many-signatures"


def test_a_signature_elsewhere_is_refused() -> None:
    def move(root: etree._Element) -> None:
        (one,) = root.iter(SIGNATURE)
        (info,) = root.iter(f"{{{NAMESPACE}}}info")
        info.append(one)

    assert refused(edited(move)) == "signature-place"


def wrapped(place: str) -> bytes:
    """A false alert that carries a true signed one within, with its signature on top."""
    true = etree.fromstring(SIGNED)
    (signature,) = true.iter(SIGNATURE)
    false = etree.fromstring(PLAIN.replace("Lũ trên".encode(), "Vỡ đập trên".encode()))
    false.append(signature)
    if place == "object":
        etree.SubElement(signature, f"{{{sign.DSIG}}}Object").append(true)
    elif place == "info":
        false[-2].append(true)
    else:
        false.append(true)
    return etree.tostring(false)


@pytest.mark.parametrize("place", ["object", "info", "alert"])
def test_a_signed_message_wrapped_in_a_false_one_is_refused(place: str) -> None:
    assert refused(wrapped(place)) == "broken-signature"


def test_a_signature_over_a_part_is_refused() -> None:
    """The classic wrapping: an element is signed by its id, and another one is read."""
    marked = PLAIN.replace(b"<info>", b'<info Id="x">', 1)
    part = signed_otherwise(marked, uri="#x")
    assert refused(part) == "signed-part"
    for uri in ("http://127.0.0.1:9/alert.xml", "#xpointer(/)", "alert.xml"):

        def change(root: etree._Element, uri: str = uri) -> None:
            (reference,) = root.iter(f"{{{sign.DSIG}}}Reference")
            reference.set("URI", uri)

        assert refused(edited(change)) == "signed-part"


def test_a_second_reference_is_refused() -> None:
    def add(root: etree._Element) -> None:
        (reference,) = root.iter(f"{{{sign.DSIG}}}Reference")
        reference.addnext(etree.fromstring(etree.tostring(reference)))

    assert refused(edited(add)) == "signed-part"


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        f"{sign.DSIG}base64",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ],
)
def test_a_transform_that_could_hide_text_is_refused(algorithm: str) -> None:
    def add(root: etree._Element) -> None:
        (transforms,) = root.iter(f"{{{sign.DSIG}}}Transforms")
        etree.SubElement(transforms, f"{{{sign.DSIG}}}Transform", Algorithm=algorithm)

    assert refused(edited(add)) == "transform"


def test_an_enveloping_signature_is_no_message() -> None:
    around = signed_otherwise(method=SignatureConstructionMethod.enveloping)
    with pytest.raises(Unreadable):
        sign.verify(around, [CERTIFICATE], at=NOW)


@pytest.mark.parametrize(
    ("key", "options"),
    [
        (KEY, {"digest_algorithm": DigestAlgorithm.SHA1}),
        (KEY, {"signature_algorithm": SignatureMethod.ECDSA_SHA1}),
        (CERTIFICATE.decode(), {"signature_algorithm": SignatureMethod.HMAC_SHA256}),  # a known text as the secret
        (KEY, {"c14n_algorithm": CanonicalizationMethod.CANONICAL_XML_1_0_WITH_COMMENTS}),
    ],
    ids=["digest", "signature", "hmac", "comments"],
)
def test_weak_algorithms_are_refused(key: Any, options: dict[str, Any]) -> None:
    code = refused(signed_otherwise(key=key, **options))
    assert code == ("transform" if "c14n_algorithm" in options else "weak-algorithm")


def test_other_plain_forms_of_a_signature_are_taken() -> None:
    for canonical in (CanonicalizationMethod.CANONICAL_XML_1_0, CanonicalizationMethod.CANONICAL_XML_1_1):
        signed = signed_otherwise(c14n_algorithm=canonical, digest_algorithm=DigestAlgorithm.SHA512)
        assert read.parse(sign.verify(signed, [CERTIFICATE], at=NOW).data) == messages.alert()


def test_a_weak_key_is_trusted_by_nobody() -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "yếu")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=9))
    weak = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(ValueError, match="2048"):
        sign.verify(SIGNED, [weak], at=NOW)


@pytest.mark.parametrize("junk", [b"<a/>", b"", b"text", b"<ds:KeyInfo/>", b"<ds:SignedInfo/>"])
def test_a_signature_of_nonsense_is_refused(junk: bytes) -> None:
    junk = junk.replace(b"<ds:", b"<ds:").replace(b"/>", f' xmlns:ds="{sign.DSIG}"/>'.encode())
    data = PLAIN.replace(b"</alert>", b'<S xmlns="%s">%s</S></alert>' % (sign.DSIG.encode(), junk))
    assert refused(data.replace(b"<S ", b"<Signature ").replace(b"</S>", b"</Signature>"))
