"""The Vietnamese reader: text → what is said aloud, with the rule and the span of each change."""

from nguon.speech.reader import Readings, read, sentences, speakable
from nguon.speech.spoken import FORMAL, SOUTH, Profile, Span, Spoken

__all__ = ["FORMAL", "SOUTH", "Profile", "Readings", "Span", "Spoken", "read", "sentences", "speakable"]
