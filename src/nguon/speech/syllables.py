"""Vietnamese syllables: what may be said as written, and how to say what is not Vietnamese."""

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ACUTE = "\u0301"
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]|"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê
êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm iên iêng iêp iêt iêu o oa oep oac oach oai oam
oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông
ôp ôt ơ ơi ơm ơn ơng ơp ơt u ua uâ uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uy uya uych uyn uynh uyp
uyt uyu uyên uyêt uô uôc uôi uôm uôn uông uôp uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu y
yêm yên yêng yêt yêu ych ynh yt
"""
RIMES = tuple(_RIMES.split())
_RIME = "|".join(sorted(RIMES, key=len, reverse=True))
_SHAPE = re.compile(f"({_ONSET})({_RIME})")
# names of the highlands that voices say as they are written: Krông, H'rê without its sign, Đắk
_HIGHLAND = re.compile(f"(?:(?:[kht]l|bl|m[ln])(?![eo]*e)|[kbđdshm]r|chr|kp|h[mn])(?:{_RIME})|(?:{_ONSET})ăk")
_VOWELS = "aăâeêioôơuưy"
_GLIDES = frozenset(["eo", "ao", "ai", "ay", "âu", "ây", "au", "oi", "ôi", "ơi", "ui", "ưi", "iu", "ưu", "êu"])
_STOPPED = ("c", "ch", "p", "t", "k")
# spellings that break Vietnamese orthography and that voices take for English
_FOREIGN_SPELLING = re.compile(r"g(?!i)[eêéèẻẽẹếềểễệyýỳỷỹỵ]|gy|buy(?!t)|c[eêiy]|h[oi]?at$|mat$|quyu$|veo$")

LETTERS = {
    "a": "a", "ă": "á", "â": "ớ", "b": "bê", "c": "xê", "d": "đê", "đ": "đê", "e": "e", "ê": "ê", "f": "ép",
    "g": "giê", "h": "hát", "i": "i", "j": "giây", "k": "ca", "l": "lờ", "m": "mờ", "n": "nờ", "o": "o", "ô": "ô",
    "ơ": "ơ", "p": "pê", "q": "quy", "r": "rờ", "s": "ét", "t": "tê", "u": "u", "ư": "ư", "v": "vê", "w": "vê kép",
    "x": "ích", "y": "i", "z": "dét",
}  # fmt: skip
_ACRONYM_LETTERS = {**LETTERS, "l": "e lờ", "m": "em", "n": "en", "o": "ô", "r": "e rờ"}
_LONE = {**{c: f"{c}ờ" for c in "bdghklmnprstvx"}, "c": "cờ", "k": "cờ", "q": "cờ", "d": "đờ", "đ": "đờ"}
_RESPELL = (("sh", "s"), ("ph", "ph"), ("f", "ph"), ("j", "gi"), ("z", "d"), ("w", "u"), ("ck", "c"), ("qu", "qu"))
_ENDINGS = (  # last letters that no Vietnamese syllable has, as people say them: Pưh, Đak, Pơr, Siul
    (re.compile(r"(?<=[aăâeêioôơuưy])[hr]$"), ""),
    (re.compile(r"(?<=[aăâeêioôơuưy])k$"), "c"),
    (re.compile(r"(?<=[aăâeêioôơuưy])l$"), "n"),
)
_VIETNAMESE_MARKS = frozenset("\u0302\u0306\u031b") | _TONES


def bare(word: str) -> str:
    """The word without its tone: `phường` → `phương`."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if c not in _TONES)
    return unicodedata.normalize("NFC", plain)


