"""Ratios, fractions, scales, scores, ranges, and numbers that stand by themselves."""

import re

from nguon.speech import numbers
from nguon.speech.draft import CLAIMED, Found, Rule, figure, rule
from nguon.speech.rules.common import DASH, NUMBER, START, after_cue, before_cue, is_house, number, value

_VULGAR = {"½": "một phần hai", "¼": "một phần tư", "¾": "ba phần tư", "⅓": "một phần ba", "⅔": "hai phần ba"}
_END = r"(?!\w)"


def _ratio(found: Found) -> tuple[str, float]:
    """`12/13 xã` counts a part of a whole (trên), `2/3 diện tích` is a fraction (phần), `15/3 đường` an address."""
    first, last = found["a"], found["b"]
    low, high = (number(text, found.profile) for text in (first, last))
    if first.isdigit() and last.isdigit() and is_house(found):
        codes = [numbers.code_number(text, found.profile) for text in (first, last)]
        return " xuyệt ".join(codes), 0.85
    if before_cue(found, "ratio_noun") or first == last:
        return f"{low} trên {high}", 0.95
    if before_cue(found, "portion_noun") or (
        value(first) < value(last) <= 10 and not after_cue(found, "ratio_verb", r"\s*")
    ):
        return f"{low} phần {'tư' if last == '4' else high}", 0.85 if before_cue(found, "portion_noun") else 0.7
    return f"{low} trên {high}", 0.7


def _scale(found: Found) -> tuple[str, float]:
    """`tỷ lệ 1:5000` is said with trên, `tỷ số 2:1` is not; without such a word a small one is doubted."""
    low, high = (number(found[name], found.profile) for name in ("a", "b"))
    if after_cue(found, "score", r"[\s\w]{0,20}"):
        return f"{low} {high}", 0.9
    if int(re.sub(r"\D", "", found["b"])) >= 100 or after_cue(found, "scale", r"\W*(?:\w+\W+){0,3}"):
        return f"{low} trên {high}", 0.9
    return f"{low}, {high}", 0.6


def _coded_range(found: Found) -> str | None:
    """`số 001-050`: numbers with their zeros, if they are as long as each other."""
    if len(found["a"]) != len(found["b"]) or int(found["a"]) >= int(found["b"]):
        return None
    return f"{numbers.digits(found['a'])} đến {numbers.digits(found['b'])}"


def _difference(found: Found) -> str:
    return f"{number(found['a'], found.profile)} trừ {number(found['b'], found.profile)}"


def _about_range(found: Found) -> str | None:
    """`1~50`, `5÷7 ngày`: the signs of technicians for a range."""
    if value(found["a"]) >= value(found["b"]):
        return None
    return f"{number(found['a'], found.profile)} đến {number(found['b'], found.profile)}"


def _range(found: Found) -> tuple[str, float]:
    low, high = (number(found[name], found.profile) for name in ("a", "b"))
    if after_cue(found, "score", r"[^.;:]{0,40}"):
        return f"{low} {high}", 0.8
    if value(found["a"]) < value(found["b"]):
        return f"{low} đến {high}", 0.9
    return f"{low}, {high}", 0.5


def _section(found: Found) -> str:
    """`2.1.` at the head of a line is a number of a section, not a decimal."""
    return " chấm ".join(number(part, found.profile) for part in found["n"].split("."))


def _clause(found: Found) -> str | None:
    """`Điều 5.1`, `mục 2.3`: a number of a text, not a decimal."""
    return _section(found) if after_cue(found, "clause", r"\s+") else None


def _dotted(found: Found) -> str:
    return " chấm ".join(number(part, found.profile) for part in found[0].split("."))


def _signed(found: Found) -> str:
    return f"âm {number(found['n'], found.profile)}"


def _plain(found: Found) -> str:
    return number(found[0], found.profile)


def _chain(found: Found) -> str:
    return " trên ".join(number(part, found.profile) for part in found[0].split("/"))


