"""All rules in order of priority: what comes first closes its part of the line to the rest."""

from nguon.speech.draft import Rule
from nguon.speech.rules import abbreviations, codes, dates, names, phones, quantities, ratios, times, web

RULES: tuple[Rule, ...] = (
    *web.RULES,
    *times.RULES[:1],
    *codes.RULES,
    *abbreviations.PHRASES,
    *phones.RULES,
    *names.PLACES,
    *ratios.OPERATORS,
    *dates.RULES,
    *times.RULES[1:],
    *quantities.RULES,
    *names.ROMANS,
    *names.MIXED,
    *ratios.RULES,
    *abbreviations.RULES,
)
