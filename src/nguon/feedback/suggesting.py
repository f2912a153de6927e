"""What a case may be about: rules first, then what officers made of cases before. Suggestions only, each with why.

The learned part is a multinomial naive Bayes over folded syllables and pairs of them: small, exact about why it thinks
so, and made anew from the database now and then.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from nguon.feedback.models import Case, Field
from nguon.feedback.rules import State
from nguon.feedback.saying import as_written, says, syllables, tokens
from nguon.kit.clock import local_day
from nguon.kit.text import fold
from nguon.places.queries import tree

LEARNS_FROM = 5000  # cases, the newest
NEEDS = 20  # cases before anything learned is said
SURE = 0.5  # the share of belief from which it is said
FRESH = timedelta(minutes=10)
SHOWN = 3
_UNSORTED = (State.NEW, State.DUPLICATE, State.REFUSED, State.DIVERTED)

COMPLAINT = ("khiếu nại", "đơn khiếu nại", "khiếu kiện")
DENUNCIATION = ("tố cáo", "đơn tố cáo", "tố giác")


@dataclass(frozen=True)
class Suggested:
    """A field it may be, and why."""

    field: Field
    why: str


@dataclass(frozen=True)
class LegalPath:
    """A complaint (`khiếu nại`) or denunciation (`tố cáo`), as it seems: its name, and its own path in words."""

    name: str
    words: str


class Bayes:
    """Counts of words by field. `learned`: pairs of a field's id and a text."""

    def __init__(self, learned: Iterable[tuple[UUID, str]]) -> None:
        self._words: dict[UUID, Counter[str]] = defaultdict(Counter)
        self._cases: Counter[UUID] = Counter()
        for field, text in learned:
            self._cases[field] += 1
            self._words[field].update(tokens(text))
        self._known = {word for counts in self._words.values() for word in counts}
        self._totals = {field: sum(counts.values()) for field, counts in self._words.items()}

    @property
    def cases(self) -> int:
        """How many it learned from."""
        return sum(self._cases.values())

    def beliefs(self, text: str) -> dict[UUID, float]:
        """The share of belief for each field it knows, all together 1; nothing if no word is known."""
        known = [word for word in tokens(text) if word in self._known]
        if not known:
            return {}
        scores = {
            field: math.log(count / self.cases) + sum(self._weight(field, word) for word in known)
            for field, count in self._cases.items()
        }
        highest = max(scores.values())
        shares = {field: math.exp(score - highest) for field, score in scores.items()}
        whole = sum(shares.values())
        return {field: share / whole for field, share in shares.items()}

    def telling(self, field: UUID, text: str, most: int = 3) -> list[str]:
        """The folded words of a text that speak most for a field against all others."""
        known = {word for word in tokens(text) if self._words[field][word]}
        others = [one for one in self._cases if one != field]

        def speaks(word: str) -> float:
            against = max((self._weight(one, word) for one in others), default=0.0)
            return self._weight(field, word) - against

        return sorted((word for word in known if speaks(word) > 0), key=lambda word: (-speaks(word), word))[:most]

    def _weight(self, field: UUID, word: str) -> float:
        return math.log((self._words[field][word] + 1) / (self._totals[field] + len(self._known)))


class _Kept:
    """What was learned last, in this process."""

    bayes: Bayes | None = None
    at: datetime | None = None


def learned(now: datetime) -> Bayes:
    """What officers made of cases so far, at most FRESH old."""
    if _Kept.bayes is None or _Kept.at is None or not timedelta() <= now - _Kept.at < FRESH:
        _Kept.bayes, _Kept.at = Bayes(_lessons()), now
    return _Kept.bayes


def forget() -> None:
    """Learn anew at the next question."""
    _Kept.bayes = _Kept.at = None


def fields(words: str, place_ids: Iterable[UUID], now: datetime) -> list[Suggested]:
    """The fields it may be, the likeliest first; `place_ids`: the place and those above it. Perhaps none."""
    offered = Field.objects.filter(Q(place=None) | Q(place__in=list(place_ids)), active=True)
    by_id = {field.pk: field for field in offered}
    found = by_words(words, by_id.values())
    bayes = learned(now)
    if bayes.cases >= NEEDS:
        beliefs = bayes.beliefs(words)
        for pk in sorted(beliefs, key=lambda pk: -beliefs[pk]):
            if beliefs[pk] >= SURE and pk in by_id and pk not in {one.field.pk for one in found}:
                found.append(Suggested(by_id[pk], _because(words, bayes.telling(pk, words))))
    return found[:SHOWN]


def first(case: Case, now: datetime) -> Field | None:
    """The first suggestion for a case."""
    found = fields(case.words, tree().above(case.place_id, local_day(now)), now)
    return found[0].field if found else None


def by_words(words: str, offered: Iterable[Field]) -> list[Suggested]:
    """The fields whose own words are said, those of which the most is said first."""
    text = syllables(words)
    said = [(field, [word for word in field.words if says(text, word)]) for field in offered]
    hits = sorted((one for one in said if one[1]), key=lambda one: (-len(" ".join(one[1]).split()), one[0].number))
    return [Suggested(field, _("Có nói: %(words)s.") % {"words": ", ".join(found[:3])}) for field, found in hits]


def legal_path(words: str) -> LegalPath | None:
    """Whether it seems a complaint or a denunciation, which are not settled as feedback; None if it does not."""
    if _says(words, DENUNCIATION):
        return LegalPath(
            _("tố cáo"),
            _(
                "Nội dung này có vẻ là tố cáo. Tố cáo được giải quyết theo Luật Tố cáo 2018, không xử lý như phản ánh: "
                "hãy gửi đơn hoặc trình bày trực tiếp với cơ quan có thẩm quyền, ghi rõ họ tên, địa chỉ người tố cáo "
                "và hành vi bị tố cáo. Thông tin của người tố cáo được giữ bí mật theo luật."
            ),
        )
    if _says(words, COMPLAINT):
        return LegalPath(
            _("khiếu nại"),
            _(
                "Nội dung này có vẻ là khiếu nại. Khiếu nại được giải quyết theo Luật Khiếu nại 2011, không xử lý như "
                "phản ánh: hãy gửi đơn hoặc đến trực tiếp nơi đã ra quyết định hoặc có hành vi bị khiếu nại, trong 90 "
                "ngày từ khi nhận hoặc biết việc đó."
            ),
        )
    return None


def _says(words: str, wanted: Iterable[str]) -> bool:
    """With marks if the text has any: `nhà to cao` denounces nobody."""
    said = syllables(words)
    bare = [fold(one) for one in said]
    if said == bare:
        return any(says(said, word) for word in wanted)
    return any(f" {word} " in f" {' '.join(said)} " for word in wanted)


def _because(words: str, telling: list[str]) -> str:
    """The folded words, as this text writes them."""
    if not telling:
        return _("Giống các phản ánh đã xếp vào lĩnh vực này.")
    shown = as_written(words)
    return _("Các phản ánh trước cùng lĩnh vực cũng nói: %(words)s.") % {
        "words": ", ".join(shown.get(word, word) for word in telling)
    }


def _lessons() -> list[tuple[UUID, str]]:
    """Sorted cases, the newest; one that an officer corrected counts twice."""
    sorted_cases = Case.objects.exclude(field=None).exclude(state__in=_UNSORTED).filter(held="")
    rows = sorted_cases.order_by("-received_at").values_list("field_id", "folded", "correction")[:LEARNS_FROM]
    return [(field, folded) for field, folded, corrected in rows if field for _time in range(2 if corrected else 1)]
