"""The enveloped XML signature of a CAP message (standard, 3.3.4.1; W3C XML Signature), through signxml.

Trust is a list of certificates of signers, each pinned: no authority can name another signer. Everything that makes XML
signatures treacherous is refused before the arithmetic: more than one signature, one elsewhere than directly under
`alert`, one over a part or over something outside, transforms that could hide text, weak algorithms. `verify` gives the
bytes that were signed, and only those may be read on.

The standard says that a processor must not reject a message for a signature it cannot verify: that is for showing it to
a person, which `read` does. What is broadcast goes through here.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from nguon.cap import read, xml
from nguon.cap.faults import Problem, Untrusted
from nguon.cap.model import NAMESPACE
from nguon.cap.xml import Element
from nguon.kit import clock

DSIG = "http://www.w3.org/2000/09/xmldsig#"
_IN = {"d": DSIG}
METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
CANONICAL = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    }
)
ENVELOPED = f"{DSIG}enveloped-signature"
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class Signer(msgspec.Struct, frozen=True):
    """Who signed: the subject of the certificate in words, and the SHA-256 of the certificate in hexadecimal."""

    name: str
    fingerprint: str


class Verified(msgspec.Struct, frozen=True):
    """What was signed, and by whom; `signer` is None only if the caller allowed a message without a signature."""

    signer: Signer | None
    data: bytes


def verify(data: bytes, trusted: Iterable[bytes], *, at: datetime | None = None, unsigned: bool = False) -> Verified:
    """Checks the one signature of a message against certificates (PEM) that are trusted at a moment, by default now.

    `unsigned` lets a message without any signature pass; one with a signature must hold all the same. Raises Unreadable
    if it is no CAP 1.2 message, Untrusted with the reason otherwise, ValueError if a trusted certificate is none.
    """
    root = read.document(data)
    known = [certificate for pem in trusted for certificate in certificates(pem)]
    signature = _signature(root)
    if signature is None:
        if not unsigned:
            raise _refused("unsigned", "it bears no signature")
        return Verified(None, data)
    _check_form(signature)
    for certificate in _candidates(signature, known):
        if (signed := _signed(data, certificate)) is not None:
            _check_dates(certificate, at or clock.now())
            return Verified(signer(certificate), signed)
    raise _refused("broken-signature", "the signature does not fit: the message was changed, or another key signed it")


def sign(data: bytes, key_pem: bytes, certificate_pem: bytes, *, at: datetime | None = None) -> bytes:
    """The message with an enveloped signature and the certificate in it; RSA or ECDSA with SHA-256.

    What was signed is verified again before it is given out. Raises Unreadable or Invalid for what is no good message,
    Untrusted if the certificate does not hold now or is another key's, ValueError for a bad key or a signed message.
    """
    read.parse(data)
    message = read.document(data)
    if _signature(message) is not None:
        raise ValueError("the message bears a signature already")
    (certificate, *_) = certificates(certificate_pem)
    # The check of an RSA key takes a hundred times as long as signing; a wrong one is found by verifying below.
    key = serialization.load_pem_private_key(key_pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("the key is neither RSA nor ECDSA")
    elliptic = isinstance(key, ec.EllipticCurvePrivateKey)
    signing = XMLSigner(
        signature_algorithm=SignatureMethod.ECDSA_SHA256 if elliptic else SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    root = signing.sign(message, key=key, cert=[certificate])
    signed: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    verify(signed, [certificate_pem], at=at)
    return signed


def certificates(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM text, each with a key that is strong enough. Raises ValueError."""
    found = x509.load_pem_x509_certificates(pem)
    for certificate in found:
        key = certificate.public_key()
        strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048) or (
            isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)
        )
        if not strong:
            raise ValueError(f"{signer(certificate).name}: RSA of 2048 bits or more, or ECDSA on P-256, P-384, P-521")
    return found


def signer(certificate: x509.Certificate) -> Signer:
    """Who a certificate names."""
    return Signer(certificate.subject.rfc4514_string(), certificate.fingerprint(hashes.SHA256()).hex())


