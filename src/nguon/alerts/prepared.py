"""The word that a warning was a mistake, written before anybody needs it.

In Hawaii in 2018 it took 38 minutes to take back a false alarm, since nobody had prepared the words. Here they are
made, read aloud and signed together with the warning, and go out at one tap.
"""

from nguon.alerts import queries
from nguon.alerts.models import Alert
from nguon.cap import hazards
from nguon.cap.hazards import Kind, Words


def mistake(alert: Alert) -> Words:
    """The words that take an alert back. What its facts do not name, where and by whom, is said from the register."""
    known = {hazards.filled_by("place"): queries.whom(alert), hazards.filled_by("office"): str(alert.place)}
    return hazards.fill(hazards.by_code(alert.hazard).say(Kind.MISTAKE, drill=alert.drill), known | alert.facts)


def body(words: Words) -> str:
    """What is said after the headline."""
    return " ".join(words.order)
