"""Accounts that are made by command and for the demo."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.services.people import make_person

pytestmark = pytest.mark.django_db


def test_a_person_is_made_with_a_confirmed_address() -> None:
    person = make_person(email="Li@Firm.example", password="a-good-password", name_zh="李一")

    assert (person.email, person.name_zh, person.check_password("a-good-password")) == ("li@firm.example", "李一", True)
    assert EmailAddress.objects.get(user=person).verified


def test_repeating_brings_the_person_up_to_date_and_keeps_the_password() -> None:
    make_person(email="li@firm.example", password="a-good-password", name_zh="李一")

    again = make_person(email="LI@firm.example", password="another-password", name_zh="李壹", is_moderator=True)

    stored = User.objects.get()
    assert (stored, stored.name_zh, stored.is_moderator) == (again, "李壹", True)
    assert stored.check_password("a-good-password")
    assert EmailAddress.objects.count() == 1


def test_without_a_password_no_password_lets_in() -> None:
    assert not make_person(email="li@firm.example").has_usable_password()