def _signature(root: Element) -> Element | None:
    """The one signature, directly under `alert`; None if there is none anywhere. Raises Untrusted."""
    found = list(root.iter(f"{{{DSIG}}}Signature"))
    if len(found) > 1:
        raise _refused("many-signatures", f"it bears {len(found)} signatures; which of them counts, nobody can say")
    if found and found[0].getparent() is not root:
        raise _refused("signature-place", f"the signature stands at {xml.path(found[0])}, not directly under alert")
    return found[0] if found else None


def _check_form(signature: Element) -> None:
    """Refuses a signature that covers anything but the whole message, or by means we do not take."""
    references = signature.findall("d:SignedInfo/d:Reference", _IN)
    if [reference.get("URI") for reference in references] != [""]:
        raise _refused("signed-part", "the signature covers something else than this whole message")
    transforms = [one.get("Algorithm") for one in references[0].findall("d:Transforms/d:Transform", _IN)]
    if ENVELOPED not in transforms or set(transforms) - {ENVELOPED} - CANONICAL:
        raise _refused("transform", "the signature is not a plain enveloped one")
    for name, allowed in (("SignedInfo/d:CanonicalizationMethod", CANONICAL), *_ALGORITHMS):
        found = signature.find(f"d:{name}", _IN)
        algorithm = "" if found is None else found.get("Algorithm") or ""
        if algorithm not in allowed:
            text = (
                f"{algorithm.rpartition('#')[2] or 'no algorithm'} is not taken; SHA-256 or more with RSA or ECDSA is"
            )
            raise _refused("weak-algorithm", text)


_ALGORITHMS = (
    ("SignedInfo/d:SignatureMethod", frozenset(method.value for method in METHODS)),
    ("SignedInfo/d:Reference/d:DigestMethod", frozenset(digest.value for digest in DIGESTS)),
)


def _candidates(signature: Element, known: list[x509.Certificate]) -> list[x509.Certificate]:
    """The trusted certificates by which it may be signed: those it names, or all if it names none."""
    named = signature.findall("d:KeyInfo/d:X509Data/d:X509Certificate", _IN)
    if not named:
        if not known:
            raise _refused("unknown-signer", "no signer is trusted yet")
        return known
    shown = ["".join((one.text or "").split()) for one in named]
    trusted = [one for one in known if b64encode(one.public_bytes(serialization.Encoding.DER)).decode() in shown]
    if not trusted:
        raise _refused("unknown-signer", f"signed by {_stranger(shown[0])}, whom we do not trust")
    return trusted


def _stranger(body: str) -> str:
    """Whom a certificate names that nobody checked."""
    try:
        return signer(x509.load_der_x509_certificate(b64decode(body))).name[:200]
    except Exception:  # whatever a stranger's certificate holds, it is only to be named
        return "nobody we can name"


def _check_dates(certificate: x509.Certificate, moment: datetime) -> None:
    name = signer(certificate).name
    if moment > certificate.not_valid_after_utc:
        ended = certificate.not_valid_after_utc.date()
        raise _refused("certificate-expired", f"the certificate of {name} ran out on {ended}")
    if moment < certificate.not_valid_before_utc:
        begins = certificate.not_valid_before_utc.date()
        raise _refused("certificate-early", f"the certificate of {name} holds only from {begins}")


def _signed(data: bytes, certificate: x509.Certificate) -> bytes | None:
    """The bytes that this certificate's key signed; None if it did not. Its dates are looked at apart."""
    expected = SignatureConfiguration(
        require_x509=True,
        location="./",
        expect_references=1,
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        verification_time=certificate.not_valid_after_utc,
    )
    try:
        result = XMLVerifier().verify(data, x509_cert=certificate, expect_config=expected)
    except Exception:  # whatever the library trips over in a stranger's file, the answer is no
        return None
    if isinstance(result, list) or result.signed_xml is None or result.signed_xml.tag != f"{{{NAMESPACE}}}alert":
        return None
    return result.signed_data


def _refused(code: str, text: str) -> Untrusted:
    return Untrusted(Problem("/alert/Signature", code, text))
