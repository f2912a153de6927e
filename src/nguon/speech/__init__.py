"""The Vietnamese reader: text → what is said aloud, with the rule and the span of each change."""

from nguon.speech.delivery import INDOORS, OUTDOORS, Line, Style, again, script, seconds, too_many_figures
from nguon.speech.facts import Facts, facts
from nguon.speech.own import Readings
from nguon.speech.reader import read, speakable
from nguon.speech.sentences import sentences
from nguon.speech.spoken import BY_REGION, CENTRAL, DOUBTFUL, FORMAL, PROFILES, SOUTH, Part, Profile, Span, Spoken

__all__ = [
    "BY_REGION",
    "CENTRAL",
    "DOUBTFUL",
    "FORMAL",
    "INDOORS",
    "OUTDOORS",
    "PROFILES",
    "SOUTH",
    "Facts",
    "Line",
    "Part",
    "Profile",
    "Readings",
    "Span",
    "Spoken",
    "Style",
    "again",
    "facts",
    "read",
    "script",
    "seconds",
    "sentences",
    "speakable",
    "too_many_figures",
]
