"""What all of the API shares: pages, and one shape for every error."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, pagination, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

PROBLEM = "application/problem+json"
TITLES = {
    400: "The request has errors",
    401: "Please sign in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not possible in this state",
    412: "Changed by somebody else meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available just now",
}


class Pages(pagination.PageNumberPagination):
    """Pages of twenty, at most a hundred."""

    page_size_query_param = "page_size"
    max_page_size = 100


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turns an error into a problem document (RFC 9457), with the fields named where fields are wrong."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif type(error).__name__ == "ChangedMeanwhile":
        return _answer(status.HTTP_412_PRECONDITION_FAILED, str(error.messages[0]))  # type: ignore[attr-defined]  # of projects
    elif isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        )
    elif type(error).__name__ == "NotAllowed":
        return _answer(status.HTTP_409_CONFLICT, str(error))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    fields = error.detail if isinstance(error, exceptions.ValidationError) else None
    detail = "" if fields is not None else str(error.detail)
    answer = _answer(error.status_code, detail, fields)
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait) + 1)
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    return answer


def body(code: int, detail: str = "", fields: Any = None) -> dict[str, Any]:
    """The members of a problem document."""
    found: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(code, "Error"), "status": code}
    if detail:
        found["detail"] = detail
    if fields is not None:
        found["errors"] = fields
    return found


def _answer(code: int, detail: str = "", fields: Any = None) -> Response:
    """A problem document as an answer."""
    return Response(body(code, detail, fields), status=code, content_type=PROBLEM)


def plain_problem(code: int, detail: str = "") -> JsonResponse:
    """A problem document outside a REST view."""
    return JsonResponse(body(code, detail), status=code, content_type=PROBLEM)


def not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """Every unknown path under /api/."""
    return plain_problem(404)


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
