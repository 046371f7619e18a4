"""Chooses the language of a page."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageMiddleware(LocaleMiddleware):
    """The prefix decides; without one the visitor's cookie, then the browser; Chinese without a known script is simplified."""

    def process_request(self, request: HttpRequest) -> None:
        """Activates the language; the API follows its Accept-Language header alone."""
        super().process_request(request)
        if request.LANGUAGE_CODE not in dict(settings.LANGUAGES):
            translation.activate("zh-hans" if request.LANGUAGE_CODE.startswith("zh") else settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Keeps API answers from being redirected to a page, and tells caches that language matters."""
        if request.path_info.startswith("/api/"):
            patch_vary_headers(response, ("Accept-Language",))
            return response
        return super().process_response(request, response)
