"""What is heard means what was written: notices built from a grammar, understood by a listener of the tests' own."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.speech import CENTRAL, FORMAL, SOUTH, Profile, read
from tests.unit.speech import heard

EXAMPLES = int(os.environ.get("NGUON_EXAMPLES", "100"))
NUMERALS = frozenset([*heard.ONES, "mười", "mươi", "trăm", "nghìn", "triệu", "tỷ", "linh", "phẩy", "chấm"])
ANY_NUMBER = r"[0-9]{1,7}([.,][0-9]{1,4})?|[1-9][0-9]{0,2}(\.[0-9]{3}){1,3}(,[0-9]{1,3})?"
PROFILES = st.sampled_from([FORMAL, CENTRAL, SOUTH])
BEFORE = st.sampled_from(["UBND xã thông báo:", "Kính báo", "- ", "Trạm Y tế xã Phước Sơn:", "1.", "Thôn Luật Lễ,", ""])
DASHES = st.sampled_from(["-", " - ", "–", " – ", "—"])


@dataclass(frozen=True)
class Fact:
    """A thing written after a cue, the words heard after its value, how to understand it, and what it means."""

    cue: str
    written: str
    tail: str
    understand: Callable[[str], Any]
    value: Any


def _days(low: int = 1990, high: int = 2035) -> st.SearchStrategy[date]:
    return st.dates(date(low, 1, 1), date(high, 12, 31))


@st.composite
def counts(draw: st.DrawFn) -> Fact:
    value = draw(st.integers(0, 10**9) | st.integers(0, 3000))
    forms = [str(value), f"{value:,}".replace(",", ".")]
    if value >= 10**6:
        forms += [f"{value:,}", f"{value:,}".replace(",", " ")]
    if value % 1000 == 0 and value >= 1000:
        forms.append(f"{value:,}".replace(",", " "))
    if 0 < value < 10:
        forms.append(f"0{value}")
    noun = draw(
        st.sampled_from(["hộ", "người dân", "con gia súc", "cử tri", "lượt khách", "cây xanh", "khẩu", "bà con"])
    )
    return Fact(
        draw(st.sampled_from(["có", "gồm", "hỗ trợ", "tổng cộng"])),
        f"{draw(st.sampled_from(forms))} {noun}",
        noun,
        heard.number,
        value,
    )


@st.composite
def amounts(draw: st.DrawFn) -> Fact:
    whole, places = draw(st.integers(0, 9999)), draw(st.integers(1, 3))
    fraction = f"{draw(st.integers(0, 10**places - 1)):0{places}d}"
    negative = draw(st.booleans()) and whole < 60
    grouped = f"{whole:,}".replace(",", ".") if draw(st.booleans()) else str(whole)
    unit, tail = draw(
        st.sampled_from(
            [(" km", "ki lô mét"), ("ha", "héc ta"), (" %", "phần trăm"), ("m", "mét"), (" triệu đồng", "triệu đồng")]
        )
    )
    if negative:
        unit, tail, grouped = "°C", "độ xê", str(whole)
    written = f"{'-' if negative else ''}{grouped},{fraction}{unit}"
    value = Decimal(f"{'-' if negative else ''}{whole}.{fraction}")
    return Fact("khoảng", written, tail, heard.amount, value)


@st.composite
def sums(draw: st.DrawFn) -> Fact:
    value = draw(st.integers(1, 10**7)) * draw(st.sampled_from([1, 500, 1000, 10**5]))
    plain = f"{value:,}".replace(",", ".")
    form = draw(st.sampled_from(["{} đồng", "{}đ", "{} đ", "{} VNĐ", "{}đồng", "{} VND"]))
    return Fact(
        draw(st.sampled_from(["mức phạt", "số tiền", "kinh phí", "nộp"])),
        form.format(plain),
        "đồng",
        heard.number,
        value,
    )


@st.composite
def days(draw: st.DrawFn) -> Fact:
    when = draw(_days())
    d, m = (f"{when.day:02d}", f"{when.month:02d}") if draw(st.booleans()) else (str(when.day), str(when.month))
    form = draw(
        st.sampled_from(
            ["{d}/{m}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{d} tháng {m} năm {y}", "{d} / {m} / {y}", "{d}/{m} năm {y}"]
        )
    )
    cue = draw(
        st.sampled_from(["ngày", "trước ngày", "đến hết ngày", "vào ngày", "sáng ngày", "từ ngày", "hạn cuối ngày"])
    )
    return Fact(cue, form.format(d=d, m=m, y=when.year), "", heard.day, when)


@st.composite
def short_days(draw: st.DrawFn) -> Fact:
    when = draw(_days())
    d, m = (f"{when.day:02d}", f"{when.month:02d}") if draw(st.booleans()) else (str(when.day), str(when.month))
    cue = draw(st.sampled_from(["ngày", "trước ngày", "đến ngày", "sáng ngày", "tối ngày", "hạn cuối là ngày"]))
    return Fact(cue, f"{d}/{m}", "", heard.day_and_month, (when.day, when.month))


@st.composite
def spans_of_days(draw: st.DrawFn) -> Fact:
    first, last = sorted([draw(_days(2020, 2030)), draw(_days(2020, 2030))])
    if first.year != last.year or first >= last:
        last = date(first.year, 12, 31)
        first = date(first.year, min(first.month, 11), min(first.day, 28))
    if first.month == last.month:
        form = draw(
            st.sampled_from(["{a.day}{dash}{b.day}/{b.month}/{b.year}", "{a.day} đến ngày {b.day}/{b.month}/{b.year}"])
        )
    else:
        form = draw(
            st.sampled_from(
                [
                    "{a.day}/{a.month}{dash}{b.day}/{b.month}/{b.year}",
                    "{a.day}/{a.month} đến {b.day}/{b.month}/{b.year}",
                    "{a.day}/{a.month} đến hết ngày {b.day}/{b.month}/{b.year}",
                ]
            )
        )

    def understand(words: str) -> tuple[int, int, date]:
        head, tail = heard.both(words)
        end = heard.day(tail.removeprefix("hết "))
        start = heard.day_and_month(head) if "tháng" in head else (heard.number(head), end.month)
        return *start, end

    return Fact(
        "từ ngày", form.format(a=first, b=last, dash=draw(DASHES)), "", understand, (first.day, first.month, last)
    )


_CLOCKS = [
    "{h}h{m:02d}", "{h:02d}h{m:02d}", "{h}g{m:02d}", "{h}:{m:02d}", "{h:02d}:{m:02d}", "{h} giờ {m:02d} phút",
    "{h}h{m:02d}’", "{h} giờ {m:02d}", "{h}H{m:02d}",
]  # fmt: skip


@st.composite
def clocks(draw: st.DrawFn) -> Fact:
    hour, minute = draw(st.integers(0, 23)), draw(st.integers(0, 59))
    form = draw(st.sampled_from([*_CLOCKS, "{h}h", "{h} giờ"] if minute == 0 else _CLOCKS))
    cue = draw(st.sampled_from(["lúc", "vào lúc", "trước", "bắt đầu", "từ", "hồi"]))
    return Fact(cue, form.format(h=hour, m=minute), "", heard.clock, (hour, minute))


@st.composite
def spans_of_clocks(draw: st.DrawFn) -> Fact:
    first, last = sorted([draw(st.integers(0, 23 * 60 + 59)), draw(st.integers(0, 23 * 60 + 59))])
    form = draw(st.sampled_from(_CLOCKS))
    joint = draw(DASHES | st.just(" đến "))
    (h1, m1), (h2, m2) = divmod(first, 60), divmod(last, 60)
    written = form.format(h=h1, m=m1) + joint + form.format(h=h2, m=m2)
    if m1 == m2 == 0 and draw(st.booleans()):
        written = f"{h1}{joint}{h2}" + draw(st.sampled_from(["h", " giờ"])) if h1 != h2 else written

    def understand(words: str) -> tuple[tuple[int, int], tuple[int, int]]:
        head, tail = heard.both(words)
        return heard.clock(head if "giờ" in head else f"{head} giờ"), heard.clock(tail)

    return Fact("từ", written, "", understand, ((h1, m1), (h2, m2)))


_MEASURES = [
    (1, " tuổi", "tuổi"), (1, " triệu đồng", "triệu đồng"), (1000, " đồng/kg", "đồng"), (1, "%", "phần trăm"),
    (1, " độ", "độ"), (1, "km/h", "ki lô mét"), (1, " mm", "mi li mét"), (1, " ngày", "ngày"), (1000, "đ", "đồng"),
    (1, "°C", "độ xê"), (1, " hộ", "hộ"),
]  # fmt: skip


@st.composite
def spans_of_amounts(draw: st.DrawFn) -> Fact:
    low = draw(st.integers(1, 900))
    high = draw(st.integers(low + 1, 999))
    scale, unit, tail = draw(st.sampled_from(_MEASURES))
    a, b = (f"{value * scale:,}".replace(",", ".") for value in (low, high))

    def understand(words: str) -> tuple[int, int]:
        head, last = heard.both(words)
        return heard.number(head), heard.number(last)

    return Fact("từ", f"{a}{draw(DASHES)}{b}{unit}", tail, understand, (low * scale, high * scale))


@st.composite
def phones(draw: st.DrawFn) -> Fact:
    figures = draw(
        st.sampled_from(["0905", "0256", "0988", "0386"]).flatmap(
            lambda head: st.from_regex(rf"{head}[0-9]{{6}}", fullmatch=True)
        )
        | st.from_regex(r"1(8|9)00[0-9]{4}", fullmatch=True)
    )
    grouped = draw(st.sampled_from(["{0}{1}{2}", "{0}.{1}.{2}", "{0} {1} {2}", "{0}-{1}-{2}"]))
    written = grouped.format(figures[:4], figures[4:7], figures[7:])
    cue = draw(st.sampled_from(["điện thoại", "gọi số", "ĐT:", "liên hệ:", "hotline", "SĐT"]))
    return Fact(cue, written, "", heard.figures, figures)


@st.composite
def shares(draw: st.DrawFn) -> Fact:
    part = draw(st.integers(1, 999))
    whole = draw(st.integers(part + 1, 1999))
    noun = draw(st.sampled_from(["hộ", "thôn", "tiêu chí", "đại biểu", "cử tri", "trường"]))

    def understand(words: str) -> tuple[int, int]:
        for joint in (" trên ", " phần "):
            if joint in words:
                first, _, last = words.partition(joint)
                return heard.number(first), 4 if last == "tư" else heard.number(last)
        raise heard.NotUnderstood(words)

    a, b = (f"{value:,}".replace(",", ".") for value in (part, whole))
    return Fact(draw(st.sampled_from(["đạt", "có", "được"])), f"{a}/{b} {noun}", noun, understand, (part, whole))


@st.composite
def periods(draw: st.DrawFn) -> Fact:
    first = draw(st.integers(1930, 2035))
    last = draw(st.integers(first + 1, first + 30))

    def understand(words: str) -> tuple[int, int]:
        head, tail = heard.both(words)
        return heard.number(head), heard.number(tail)

    cue = draw(st.sampled_from(["giai đoạn", "nhiệm kỳ", "thời kỳ"]))
    return Fact(cue, f"{first}{draw(DASHES)}{last}", "", understand, (first, last))


def _spoken_cue(cue: str) -> str:
    return read(cue).text.rstrip(".:") if cue else ""


def _between(text: str, head: str, tail: str) -> str:
    """What is heard between the cue and the word after the fact."""
    low = text.lower()
    start = low.index(head.lower()) + len(head) if head else 0
    end = low.index(f" {tail.lower()}", start) if tail else len(low)
    return text[start:end].strip(" .,:;").replace(",", "")


FACTS = {
    each.__name__: each
    for each in (
        counts, amounts, sums, days, short_days, spans_of_days, clocks, spans_of_clocks, spans_of_amounts, phones,
        shares, periods,
    )
}  # fmt: skip


def _check(fact: Fact, said: str, text: str) -> None:
    words = _between(said, _spoken_cue(fact.cue), fact.tail)
    try:
        understood = fact.understand(words)
    except (heard.NotUnderstood, ValueError) as error:
        raise AssertionError(f"{text!r} → {said!r}: {words!r} is not understood") from error
    assert understood == fact.value, (text, said)


@pytest.mark.parametrize("kind", list(FACTS))
def test_a_fact_is_heard_as_it_was_written(kind: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(BEFORE, FACTS[kind](), PROFILES)
    def holds(before: str, fact: Fact, profile: Profile) -> None:
        text = f"{before} {fact.cue} {fact.written}"
        said = read(text, profile=profile).text
        _check(fact, said[len(read(before + " ").text.rstrip(".")) :], text)

    holds()


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(st.lists(st.one_of([each() for each in FACTS.values()]), min_size=2, max_size=4), PROFILES)
def test_facts_side_by_side_do_not_disturb_each_other(facts: list[Fact], profile: Profile) -> None:
    text = "; ".join(f"{fact.cue} {fact.written}" for fact in facts)
    said = read(text, profile=profile).text.split("; ")
    assert len(said) == len(facts), (text, said)
    for fact, part in zip(facts, said, strict=True):
        _check(fact, part, text)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(
    st.lists(st.one_of([each() for each in FACTS.values()]), min_size=2, max_size=3),
    st.sampled_from([" và ", " ", " tại ", ". "]),
)
def test_facts_run_together_keep_their_values(facts: list[Fact], joint: str) -> None:
    """Whatever stands beside it, a fact is somewhere in what is heard, in the words it has alone."""
    text = joint.join(f"{fact.cue} {fact.written}" for fact in facts)
    said = read(text).text.lower().replace(",", "")
    for fact in facts:
        alone = read(f"{fact.cue} {fact.written}").text.lower().replace(",", "")
        assert alone in said, (text, said, alone)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(st.from_regex(ANY_NUMBER, fullmatch=True), st.sampled_from(["có {} hộ", "{}", "số {}", "giá {}đ", "{} kg"]))
def test_every_figure_of_a_number_is_heard(written: str, frame: str) -> None:
    """However strangely a number is written, its figures come in their order, zeros at the head of a part aside."""
    said = read(frame.format(written)).text.lower()
    told = list(map(_figures, re.split(r"\b(?:phẩy|chấm)\b|[.,:]", _numerals(said))))
    parts = re.split(r"[.,]", written)
    wanted = {"".join(parts), _bare(parts), "".join(parts).lstrip("0") or "0"}
    same = "".join(told) in wanted or _bare(told) == _bare(parts)  # số 01,01: số không một, một
    assert same or "".join(told).lstrip("0") == "".join(parts).lstrip("0"), (written, said)


def _bare(parts: list[str]) -> str:
    """The parts without the zeros at their heads."""
    return "".join(part.lstrip("0") or "0" for part in parts)


def _numerals(said: str) -> str:
    return " ".join(word for word in re.findall(r"[^\W\d_]+|[.,:]", said) if word in NUMERALS or word in ".,:")


def _figures(words: str) -> str:
    if not words.strip():
        return ""
    try:
        return heard.figures(words)
    except heard.NotUnderstood:
        rest = re.sub(r"^(không )+", "", words.strip())  # the number of a thing keeps its zeros: 010 is không mười
        return str(heard.number(rest))
