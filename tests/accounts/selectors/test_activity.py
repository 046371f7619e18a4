"""The log of deeds, in the reader's words."""

import pytest
from django.utils import translation

from accounts.choices import Deed
from accounts.models import Activity, Organisation
from accounts.selectors.activity import deeds_on, edit_by_another, kind_of, last_edit
from accounts.services.activity import record
from projects.models import Challenge
from projects.services.challenges import edit_challenge
from tests.factories import ChallengeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_deeds_on_one_challenge_are_listed_newest_first() -> None:
    challenge, other = ChallengeFactory(), ChallengeFactory()
    record(challenge.author, "posted", challenge)
    record(other.author, "posted", other)
    record(challenge.author, "submitted", challenge)

    assert [(line.deed, line.actor) for line in deeds_on(challenge)] == [
        ("Handed in", challenge.author),
        ("Wrote a draft", challenge.author),
    ]
    assert kind_of(Activity.objects.get(verb="submitted")) is Challenge


@pytest.mark.parametrize(
    ("language", "deed", "fields"),
    [
        ("en", "Edited", ("budget to", "title in Chinese")),
        ("zh-hans", "修改", ("预算上限", "标题（中文）")),
        ("zh-hant", "修改", ("預算上限", "標題（中文）")),
    ],
)
def test_a_deed_and_the_fields_it_changed_are_told_in_the_readers_language(
    language: str, deed: str, fields: tuple[str, ...]
) -> None:
    challenge = ChallengeFactory()
    edit_challenge(challenge, by=challenge.author, values={"title_zh": "电芯检测", "budget_max": 900000})

    with translation.override(language):
        (line,) = deeds_on(challenge)

    assert (line.deed, line.fields) == (deed, fields)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_deed_has_words_in_chinese(language: str) -> None:
    with translation.override(language):
        assert not [deed for deed in Deed if deed.label.isascii()]


def test_what_is_not_a_known_deed_is_not_kept() -> None:
    challenge = ChallengeFactory()

    with pytest.raises(ValueError, match="waved"):
        record(challenge.author, "waved", challenge)

    assert not Activity.objects.exists()


def test_an_old_row_is_told_as_it_was_stored() -> None:
    challenge = ChallengeFactory()
    Activity.objects.create(verb="waved", object_type="challenge", object_id=challenge.pk, data={"fields": ["gone"]})

    (line,) = deeds_on(challenge)

    assert (line.deed, line.fields) == ("waved", ("gone",))


def test_only_edits_of_this_object_by_others_count() -> None:
    firm, me, other = OrganisationFactory(), UserFactory(), UserFactory()
    assert last_edit(Organisation, firm.pk) == 0

    theirs, mine = record(other, "edited", firm), record(me, "edited", firm)
    record(other, "verified", firm)
    record(other, "edited", OrganisationFactory())

    assert last_edit(Organisation, firm.pk) == mine.pk
    assert edit_by_another(firm, after=0, than=me) == theirs
    assert edit_by_another(firm, after=theirs.pk, than=me) is None
    assert edit_by_another(firm, after=theirs.pk, than=other) == mine


def test_an_edit_of_somebody_who_has_left_the_site_still_counts() -> None:
    firm = OrganisationFactory()
    gone = record(None, "edited", firm)

    assert edit_by_another(firm, after=0, than=UserFactory()) == gone
