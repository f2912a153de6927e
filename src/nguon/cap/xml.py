"""XML from outside made safe: bytes → a tree without entities, document types, network, or more than it may hold.

What is refused is refused as a whole with a reason; bytes are never repaired. Comments and processing instructions are
dropped from the tree, so no text is cut in two by one.
"""

from collections import Counter

from lxml import etree

from nguon.cap.faults import Problem, Unreadable

LIMIT = 1024 * 1024  # bytes of a document; a CAP message with a minute of sound in it is half of that
DEEPEST = 32  # nested elements; CAP needs 5, a signature 9
Element = etree._Element  # the type has no public name


def tree(data: bytes, *, limit: int = LIMIT) -> Element:
    """The root of a document. Raises Unreadable."""
    if len(data) > limit:
        raise _refused("too-large", f"{len(data)} bytes, the limit is {limit}")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        # The message may name a file; the line is what helps.
        raise _refused("not-xml", f"not well-formed XML: {_plain(error.msg)}", error.lineno or 0) from None
    except (ValueError, LookupError) as error:
        raise _refused("not-xml", f"not XML: {error}") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise _refused("document-type", "it has a document type (DTD); nothing needs one here, and it can do harm")
    _shallow(root)
    return root


def _parser() -> etree.XMLParser:
    """A parser for one document: nothing is loaded, fetched, expanded or without limit."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def _shallow(root: Element) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise _refused("too-deep", f"elements nested more than {DEEPEST} deep", line(element))


def _refused(code: str, text: str, at: int = 0) -> Unreadable:
    return Unreadable(Problem("/", code, text, at))


def _plain(message: str | None) -> str:
    return (message or "no document").split(", line ")[0]


def line(element: Element) -> int:
    """The line of an element in its file, 0 if unknown."""
    return int(element.sourceline or 0)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """The namespace of an element, empty if it has none."""
    return etree.QName(element).namespace or ""


def path(element: Element) -> str:
    """Where an element stands, `/alert/info[2]/area[1]`: names without namespaces, counted where they may repeat."""
    parent = element.getparent()
    if parent is None:
        return f"/{local(element)}"
    before = len(list(element.itersiblings(str(element.tag), preceding=True)))
    return f"{path(parent)}/{_counted(element, before)}"


def places(root: Element) -> dict[Element, str]:
    """The paths of all elements, in one walk: many siblings cost no more than few."""
    found = {root: f"/{local(root)}"}
    for parent in root.iter(etree.Element):
        seen: Counter[str] = Counter()
        for child in parent.iterchildren(etree.Element):
            found[child] = f"{found[parent]}/{_counted(child, seen[str(child.tag)])}"
            seen[str(child.tag)] += 1
    return found


def _counted(element: Element, before: int) -> str:
    name = local(element)
    return f"{name}[{before + 1}]" if before or name in REPEATED else name


REPEATED = frozenset({"info", "area", "polygon", "circle", "geocode", "parameter", "eventCode", "resource"})
