"""Which language a page is in: Vietnamese, until a person chooses another."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from nguon.ui.skin import public


class LanguageMiddleware(MiddlewareMixin):
    """Follows the cookie that Django's `set_language` leaves, and nothing else; pages for everybody are Vietnamese.

    Django's own LocaleMiddleware would ask the browser: an officer with an English Windows would then get English.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Turn to the chosen language."""
        language = settings.LANGUAGE_CODE if public(request) else chosen(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say which language it is and that the cookie decides."""
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if not public(request):
            patch_vary_headers(response, ("Cookie",))
        return response


def chosen(request: HttpRequest) -> str:
    """The language of a request: one of LANGUAGES, Vietnamese if none was chosen."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
