"""What a form says of a question is true: an answer changes what the matcher reads, or it does not."""

from typing import Any

import pytest

from accounts.services.places import place_named
from projects.services.documents import capability_document, challenge_document
from projects.web.forms.bilingual import Ask
from projects.web.forms.capabilities import CapabilityForm
from projects.web.forms.challenges import COMPARED, FACT_MATCHES, FOR_PEOPLE, PAIR_KINDS, TO_FILTER, ChallengeForm
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db
FORMS: list[tuple[Any, Any, Any]] = [
    (ChallengeForm, ChallengeFactory, challenge_document),
    (CapabilityForm, CapabilityFactory, capability_document),
]
ANSWERS: dict[str, tuple[Any, Any]] = {
    "understanding_rating": (1, 5), "use_rating": (1, 5), "trl_current": (2, 3), "trl_target": (7, 8), "trl": (3, 4),
    "budget_min": (1, 2), "budget_max": (10, 20), "ip_preference": ("joint", "open"), "cooperation_modes": ([], ["licence"]),
    "wanted_modes": ([], ["licence"]), "languages": (["zh"], ["en"]), "duration_months": (6, 12), "publication_policy": (0, 365),
    "publication_need": ("none", "required"), "max_active": (1, 2), "industry": ("C36", "C38"),
    "application_sectors": ([], ["C36"]), "technology_domain": ("optics", "energy"), "funding_mode": ("firm", "joint"),
    "export_control": (False, True), "ip_status": ("none", "filed"), "hours_per_month": (1, 2),
    "available_from": (None, "2027-01-01"), "excluded_approaches": ("", "x"), "constraints": ("", "x"),
    "partner_requirements": ("", "x"), "ip_numbers": ("", "x"), "background_ip_owner": ("", "x"), "student_theses": (None, True),
    "is_traditional_industry": (False, True), "kind": ("research", "facility"),
}  # fmt: skip
TEXTS = ("excluded_approaches", "constraints", "partner_requirements")


def asks(form: Any, *notes: Any) -> list[Ask]:
    return [ask for step in form.STEPS for ask in (*step.asks, *step.more) if ask.note in notes]


def documents(ask: Ask, factory: Any, document: Any) -> list[Any]:
    """What the matcher reads of two rows that differ in one answer; whose they are is no part of it."""
    row = factory()
    found = []
    answers = (place_named("深圳"), place_named("澳门")) if ask.name == "city" else ANSWERS[ask.name]
    for answer in answers:
        setattr(row, f"{ask.name}_zh" if ask.name in TEXTS else ask.name, answer)
        found.append(document(row))
    return found


@pytest.mark.parametrize(("form", "factory", "document"), FORMS)
def test_what_is_said_to_change_a_match_or_to_be_compared_is_read_by_the_matcher(
    form: Any, factory: Any, document: Any
) -> None:
    said = asks(form, FACT_MATCHES, COMPARED)

    assert len(said) > 8
    for ask in said:
        first, second = documents(ask, factory, document)
        assert first.facts != second.facts, ask.name


@pytest.mark.parametrize(("form", "factory", "document"), FORMS)
def test_what_is_said_to_be_for_people_or_for_filters_leaves_the_matcher_alone(
    form: Any, factory: Any, document: Any
) -> None:
    said = [ask for ask in asks(form, FOR_PEOPLE, TO_FILTER, PAIR_KINDS) if ask.name != "budget_min"]

    assert said
    for ask in said:
        first, second = documents(ask, factory, document)
        assert first == second, ask.name


@pytest.mark.parametrize(("form", "factory", "document"), FORMS)
def test_no_optional_question_is_asked_without_saying_why(form: Any, factory: Any, document: Any) -> None:
    silent = {ask.name for step in form.STEPS for ask in step.more if not ask.note and not ask.help}

    assert silent <= {"currency", "province", "bottleneck_public"}
