"""The readable description of the API, as one of our own pages: no foreign script, nothing inline."""

from typing import Any

from django.utils.translation import gettext
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


class Docs(TemplateView):
    """Every operation with what it takes and answers."""

    template_name = "projects/api_docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The operations, grouped by the noun of their path."""
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
        schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        groups: dict[str, list[dict[str, Any]]] = {}
        for path, methods in sorted(schema["paths"].items()):
            for method in METHODS:
                if method in methods:
                    groups.setdefault(path.split("/")[3], []).append(_operation(schema, path, method, methods[method]))
        return super().get_context_data(**kwargs) | {"groups": groups.items(), "about": schema["info"]}


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """One operation as the page shows it."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    fields = schema["components"]["schemas"].get(name, {})
    required = set(fields.get("required", ()))
    return {
        "path": path,
        "method": method.upper(),
        "words": gettext(operation.get("description", "")),
        "fields": [{"name": field, "required": field in required} for field in fields.get("properties", {})],
    }