def tones(word: str) -> int:
    """How many tone marks the word bears."""
    return sum(c in _TONES for c in unicodedata.normalize("NFD", word))


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word is spelled as one Vietnamese syllable that voices say as Vietnamese."""
    if tones(word) > 1 or _FOREIGN_SPELLING.match(word) or _misplaced(word):
        return False
    if word.endswith("k") and not word.endswith("ắk"):
        return False
    toneless = bare(word)
    if not _SHAPE.fullmatch(toneless) and not _HIGHLAND.fullmatch(toneless):
        return False
    return not toneless.endswith(_STOPPED) or tones(word) == 1 or len(toneless) == 1


def _misplaced(word: str) -> bool:
    """Whether the tone stands on a last letter that bears none: `heõ` for hẽo."""
    last = bare(word[-1:])
    return last != word[-1:] and last in "oiyu" and bare(word[-2:]) in _GLIDES


def repaired(word: str) -> str:
    """The word with its tone where Vietnamese puts it, if it stood on a glide."""
    if not _misplaced(word):
        return word
    tone = next(c for c in unicodedata.normalize("NFD", word[-1]) if c in _TONES)
    return unicodedata.normalize("NFC", word[:-2] + word[-2] + tone + bare(word[-1]))


def latin(word: str) -> str:
    """The word with only the letters and marks of Vietnamese: `über` → `uber`; other scripts vanish."""
    marks = unicodedata.normalize("NFD", word.lower())
    kept = "".join(c for c in marks if c in _VIETNAMESE_MARKS or c == "đ" or "a" <= c <= "z")
    return "".join(filter(None, map(_letter, unicodedata.normalize("NFC", kept))))


def _letter(character: str) -> str:
    """A letter of Vietnamese as it is; any other without its mark; a loose mark is nothing."""
    if bare(character) in LETTERS:
        return character
    plain = unicodedata.normalize("NFD", character)[0]
    return plain if plain in LETTERS else ""


def spell(letters: str) -> str:
    """Letters by their names, as in an acronym: `LED` → en lờ e đê."""
    return " ".join(_ACRONYM_LETTERS[c] for c in bare(latin(letters)) if c in _ACRONYM_LETTERS)


def stray(word: str) -> int:
    """How many letters of a foreign word make no syllable: many of them show an abbreviation."""
    return sum(piece in _LONE.values() for piece in approximate(word).split())


@lru_cache(maxsize=4096)
def approximate(word: str) -> str:
    """A foreign word cut into Vietnamese syllables from the left, consonants left over said with ờ."""
    rest = bare(latin(word))
    for old, new in _RESPELL:
        rest = rest.replace(old, new)
    for ending, instead in _ENDINGS:
        rest = ending.sub(instead, rest)
    said: list[str] = []
    while rest:
        piece, size = _longest(rest)
        said.append(piece)
        rest = rest[size:]
    return " ".join(filter(None, said))


def _longest(rest: str) -> tuple[str, int]:
    """The longest syllable at the start of `rest` and how many letters it takes."""
    for size in range(min(7, len(rest)), 0, -1):
        head = _orthographic(rest[:size])
        following = rest[size : size + 2]
        if not _SHAPE.fullmatch(head) or (size > 1 and _steals_onset(head, following)):
            continue
        said = _with_acute(head) if head.endswith(_STOPPED) else head
        if is_syllable(said):
            return said, size
    letter = rest[0]
    return _LONE.get(letter) or LETTERS.get(letter, ""), 1


def _steals_onset(head: str, following: str) -> bool:
    """Whether the last consonant of `head` is better the first of the next syllable: sa-ri, not sar-i."""
    if not following or head[-1] in _VOWELS:
        return False
    return following[0] in _VOWELS or (head[-1] + following[0] in ("ph", "th", "kh", "tr") and len(following) > 1)


def _orthographic(head: str) -> str:
    """c/k and g/gh written as Vietnamese writes them before each vowel."""
    if re.match(r"c[eêiy]", head):
        return "x" + head[1:]
    if re.match(r"k[aăâoôơuư]", head):
        return "c" + head[1:]
    if re.match(r"g[eê]", head):
        return "gh" + head[1:]
    return head


def _with_acute(head: str) -> str:
    """A toneless syllable with sắc on its last vowel, as stopped syllables must bear a tone."""
    at = max(i for i, c in enumerate(head) if c in _VOWELS)
    return unicodedata.normalize("NFC", head[: at + 1] + _ACUTE + head[at + 1 :])
