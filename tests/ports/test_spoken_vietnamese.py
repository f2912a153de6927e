"""espeak-ng is the judge of what is Vietnamese: nothing that the reader lets through is taken for English."""

import subprocess
import unicodedata
from collections.abc import Iterable

import pytest

from nguon.cli.bench.scoring import cases
from nguon.speech import lexicon, read, syllables
from tests.unit.speech import test_cases

TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_ONSETS = """
b c d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr ch v x kl hl tl kr br đr dr sr hr mr chr kp bl ml mn hm hn
"""
_FOREIGN = """
Schmidt Washington thread Krushchev rhythm Bjørn Zürich François smörgås TCXYZ QWRT hmm pst brr Lqz xylophone website
download smartphone cloud update check-in feedback YouTuber iPhone15 ChatGPT e-learning Messi Ronaldo veo trong
"""
VOWELS = "aăâeêioôơuưy"


def _taken_for_english(texts: Iterable[str]) -> list[str]:
    """Which of the texts espeak-ng says with English sounds: all at once, then halved where there are any."""
    texts = list(texts)
    said = subprocess.run(
        ["espeak-ng", "-v", "vi", "-q", "-x", "--stdin"],
        input="\n\n".join(f"{text}." for text in texts),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "(en)" not in said:
        return []
    if len(texts) == 1:
        return texts
    half = len(texts) // 2
    return _taken_for_english(texts[:half]) + _taken_for_english(texts[half:])


def _many(texts: list[str]) -> list[str]:
    return [bad for at in range(0, len(texts), 400) for bad in _taken_for_english(texts[at : at + 400])]


def test_no_reading_of_any_case_is_taken_for_english() -> None:
    written = [case.written for file in sorted(test_cases.HERE.glob("*.tsv")) for case in cases(file)]
    written += [case.written for case in cases(test_cases.SECOND)]
    assert _many([read(text).text for text in written]) == []


def test_no_syllable_the_reader_lets_through_is_taken_for_english() -> None:
    """Every fifth of 38,000; all of them were asked when the rules of syllables were written."""
    rimes = [*syllables.RIMES, "ăk"]
    made = {_toned(onset + rime, tone) for onset in ["", *_ONSETS.split()] for rime in rimes for tone in TONES}
    known = sorted(word for word in made if syllables.is_syllable(word))
    assert len(known) > 20_000
    assert _many(known[::5]) == []


def _toned(word: str, tone: str) -> str:
    at = max(place for place, letter in enumerate(word) if letter in VOWELS)
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


@pytest.mark.parametrize("name", ["abbreviations", "documents", "loanwords", "places", "units"])
def test_no_word_of_a_lexicon_is_taken_for_english(name: str) -> None:
    assert _many(sorted(_strings(lexicon.table(name)))) == []


def _strings(found: object) -> set[str]:
    """What the lines of a data file say: values, but not the patterns of contexts."""
    if isinstance(found, dict):
        kept = [value for key, value in found.items() if key not in ("before", "after", "spelled", "per")]
        return {word for value in kept for word in _strings(value)}
    if isinstance(found, list):
        return {word for value in found for word in _strings(value)}
    return {str(found)} if found else set()


def test_foreign_words_and_unknown_letters_are_said_in_vietnamese() -> None:
    assert _many([read(word).text for word in _FOREIGN.split()]) == []
