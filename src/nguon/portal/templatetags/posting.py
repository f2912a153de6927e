"""Tags of the pages where bulletins are posted."""

from django import template
from django.utils.safestring import SafeString

from nguon.kit import clock
from nguon.portal import addresses, words
from nguon.portal.models import Posting
from nguon.portal.posting_forms import STANDINGS
from nguon.portal.posting_queries import Standing
from nguon.portal.serving import served
from nguon.ui.templatetags.ui import badge

register = template.Library()


@register.simple_tag
def standing_badge(standing: Standing) -> SafeString:
    """`{% standing_badge one.standing %}`: where a posting is, with its shape."""
    words, kind = STANDINGS[standing]
    return badge(words, kind)


@register.filter
def failed(code: str) -> str:
    """`{{ posting.failed_why|failed }}`: why readers do not see the article."""
    return words.failed(code)


@register.simple_tag
def article_address(posting: Posting) -> str:
    """`{% article_address posting as url %}`: where the article is read; empty while its site is not open."""
    opened = posting.site.opened_at
    return addresses.of_posting(posting) if served() and opened is not None and opened <= clock.now() else ""
