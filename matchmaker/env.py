"""Reads settings from the environment, and refuses what it cannot understand.

Every reader takes the variable's name and, after it, a default. Without a default the variable is required. An empty value
counts as not set, so that ``NAME=`` in a file means "not given". A value that does not fit raises ``SettingError`` with one
sentence that names the variable and never repeats a secret.
"""

import os
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
SHORTEST_SECRET = 32
ENV_FILE = "MATCHMAKER_ENV_FILE"


class SettingError(ImproperlyConfigured):
    """A variable of the environment is missing or does not make sense."""


class _Required(Enum):
    """The mark of a variable that has no default."""

    REQUIRED = "required"


_REQUIRED = _Required.REQUIRED


def load_file(default: Path) -> None:
    """Takes variables from a ``NAME=value`` file, if there is one; what the environment already says wins.

    ``MATCHMAKER_ENV_FILE`` names another file, which must then exist; set but empty, it means none at all.
    """
    named = os.environ.get(ENV_FILE)
    path = default if named is None else Path(named)
    if named == "" or (named is None and not path.is_file()):
        return
    if not path.is_file():
        raise SettingError(f"{ENV_FILE} names {path}, which is not a file.")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, equals, value = line.partition("=")
            if not equals or not name.strip().isidentifier():
                raise SettingError(f"{path.name} line {number} is not of the form NAME=value.")
            os.environ.setdefault(name.strip(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    """Takes away one pair of quotes around a value."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _read(name: str) -> str | None:
    """Returns the value without blanks around it; None when it is absent or empty."""
    return os.environ.get(name, "").strip() or None


def _missing(name: str) -> SettingError:
    return SettingError(f"{name} must be set; .env.example says what it means.")


def text(name: str, default: str | _Required = _REQUIRED) -> str:
    """Returns a text."""
    value = _read(name)
    if value is not None:
        return value
    if isinstance(default, _Required):
        raise _missing(name)
    return default


def choice(name: str, options: Iterable[str], default: str | _Required = _REQUIRED) -> str:
    """Returns one of a few texts."""
    value, known = text(name, default), list(options)
    if value not in known:
        raise SettingError(f"{name} is {value!r}; it must be one of {', '.join(known)}.")
    return value


def flag(name: str, default: bool | _Required = _REQUIRED) -> bool:
    """Returns yes or no, written 1/0, true/false, yes/no or on/off."""
    value = _read(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise SettingError(f"{name} is {value!r}; it must be 1 or 0, true or false, yes or no, on or off.")


def number(
    name: str, default: int | _Required = _REQUIRED, *, least: int | None = None, most: int | None = None
) -> int:
    """Returns a whole number, within bounds if there are any."""
    value = _read(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    try:
        found = int(value)
    except ValueError:
        raise SettingError(f"{name} is {value!r}; it must be a whole number.") from None
    if (least is not None and found < least) or (most is not None and found > most):
        raise SettingError(f"{name} is {found}; it must be {_range(least, most)}.")
    return found


def _range(least: int | None, most: int | None) -> str:
    """Says the bounds in words."""
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if least is None else f"between {least} and {most}"


def words(name: str, default: Iterable[str] | _Required = _REQUIRED) -> list[str]:
    """Returns a list written with commas, such as host names."""
    value = _read(name)
    if value is not None:
        return [word.strip() for word in value.split(",") if word.strip()]
    if isinstance(default, _Required):
        raise _missing(name)
    return list(default)


def url(name: str, default: str | _Required = _REQUIRED, *, schemes: Iterable[str] = ("http", "https")) -> str:
    """Returns an address that has one of the schemes; a message about it leaves out everything but the scheme."""
    value = text(name, default)
    if value:
        _check_url(name, value, list(schemes))
    return value


def urls(
    name: str, default: Iterable[str] | _Required = _REQUIRED, *, schemes: Iterable[str] = ("http", "https")
) -> list[str]:
    """Returns a list of addresses, written with commas."""
    known = list(schemes)
    found = words(name, default)
    for value in found:
        _check_url(name, value, known)
    return found


def _check_url(name: str, value: str, schemes: list[str]) -> None:
    """Refuses an address with another scheme; its password must not reach a log, so the value is not shown."""
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in schemes or not rest:
        raise SettingError(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    try:
        urlsplit(value).port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise SettingError(f"{name} has a port that is not a number between 0 and 65535.") from None


def secret(name: str, default: str | _Required = _REQUIRED, *, shortest: int = SHORTEST_SECRET) -> str:
    """Returns a secret from the variable, or from the file that ``<name>_FILE`` names. It is never part of a message."""
    value = _read(name)
    source = _read(f"{name}_FILE")
    if value is not None and source is not None:
        raise SettingError(f"Set {name} or {name}_FILE, not both.")
    if source is not None:
        try:
            value = Path(source).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            raise SettingError(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from None
        if value is None:
            raise SettingError(f"{name}_FILE names a file that is empty.")
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    if len(value) < shortest:
        raise SettingError(f"{name} is shorter than {shortest} characters.")
    return value
