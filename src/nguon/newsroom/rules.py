"""Pure rules of the newsroom: what a wording may be, its hash, how long it takes to hear, and what changed in it."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from nguon.kit.text import clean, fold
from nguon.media.rules import NO_MUSIC, Mix
from nguon.newsroom import linked
from nguon.speech import Readings

TITLE_LIMIT = 300  # characters
DEFAULT_RATE = 210  # syllables a minute, for horns outdoors
LONG_LISTENING = timedelta(minutes=5)  # people stop listening after about this
WEIGHTY = frozenset({"priority", "place_id", "valid_from", "valid_to"})  # details that an approval covers besides words
_WORD = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"\s+")
_DIFF_LIMIT = 6000  # words; above it the whole text counts as changed, so that no page waits for a comparison


class State(StrEnum):
    """Where a bulletin stands, computed from its newest version and the reviews of it."""

    DRAFT = "draft"
    RENDERING = "rendering"
    HEARD = "heard"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Problem(StrEnum):
    """What keeps a draft from being saved."""

    NO_TITLE = "no-title"
    LONG_TITLE = "long-title"
    NO_BODY = "no-body"
    LONG_BODY = "long-body"
    NOTHING_TO_SAY = "nothing-to-say"
    LONG_LINK = "long-link"
    LINK_WITHOUT_HTTP = "link-without-http"
    NO_LINK = "no-link"
    LABEL_WITHOUT_LINK = "label-without-link"
    LONG_LABEL = "long-label"


@dataclass(frozen=True)
class Draft:
    """One wording before it is saved. `sound` is the SHA-256 of an uploaded or recorded file, or empty.

    `repeat`: a voice says the key facts once more at the end. `mix` is the music around it; `readings` are those of the
    issuing place that the body calls for, (written, spoken). `pictures`: SHA-256 of the file, what is on it. `link_url`
    is where people read on, `link_label` what is said of it; both may be empty. `film` is the SHA-256 of a film as it
    was given, or empty; `film_alt` what is seen in it.
    """

    title: str
    body: str = ""
    language: str = "vi"
    voice: str = ""
    rate: int = DEFAULT_RATE
    repeat: bool = False
    sound: str = ""
    mix: Mix = NO_MUSIC
    readings: Readings = ()
    pictures: tuple[tuple[str, str], ...] = ()
    link_url: str = ""
    link_label: str = ""
    film: str = ""
    film_alt: str = ""


def tidy(draft: Draft, plain: str) -> Draft:
    """The draft as it is kept: a title on one line, and `plain`, its body as plain text, without outer blanks."""
    body = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", clean(plain)))
    url, label = linked.tidy(draft.link_url, draft.link_label)
    return replace(draft, title=_SPACES.sub(" ", clean(draft.title)), body=body, link_url=url, link_label=label)


def problems(draft: Draft, limit: int) -> list[Problem]:
    """Why a tidied draft cannot be saved; `limit` is the most characters of a body. Empty when it can."""
    found = []
    if not draft.title:
        found.append(Problem.NO_TITLE)
    elif len(draft.title) > TITLE_LIMIT:
        found.append(Problem.LONG_TITLE)
    if len(draft.body) > limit:
        found.append(Problem.LONG_BODY)
    elif not draft.sound and not draft.body:
        found.append(Problem.NO_BODY)
    elif not draft.sound and not speakable(draft.body):
        found.append(Problem.NOTHING_TO_SAY)
    return found + _problems_of_link(draft.link_url, draft.link_label)


def _problems_of_link(url: str, label: str) -> list[Problem]:
    found = [Problem.LONG_LABEL] if len(label) > linked.LONGEST_LABEL else []
    if not url:
        return [*found, Problem.LABEL_WITHOUT_LINK] if label else found
    if len(url) > linked.LONGEST:
        return [*found, Problem.LONG_LINK]
    if not linked.begun(url):
        return [*found, Problem.LINK_WITHOUT_HTTP]
    return found if linked.opens(url) else [*found, Problem.NO_LINK]


def subject(version: UUID) -> str:
    """How a version is named in reviews, broadcasts and the journal."""
    return f"newsroom.version:{version.hex}"


def speakable(text: str) -> bool:
    """Whether there is a letter or a figure in it: something a voice can say."""
    return bool(_WORD.search(text))


def text_hash(draft: Draft) -> str:
    """SHA-256 over everything that decides how the wording reads and sounds. What is approved is named by it."""
    parts = [draft.title, draft.body, draft.language, draft.voice, draft.rate, draft.sound, draft.readings]
    rest: list[object] = [*([draft.mix.as_json()] if draft.mix else []), *(["repeat"] if draft.repeat else [])]
    rest += [{"pictures": draft.pictures}] if draft.pictures else []
    rest += [["link", draft.link_url, draft.link_label]] if draft.link_url else []
    rest += [["film", draft.film, draft.film_alt]] if draft.film else []
    return hashlib.sha256(json.dumps(parts + rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def folded(draft: Draft) -> str:
    """Title and body without marks and case, for searching."""
    return fold(f"{draft.title}\n{draft.body}")


def words(text: str) -> int:
    """How many words (in Vietnamese: syllables; a number is one word)."""
    return len(_WORD.findall(text))


def length(text: str, rate: int) -> timedelta:
    """About how long the text takes to say at `rate` syllables a minute; a figure counts as two syllables."""
    syllables = sum(2 * len(word) if word.isdigit() else 1 for word in _WORD.findall(text))
    return timedelta(seconds=round(60 * syllables / max(rate, 1)))


def opening(text: str, limit: int = 250) -> str:
    """The first sentences of a text, as many as have room in `limit` characters; words if there is no whole one."""
    flat = _SPACES.sub(" ", text).strip()
    if len(flat) <= limit:
        return flat
    cut = flat[: limit + 1]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > 0 else cut.rpartition(" ")[0] or flat[:limit]


def too_long(spoken: timedelta) -> bool:
    """Whether people will have stopped listening before the end."""
    return spoken > LONG_LISTENING


class Change(StrEnum):
    """What became of a run of words between two versions."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Run:
    """Some consecutive words, with the blanks after them, and what became of them."""

    change: Change
    text: str


def diff(old: str, new: str) -> list[Run]:
    """What changed, word by word. The runs that are not NEW make up `old`, those that are not GONE make up `new`."""
    if old == new:
        return [Run(Change.SAME, new)] if new else []
    one, two = re.findall(r"\s+|\S+\s*", old), re.findall(r"\s+|\S+\s*", new)
    if len(one) + len(two) > _DIFF_LIMIT:
        return [run for run in (Run(Change.GONE, old), Run(Change.NEW, new)) if run.text]
    runs = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(Run(Change.SAME, "".join(one[a:b])))
            continue
        runs.append(Run(Change.GONE, "".join(one[a:b])))
        runs.append(Run(Change.NEW, "".join(two[c:d])))
    return [run for run in runs if run.text]


def near(runs: list[Run], words: int = 15) -> list[Run]:
    """The runs with long unchanged ones cut to about so many words on the sides where something changed."""
    return [
        Run(run.change, _cut(run.text, words, head=n > 0, tail=n < len(runs) - 1))
        if run.change is Change.SAME and len(runs) > 1
        else run
        for n, run in enumerate(runs)
    ]


def _cut(text: str, words: int, *, head: bool, tail: bool) -> str:
    parts = re.findall(r"\s*\S+\s*", text)
    if len(parts) <= words * (head + tail) + 5:
        return text
    start = "".join(parts[:words]) if head else ""
    end = "".join(parts[-words:]) if tail else ""
    return f"{start}… {end}" if head else f"… {end}"
