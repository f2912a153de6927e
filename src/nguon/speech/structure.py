"""The form of a document: what is only ink (tags, bullets, marks, the list of recipients) is not said."""

import html
import re
import unicodedata

from nguon.speech.syllables import is_syllable
from nguon.speech.traced import Traced

_INVISIBLE = re.compile(
    r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufe00-\ufe0f\ue000-\uf8ff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_NUMERAL = re.compile(r"[^\x00-\x7f\s\u00c0-\u024f\u1e00-\u1eff]")
_KEPT_NUMERALS = "²³½¼¾⅓⅔"
_TABS = re.compile(r"(?<=[^\s])[ ]*\t[ \t]*(?=[^\s])")  # cells of a pasted table
_SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = re.compile(
    rf"(?P<unit>(?<![^\W\d_])(?:[kcdmhKCDMH]?[mM]|ha)[²³])|(?P<degree>(?<=[\d\s])⁰(?=\s?[CcFf\s.,;)]|$))"
    rf"|(?P<power>(?<=\d)[{_SUPER}]+)|(?<=[^\W\d_]{{2}})[{_SUPER}]+|(?<=\w)\[\d{{1,2}}\]"
)
_GLUED = re.compile(
    r"(?<![\w'’.@/-])(?P<before>[^\W\d_][a-zà-ỹđ]+)(?=\d)|(?P<figure>(?<![^\W\d_])\d)(?P<after>[a-zà-ỹđ]{2,})(?![\w.@-])"
)
_SCRIPT = re.compile(r"(?is)<(script|style)\b[^<>]{0,400}>.{0,20000}?</\1\s*>|<!--.{0,20000}?-->")
_BLOCK_TAG = re.compile(r"(?i)</?(?:p|div|li|ul|ol|tr|h[1-6]|table|blockquote)\b[^<>]{0,400}>|<br\s*/?>")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,400})?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,24}[0-9]{0,2});")
_LINK = re.compile(r"!?\[([^\[\]\n]{1,400})\]\([^()\s]{1,400}\)")
_MARKS = re.compile(
    r"\*{1,3}(?!\s?\d)|(?<!\d)(?<!\d\s)\*{1,3}|`{1,3}|~~|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|_{4,}|\|"
)
_CELLS = re.compile(r"(?<=[^\s|])[ ]*\|[ |]*(?=[^\s|])")
_LINE_HEAD = re.compile(r"(?m)^[ ]*(?:>[ ]*)*(?:#{1,6}(?=\s)|[-+–—•●▪■◦○✓✔➢➤❖♦→]+(?=\s|[^\W\d_]))[ ]*")
_RULE_LINE = re.compile(r"(?m)^[ ]*[-–—=_*:.| ]{3,}[ ]*$")
_DOCUMENT_END = re.compile(r"[ ]*\.[ ]*/[ ]*\.?[ ]*(?=\n|$|[\"”»)])")
_LEADERS = re.compile(r"\.{4,}|…{2,}")
_ELLIPSIS = re.compile(r"\.{3}|…")
_RECIPIENTS = re.compile(r"(?im)^[^\w\n]*nơi[^\w\n]+nhận[^\w\n]*:[^\n]*$")
_RECIPIENT_LINE = re.compile(r"(?i)^[ ]*(?:[-–—+•*]|lưu[ ]*:|như trên|$)")
_ENDS = ".!?:;,"
_FIGURE = re.compile(r"\d(?:[\d.,/:]*\d)?[ ]?([^\W\d_]|%|°)")  # `22kV`, `25/11 tại`; not the `1.` or `2)` of a list
_WRAPPED = 40  # characters of a line that may have been broken for its length
_BOUND = re.compile(  # words that end no sentence: the next line belongs to them, whatever its first letter
    r"(?:và|hoặc|của|tại|ở|thôn|xã|phường|huyện|tỉnh|phố|số|ngày|tháng|năm|từ|đến|cho|các|những|với|do|là|để|trong|trên"
    r"|dưới|theo|về|ông|bà)"
)


