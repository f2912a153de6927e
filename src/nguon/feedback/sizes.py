"""How much goes with one report. Known where requests are let in, so nothing else is here."""

MOST_PHOTOS = 4
MOST_PHOTOS_MB = 30  # all of them together
