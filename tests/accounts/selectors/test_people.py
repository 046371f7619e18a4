"""Reading people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.selectors.people import person_by_email, public_people, tokens_of
from accounts.services.tokens import make_token
from tests.factories import ProfileFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_who_left_has_no_public_page() -> None:
    here = ProfileFactory().user
    UserFactory(is_active=False)

    assert list(public_people()) == [here]


def test_public_pages_read_no_address_and_no_password() -> None:
    ProfileFactory()

    with CaptureQueriesContext(connection) as asked:
        person = public_people().get()
        assert person.profile.headline_zh == "机器视觉教授"

    assert len(asked) == 1
    assert '"email"' not in asked[0]["sql"]
    assert '"password"' not in asked[0]["sql"]
    assert person.get_deferred_fields() == {"email", "password"}


def test_a_person_is_found_by_address_in_any_case_while_their_account_is_in_use() -> None:
    person = UserFactory(email="li@firm.example")
    UserFactory(email="gone@firm.example", is_active=False)

    assert person_by_email(" LI@Firm.example ") == person
    assert person_by_email("gone@firm.example") is None
    assert person_by_email("nobody@firm.example") is None


def test_a_person_sees_their_own_tokens_newest_first() -> None:
    mine, other = UserFactory(), UserFactory()
    for person, name in ((mine, "first"), (other, "strange"), (mine, "second")):
        make_token(person, name=name)

    assert [token.name for token in tokens_of(mine)] == ["second", "first"]
