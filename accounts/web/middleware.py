"""Chooses the language of a page, and says when somebody asks too often."""

import math

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from rest_framework.exceptions import Throttled


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


class TooOftenMiddleware(MiddlewareMixin):
    """Answers with a page where a limit is reached; the API answers by itself."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Says for how many minutes to wait."""
        if not isinstance(error, Throttled):
            return None
        wait = math.ceil(getattr(error, "wait", None) or 1)
        answer = render(request, "429.html", {"minutes": math.ceil(wait / 60)}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