def _math(found: Found) -> str:
    """A sign between figures; in a list of labels it only parts them: `tổ 13+16+17`."""
    if found["op2"] == "+" and after_cue(found, "label", r"\s+(?:\d{1,3}\s?\+\s?)*\d{1,3}\s?"):
        return ","
    return {"x": "nhân", "×": "nhân", "*": "nhân", "X": "nhân", "+": "cộng", "=": "bằng"}[found["op"] or found["op2"]]


def _ratio_range(found: Found) -> str | None:
    """`giảm 1/2 - 2/3`: shares, where the word before says so; elsewhere it is days."""
    if not after_cue(found, "share", r"\s+(?:từ\s+)?"):
        return None
    a, b, c, d = (number(found[name], found.profile) for name in "abcd")
    tail = {"bốn": "tư"}
    return f"{a} phần {tail.get(b, b)} đến {c} phần {tail.get(d, d)}"


def _times(found: Found) -> str | None:
    """`2 hiệp x 45 phút`: multiplied, if a number stands shortly before."""
    return "nhân" if re.search(r"\d[^.;:]{0,24}$", found.before()) else None


CODED: tuple[Rule, ...] = (
    figure("range", r"(?<![\w.,/:-])(?P<a>0\d{2,5})-(?P<b>\d{3,6})(?![\w]|[.,/:-]\d)", _coded_range, confidence=0.8),
)
OPERATORS: tuple[Rule, ...] = (
    figure("difference", rf"{START}(?P<a>{NUMBER})\s[-–−]\s(?P<b>{NUMBER})(?=\s?=\s?\d)", _difference, confidence=0.8),
    rule(
        "operator",
        r"(?<=\d[m²])\s?(?P<op>[xX×*])\s?(?=\d)|(?<=\d)\s?(?P<op2>[xX×*=]|\+(?=\s))\s?(?=\d)",
        _math,
        confidence=0.8,
    ),
    figure(
        "ratio",
        rf"{START}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}}){DASH}(?P<c>\d{{1,2}})/(?P<d>\d{{1,2}})(?![\w/]|[.,]\d)",
        _ratio_range,
        confidence=0.8,
    ),
    rule("operator", rf"(?<=[\w²³)%{CLAIMED}])\s(?P<op>[x×])\s(?=\d)", _times, confidence=0.75),
)
RULES: tuple[Rule, ...] = (
    rule("section", r"^\s*(?P<n>[1-9]\d?(?:\.[1-9]\d?)+)(?=\.?\s+\D|\.\s|\)|\.?$)", _section),
    figure("scale", rf"{START}(?P<a>\d{{1,3}})\s?:\s?(?P<b>\d[\d.]*\d|\d){_END}", _scale),
    figure("ratio", rf"{START}(?P<a>{NUMBER})\s?/\s?(?P<b>{NUMBER})(?![\w/])", _ratio),
    figure("chain", rf"{START}\d{{1,6}}(?:/\d{{1,6}}){{2,6}}{_END}", _chain, confidence=0.5),
    figure("range", rf"{START}(?P<a>{NUMBER})\s?[~÷]\s?(?P<b>{NUMBER})(?![\w]|[-/]\d)", _about_range, confidence=0.85),
    figure("range", rf"{START}(?P<a>{NUMBER}){DASH}(?P<b>{NUMBER})(?![\w]|[-/]\d)", _range),
    figure("section", r"(?<![\w.,])(?P<n>[1-9]\d?(?:\.[1-9]\d?){1,3})(?![\w]|[.,/-]\d)", _clause, confidence=0.85),
    figure("version", r"(?<![\w.,])\d{1,2}\.0(?![\w]|[.,]\d)", _dotted, confidence=0.8),
    figure("dotted", r"(?<![\w,])\d+(?:\.\d+){2,}(?!\w)(?<!\.\d\d\d)", _dotted, confidence=0.6),
    figure("negative", rf"(?:(?<=\s)|^)[-−–](?P<n>{NUMBER}){_END}", _signed, confidence=0.8),
    figure("number", rf"{START}{NUMBER}(?![A-Za-zÀ-ỹĐđ])", _plain),
    rule("number", "[½¼¾⅓⅔]", lambda found: _VULGAR[found[0]]),
)
