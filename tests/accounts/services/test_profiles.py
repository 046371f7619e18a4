"""What people say of themselves."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Activity, ResearcherProfile, User
from accounts.services.profiles import edit_person, edit_profile
from tests.factories import ProfileFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_names_and_preferences_change() -> None:
    person = UserFactory()

    edit_person(
        person, name_zh=" 陈\u202e一 ", name_en="Chen  Yi", language="zh-hant", theme="dark", email_notices=False
    )

    stored = User.objects.get()
    assert (stored.name_zh, stored.name_en) == ("陈一", "Chen Yi")
    assert (stored.language, stored.theme, stored.email_notices) == ("zh-hant", "dark", False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"is_moderator": True}, "is_moderator"),
        ({"email": "other@firm.example"}, "email"),
        ({"language": "fr"}, "language"),
        ({"theme": "pink"}, "theme"),
        ({"name_zh": "名" * 81}, "name_zh"),
    ],
)
def test_what_cannot_be_changed_is_named_and_stays(values: dict[str, Any], field: str) -> None:
    before = User.objects.filter(pk=UserFactory().pk).values().get()

    with pytest.raises(ValidationError) as caught:
        edit_person(User.objects.get(), **values)

    assert list(caught.value.message_dict) == [field]
    assert User.objects.values().get() == before


def test_a_profile_is_made_by_the_first_edit_and_kept_by_the_next() -> None:
    person = UserFactory()

    edit_profile(person, headline_zh="机器视觉", about_zh="一\r\n\r\n\r\n二", languages=["zh", "yue"])
    edit_profile(person, headline_en="Machine vision")

    profile = ResearcherProfile.objects.get()
    assert (profile.headline_zh, profile.headline_en, profile.about_zh) == ("机器视觉", "Machine vision", "一\n\n二")
    assert (profile.languages, profile.match_me) == (["zh", "yue"], True)
    assert [deed.data for deed in Activity.objects.all()] == [
        {"fields": ["headline_en"]},
        {"fields": ["about_zh", "headline_zh", "languages"]},
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"languages": ["zh", "klingon"]}, "languages"),
        ({"headline_zh": "名" * 201}, "headline_zh"),
        ({"created_at": "2020-01-01"}, "created_at"),
    ],
)
def test_a_refused_edit_makes_no_profile(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        edit_profile(UserFactory(), **values)

    assert list(caught.value.message_dict) == [field]
    assert not ResearcherProfile.objects.exists()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1694-233X",
        "0000-0002-1694-233x",
        "000000021694233X",
        " https://orcid.org/0000-0002-1694-233X ",
        "http://www.orcid.org/0000-0002-1694-233x/",
        "orcid.org/0000-0002-1694-233X",
        "HTTPS://ORCID.ORG/0000-0002-1694-233X",
        "0000–0002–1694–233X",
        "００００－０００２－１６９４－２３３Ｘ",
    ],
)
def test_an_orcid_is_stored_as_it_is_written_however_it_was_typed(typed: str) -> None:
    person = UserFactory()

    edit_profile(person, orcid=typed)

    assert ResearcherProfile.objects.get().orcid == "0000-0002-1694-233X"


@pytest.mark.parametrize("given", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-9079-593X"])
def test_those_that_were_given_out_pass_and_every_neighbour_fails(given: str) -> None:
    person = UserFactory()

    edit_profile(person, orcid=given)
    for last in set("0123456789X") - {given[-1]}:
        with pytest.raises(ValidationError, match="cannot be right"):
            edit_profile(person, orcid=given[:-1] + last)
    with pytest.raises(ValidationError, match="cannot be right"):
        edit_profile(person, orcid=given[:16] + given[17] + given[16] + given[18:])

    assert ResearcherProfile.objects.get().orcid == given


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825-009",
        "0000-0002-1825-00977",
        "X000-0002-1825-0097",
        "陈一",
        "https://example.org/0000-0002-1825-0097",
    ],
)
def test_what_is_no_orcid_is_refused_with_an_example(typed: str) -> None:
    person = UserFactory()

    with pytest.raises(ValidationError, match="sixteen figures") as caught:
        edit_profile(person, orcid=typed)

    assert list(caught.value.message_dict) == ["orcid"]
    assert not ResearcherProfile.objects.exists()


def test_an_orcid_can_be_taken_away() -> None:
    profile = ProfileFactory(orcid="0000-0002-1825-0097")

    edit_profile(profile.user, orcid="")

    assert ResearcherProfile.objects.get().orcid == ""


def test_the_text_of_a_profile_is_not_in_the_log() -> None:
    profile = ProfileFactory()

    edit_profile(profile.user, about_zh="canary-about 保密")

    assert "canary-about" not in str(Activity.objects.values())


@pytest.mark.parametrize(
    "typed", ["a5023888391", " https://openalex.org/A5023888391", "openalex.org/authors/a5023888391"]
)
def test_an_openalex_id_is_stored_as_it_is_written(typed: str) -> None:
    edit_profile(UserFactory(), openalex_id=typed)

    assert ResearcherProfile.objects.get().openalex_id == "A5023888391"


@pytest.mark.parametrize("typed", ["W5023888391", "A", "A0123", "https://elsewhere.example/A5023888391"])
def test_what_is_no_openalex_id_of_a_person_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        edit_profile(UserFactory(), openalex_id=typed)

    assert list(caught.value.message_dict) == ["openalex_id"]
