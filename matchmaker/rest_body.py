"""Reads the body of an API request. On its own, because REST framework loads it while it loads itself."""

from json import JSONDecodeError
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JsonParser(JSONParser):
    """Reads JSON, and says in the caller's language where it is none; nested so deep that Python gives up counts too."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Reads the body."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except ParseError as error:
            wrong = error.__context__
            if isinstance(wrong, JSONDecodeError):
                place = {"line": wrong.lineno, "column": wrong.colno}
                raise ParseError(_("This is not JSON: line %(line)d, column %(column)d.") % place) from None
            raise ParseError(_("This is not JSON in UTF-8.")) from None
