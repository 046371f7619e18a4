"""The demo: refused on a real site, repeatable, and made by the same deeds as the pages."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Membership, Organisation, Place, User
from matchmaker.queueing import jobs
from projects.models import Capability, Challenge, ConfidentialText, EvidenceItem
from projects.services import demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One challenge of a trusted firm, one of an untrusted, and two capabilities, one of them without an owner."""
    rows = {
        noun: list(demo.records(demo.FOLDER, noun))
        for noun in ("organisations", "people", "challenges", "capabilities")
    }
    first = next(row for row in rows["challenges"] if row.get("confidential"))
    other = next(row for row in rows["challenges"] if row["organisation"] != first["organisation"])
    for row in rows["organisations"]:
        row["trusted"] = row["key"] != other["organisation"]
    challenges = [first, other]
    capabilities = [
        next(row for row in rows["capabilities"] if row.get("owner") and row["evidence"]),
        next(row for row in rows["capabilities"] if not row.get("owner")),
    ]
    people = {row["author"] for row in challenges} | {row.get("owner") for row in capabilities}
    kept = [row for row in rows["people"] if row["key"] in people or row["email"] in demo.ACCOUNTS]
    firms = {row.get("organisation") for row in (*challenges, *capabilities, *kept)}
    few = {
        "organisations": [row for row in rows["organisations"] if row["key"] in firms],
        "people": kept,
        "challenges": challenges,
        "capabilities": capabilities,
    }
    for noun, some in few.items():
        (tmp_path / f"{noun}_a.json").write_text(json.dumps(some), encoding="utf-8")
    return tmp_path


def everything() -> list[int]:
    models = (User, Organisation, Membership, Place, Challenge, Capability, EvidenceItem, ConfidentialText)
    return [model.objects.count() for model in models]  # type: ignore[attr-defined]


def test_accounts_with_a_known_password_are_refused_on_a_real_site(settings: Any, small: Path) -> None:
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured, match="MATCHMAKER_DEMO"):
        demo.load_demo(folder=small)

    assert everything() == [0] * 8


def test_loading_publishes_everything_and_says_how_much(settings: Any, small: Path) -> None:
    settings.DEMO = True
    steps: list[tuple[str, int, int]] = []

    loaded = demo.load_demo(lambda *step: steps.append(step), small)

    assert (loaded["challenges"], loaded["capabilities"]) == (2, 2)
    assert steps == [("capabilities", 1, 2), ("capabilities", 2, 2), ("challenges", 1, 2), ("challenges", 2, 2)]
    assert all(challenge.live and challenge.answer_by for challenge in Challenge.objects.all())
    assert all(capability.live for capability in Capability.objects.all())
    assert not Organisation.objects.filter(fictional=False).exists()
    assert ConfidentialText.objects.exists()
    assert EvidenceItem.objects.exists()


def test_loading_again_adds_nothing_and_leaves_edits(settings: Any, small: Path) -> None:
    settings.DEMO = True
    demo.load_demo(folder=small)
    Challenge.objects.filter(pk=Challenge.objects.all()[0].pk).update(summary_zh="改过的摘要")
    before = everything()

    demo.load_demo(folder=small)

    assert everything() == before
    assert Challenge.objects.filter(summary_zh="改过的摘要").exists()


def test_only_the_printed_accounts_have_the_password(settings: Any, small: Path) -> None:
    settings.DEMO = True
    demo.load_demo(folder=small)

    can_sign_in = {user.email for user in User.objects.all() if user.has_usable_password()}

    assert can_sign_in == set(demo.ACCOUNTS)
    assert User.objects.get(email=demo.MODERATOR).is_moderator
    assert User.objects.filter(is_moderator=True).count() == 1
    assert not User.objects.filter(is_superuser=True).exists()


def test_addresses_of_the_demo_lead_nowhere() -> None:
    people = list(demo.records(demo.FOLDER, "people"))
    firms = list(demo.records(demo.FOLDER, "organisations"))

    assert len(people) > 50
    assert [row["email"] for row in people if not row["email"].endswith(".example")] == []
    assert [row["domain"] for row in firms if row.get("domain") and not row["domain"].endswith(".example")] == []
