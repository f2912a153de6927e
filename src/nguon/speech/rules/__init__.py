"""All rules in order of priority: what comes first closes its part of the line to the rest."""

from nguon.speech.draft import Rule
from nguon.speech.rules import (
    abbreviations,
    codes,
    dates,
    lists,
    names,
    periods,
    phones,
    quantities,
    ratios,
    times,
    web,
)

RULES: tuple[Rule, ...] = (
    *web.RULES,
    *times.ALWAYS,
    *codes.RULES,
    *abbreviations.PHRASES,
    *names.KILOMETRES,
    *ratios.CODED,
    *phones.RULES,
    *names.PLACES,
    *ratios.OPERATORS,
    *periods.WEEKDAYS,
    *lists.RULES,
    *dates.RULES,
    *periods.RULES,
    *dates.SHORT,
    *times.RULES,
    *quantities.RULES,
    *names.ROMANS,
    *names.MIXED,
    *ratios.RULES,
    *abbreviations.RULES,
)
