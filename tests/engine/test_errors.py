"""Whoever calls the engine can catch all it refuses by one name."""

import inspect

from matchmaker.engine import errors


def test_every_error_has_one_parent_and_says_what_it_means() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]

    assert len(kinds) > 3
    assert all(issubclass(kind, errors.EngineError) and kind.__doc__ for kind in kinds)