def clean(source: str) -> Traced:
    """The NFC text without what is only ink, every character traced to the source."""
    text = Traced.of(source).sub(_TABS, ", ")
    text = text.sub(_INVISIBLE, lambda match: _visible(match[0]))
    text = text.sub(_SCRIPT, " ").sub(_BLOCK_TAG, "\n").sub(_TAG, " ")
    text = text.sub(_ENTITY, lambda match: unicodedata.normalize("NFC", html.unescape(match[0])))
    text = text.sub(_INVISIBLE, lambda match: _visible(match[0])).sub(_RAISED, _lowered)
    text = _without_recipients(text.sub(_NUMERAL, lambda match: _numeral(match[0])))
    text = text.only(_LINK, 1).sub(_RULE_LINE, "").sub(_DOCUMENT_END, ".")
    text = text.sub(_CELLS, ", ").sub(_MARKS, "").sub(_LINE_HEAD, "")
    return text.sub(_LEADERS, " ").sub(_ELLIPSIS, ",").sub(_GLUED, _parted)


def _lowered(match: re.Match[str]) -> str:
    """Raised figures: of a unit they stay, ⁰ is a degree, of a number a power; after a word a footnote, not said."""
    if match["power"]:
        return " mũ " + unicodedata.normalize("NFKC", match["power"])
    return "°" if match["degree"] else match["unit"] or ""


def _parted(match: re.Match[str]) -> str:
    """A blank typed too little between a Vietnamese word and a figure: `thôn5`, `ngày15/8`, `lúc7h30`, `5hộ`."""
    word = match["before"] or match["after"]
    if not is_syllable(word.lower()):
        return match[0]
    return f"{word} " if match["before"] else f"{match['figure']} {word}"


def _visible(character: str) -> str:
    """Blanks are one kind of blank; what cannot be seen is nothing."""
    return " " if character.isspace() or character == "\t" else ""


def _numeral(character: str) -> str:
    """Figures of other scripts and in circles as plain figures; what only counts in another script is dropped."""
    if not character.isnumeric() or character in _KEPT_NUMERALS:
        return character
    plain = unicodedata.normalize("NFKC", character)
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return digits if digits.isascii() else " "


def _without_recipients(text: Traced) -> Traced:
    """The blocks `Nơi nhận:` with their lists left out, unless there is nothing else in the text."""
    at = 0
    while match := _RECIPIENTS.search(text.text, at):
        end = match.end()
        for line in text.text[end + 1 :].split("\n"):
            if not _RECIPIENT_LINE.match(line):
                break
            end += 1 + len(line)
        rest = _drop(text, match.start(), min(end, len(text.text)))
        if any(c.isalnum() for c in rest.text):
            text, at = rest, match.start()
        else:
            at = match.end()
    return text


def _drop(text: Traced, start: int, end: int) -> Traced:
    return Traced.join([text[:start], text[end:]])


def paragraphs(text: Traced, longest: int = 4000) -> list[Traced]:
    """The lines to be said one by one. A line that goes on in lower case after a break is one line with the next."""
    found: list[Traced] = []
    for start, end in _line_ranges(text.text):
        while end - start > longest:
            cut = text.text.rfind(" ", start + 1, start + longest)
            cut = cut if cut > start else start + longest
            found.append(text[start:cut])
            start = cut
        found.append(text[start:end])
    return [line for line in found if line.text.strip()]


def _line_ranges(text: str) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    at, gap = 0, False
    for line in text.split("\n"):
        end = at + len(line)
        if line.strip():
            if ranges and _goes_on(text[slice(*ranges[-1])].rstrip(), line.lstrip(), apart=gap):
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((at, end))
        gap = not line.strip()
        at = end + 1
    return ranges


def _goes_on(before: str, after: str, *, apart: bool) -> bool:
    """A hard line break inside a sentence: no mark before it, and a small letter, a figure or a bound word at it.

    `apart` means empty lines between, as at the end of a page: then only a long line goes on, and in a small letter.
    """
    if not before or before[-1] in _ENDS:
        return False
    if apart:
        return len(before) >= _WRAPPED and after[:1].islower() and after[1:2] not in (")", ".")
    if after[:1].islower() and after[1:2] != ")":
        return True
    if _BOUND.fullmatch(before.rsplit(" ", 1)[-1]):
        return True
    figure = _FIGURE.match(after)
    return len(before) >= _WRAPPED and figure is not None and not figure[1].isupper()
