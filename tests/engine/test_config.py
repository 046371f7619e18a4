"""One configuration, whose fingerprint tells any two apart."""

import json
from dataclasses import asdict, fields, replace

import pytest

from matchmaker.engine.config import DEFAULT, EngineConfig
from matchmaker.engine.errors import UnknownOptionError


def test_a_configuration_survives_json() -> None:
    assert EngineConfig.from_json(json.loads(json.dumps(asdict(DEFAULT)))) == DEFAULT


def test_values_that_are_not_named_keep_their_default() -> None:
    changed = EngineConfig.from_json({"reasons": 3, "text": {"k1": 9.0}})

    assert changed == replace(DEFAULT, reasons=3, text=replace(DEFAULT.text, k1=9.0))


@pytest.mark.parametrize("value", [{"reason": 3}, {"text": {"k9": 1}}, {"quadrant": {"bohr": 1}}])
def test_an_unknown_name_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(UnknownOptionError):
        EngineConfig.from_json(value)


@pytest.mark.parametrize("name", [item.name for item in fields(EngineConfig) if item.name not in ("text", "quadrant")])
def test_every_value_changes_the_fingerprint(name: str) -> None:
    changed = replace(DEFAULT, **{name: getattr(DEFAULT, name) + 1})

    assert changed.fingerprint() != DEFAULT.fingerprint()
