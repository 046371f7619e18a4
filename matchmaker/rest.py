"""What all of the API shares: pages, and one shape for every error."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, pagination, status
from rest_framework.request import Request
from rest_framework.views import set_rollback

PROBLEM = "application/problem+json"
TITLES = {
    400: _("The request has errors"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Not possible in this state"),
    412: _("Changed by somebody else meanwhile"),
    413: _("Too large"),
    415: _("Unsupported media type"),
    429: _("Too many requests"),
    500: _("Something went wrong here"),
    503: _("Not available just now"),
}


class Pages(pagination.PageNumberPagination):
    """Pages of twenty, at most a hundred. A parameter that is not known is an error, not silently another list."""

    page_size_query_param = "page_size"
    max_page_size = 100

    def __init__(self, *known: str) -> None:
        """Takes the names of what the list knows beside its pages."""
        self.known = {self.page_query_param, self.page_size_query_param, *known}

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Checks the names of the parameters, then cuts the page."""
        unknown = sorted(set(request.query_params) - self.known)
        if unknown:
            raise exceptions.ValidationError({name: [_("This parameter is not known here.")] for name in unknown})
        return super().paginate_queryset(queryset, request, view)


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turns an error into a problem document (RFC 9457), with the fields named where fields are wrong."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif type(error).__name__ == "ChangedMeanwhile":
        return answer(status.HTTP_412_PRECONDITION_FAILED, str(error.messages[0]))  # type: ignore[attr-defined]  # of projects
    elif isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        )
    elif isinstance(error, RequestDataTooBig):
        return answer(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    elif isinstance(error, SuspiciousOperation):
        return answer(status.HTTP_400_BAD_REQUEST)
    elif type(error).__name__ == "NotAllowed":
        return answer(status.HTTP_409_CONFLICT, str(error))
    if not isinstance(error, exceptions.APIException):
        return None  # Django records it, and every_error gives it its shape
    set_rollback()
    fields = error.detail if isinstance(error, exceptions.ValidationError) else None
    detail = "" if fields is not None else str(error.detail)
    made = answer(error.status_code, detail, fields)
    if wait := getattr(error, "wait", None):
        made["Retry-After"] = str(int(wait) + 1)
    if header := getattr(error, "auth_header", None):
        made["WWW-Authenticate"] = header
    return made


def every_error(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware around all others: whoever refuses a request under /api/, the answer is a problem document.

    Django and other middleware answer with pages: a fault of ours, a host that is not ours, a body that cannot be read.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            return get_response(request)
        with suppress(SuspiciousOperation):  # too many parameters, which whoever reads them answers
            request.encoding = "utf-8"  # of JSON there is no other, whatever the sender names
        found = get_response(request)
        if found.status_code >= 400 and found["Content-Type"] != PROBLEM and isinstance(found, HttpResponse):
            with translation.override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
                found.content = _document(found.status_code)
            found["Content-Type"] = PROBLEM
            found["Content-Length"] = str(len(found.content))
        return found

    return middleware


def is_api(request: HttpRequest) -> bool:
    """True for what programs call."""
    return f"{request.path_info}/".startswith("/api/")


@csrf_exempt  # nothing changes here, and a wrong address is not a question of who may
def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    """Every unknown path under /api/."""
    return answer(status.HTTP_404_NOT_FOUND)


def answer(code: int, detail: str = "", fields: Any = None) -> HttpResponse:
    """A problem document as an answer, whatever kind of content was asked for."""
    return HttpResponse(_document(code, detail, fields), status=code, content_type=PROBLEM)


def _document(code: int, detail: str = "", fields: Any = None) -> bytes:
    """A problem document."""
    found: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(code, _("Error")), "status": code}
    if detail:
        found["detail"] = detail
    if fields is not None:
        found["errors"] = fields
    # Half a character, which a field may be named after, is written as JSON escapes it.
    return json.dumps(found, ensure_ascii=False, cls=DjangoJSONEncoder).encode(errors="backslashreplace")


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Adds the problem document to every operation of the OpenAPI description."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "object", "additionalProperties": True},
        },
    }
    answer = {
        "description": "A problem document",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "patch", "delete"):
                operation.setdefault("responses", {}).setdefault("default", answer)
    return result
