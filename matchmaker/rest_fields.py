"""Serializer parts that both apps use."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictMixin:
    """Refuses members of a body that the serializer does not know, instead of passing over them.

    NUL characters, which no database keeps, are left out of texts, as the pages' forms leave them out.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Checks the names, then the values."""
        if isinstance(data, dict):
            data = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in data.items()}
            known = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
            unknown = [name for name in data if name not in known]
            if unknown:
                message = _("This field is not known here.")
                raise serializers.ValidationError({str(name): [message] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(StrictMixin, serializers.Serializer):  # type: ignore[type-arg]
    """A plain serializer that knows what it does not know."""


class Empty(StrictSerializer):
    """A body without members."""


class Note(StrictSerializer):
    """A sentence that goes with a deed."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
