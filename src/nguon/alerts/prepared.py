"""The word that a warning was a mistake, written before anybody needs it.

In Hawaii in 2018 it took 38 minutes to take back a false alarm, since nobody had prepared the words. Here they are
made, read aloud and signed together with the warning, and go out at one tap.
"""

from nguon.alerts.models import Alert
from nguon.cap import hazards
from nguon.cap.hazards import Kind, Words


def mistake(alert: Alert) -> Words:
    """The words of the correction of an alert. Raises hazards.MissingWords if its facts name no place or office."""
    return hazards.fill(hazards.by_code(alert.hazard).say(Kind.MISTAKE, drill=alert.drill), alert.facts)


def body(words: Words) -> str:
    """What is said after the headline."""
    return " ".join(words.order)
