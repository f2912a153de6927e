"""Websites: a bulletin becomes an article, and the pages of every locality's site."""

from nguon.channels.site.channel import Site

__all__ = ["Site"]
