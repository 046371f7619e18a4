"""Settings from the environment: what does not fit is refused with a sentence that names the variable."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matchmaker import env


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False), ("off", False)]
)
def test_flag_understands_the_usual_words(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("SWITCH", value)

    assert env.flag("SWITCH") is meaning


@pytest.mark.parametrize(
    ("value", "read", "sentence"),
    [
        ("maybe", env.flag, "SETTING is 'maybe'; it must be 1 or 0, true or false, yes or no, on or off."),
        ("5 ", lambda name: env.number(name, least=6), "SETTING is 5; it must be at least 6."),
        ("7", lambda name: env.number(name, least=1, most=6), "SETTING is 7; it must be between 1 and 6."),
        ("7.5", env.number, "SETTING is '7.5'; it must be a whole number."),
        ("blue", lambda name: env.choice(name, ["red", "green"]), "SETTING is 'blue'; it must be one of red, green."),
        ("ftp://user:hidden@host/", env.url, "SETTING must start with http:// or https://."),
        ("https://user:hidden@host:99999/", env.url, "SETTING has a port that is not a number between 0 and 65535."),
        ("https://a.example,b.example", env.urls, "SETTING must start with http:// or https://."),
        ("hidden", env.secret, "SETTING is shorter than 32 characters."),
    ],
)
def test_what_does_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str, read: Callable[[str], object], sentence: str
) -> None:
    monkeypatch.setenv("SETTING", value)

    with pytest.raises(env.SettingError) as refused:
        read("SETTING")

    assert str(refused.value) == sentence


@pytest.mark.parametrize("read", [env.text, env.flag, env.number, env.words, env.url, env.urls, env.secret])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_required_variable_must_be_set(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str | None
) -> None:
    monkeypatch.delenv("SETTING", raising=False)
    if value is not None:
        monkeypatch.setenv("SETTING", value)

    with pytest.raises(env.SettingError, match="SETTING must be set"):
        read("SETTING")


def test_empty_value_takes_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTING", "")

    assert [
        env.text("SETTING", "a"),
        env.number("SETTING", 3),
        env.flag("SETTING", True),
        env.words("SETTING", "ab"),
    ] == ["a", 3, True, ["a", "b"]]


def test_secret_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("k" * 40 + "\n")
    monkeypatch.setenv("KEY_FILE", str(path))

    assert env.secret("KEY") == "k" * 40


@pytest.mark.parametrize(("name", "sentence"), [("absent", "cannot be read"), ("empty", "is empty")])
def test_secret_file_must_hold_something(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "empty").touch()
    monkeypatch.setenv("KEY_FILE", str(tmp_path / name))

    with pytest.raises(env.SettingError, match=sentence):
        env.secret("KEY")


def test_secret_has_one_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEY", "k" * 40)
    monkeypatch.setenv("KEY_FILE", str(tmp_path))

    with pytest.raises(env.SettingError, match="not both"):
        env.secret("KEY")


def test_file_gives_what_the_environment_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "site.env"
    path.write_text('# 说明\nGIVEN=file\n\nQUOTED="a = b"\nPLAIN= 技术需求 \n', encoding="utf-8")
    monkeypatch.delenv(env.ENV_FILE, raising=False)
    monkeypatch.setenv("GIVEN", "environment")
    for name in ("QUOTED", "PLAIN"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    env.load_file(path)

    assert [env.text(name) for name in ("GIVEN", "QUOTED", "PLAIN")] == ["environment", "a = b", "技术需求"]


def test_broken_line_of_a_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "site.env"
    path.write_text("FINE=1\nexport KEY hidden\n")
    monkeypatch.delenv(env.ENV_FILE, raising=False)
    monkeypatch.setenv("FINE", "0")

    with pytest.raises(env.SettingError) as refused:
        env.load_file(path)

    assert str(refused.value) == "site.env line 2 is not of the form NAME=value."


def test_named_file_must_exist_and_an_empty_name_means_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    default = tmp_path / ".env"
    default.write_text("broken")

    monkeypatch.setenv(env.ENV_FILE, "")
    env.load_file(default)

    monkeypatch.setenv(env.ENV_FILE, str(tmp_path / "absent"))
    with pytest.raises(env.SettingError, match="is not a file"):
        env.load_file(default)
