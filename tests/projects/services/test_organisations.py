"""What an organisation posted and offers follows when the organisation changes."""

from typing import Any

import pytest

from accounts.choices import MembershipRole
from accounts.models import Organisation, Place
from accounts.services.organisations import add_member, edit_organisation, remove_member, verify_organisation
from accounts.services.people import make_person
from accounts.services.profiles import edit_profile
from accounts.services.recognitions import decide_recognition, name_recognition
from matchmaker.queueing.models import Job, JobState
from projects.models import Capability, Challenge, IndexChange
from projects.services.documents import capability_document, challenge_document
from projects.services.organisations import READ, READ_IN_PLACE
from projects.states import CapabilityState, ChallengeState
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    UniversityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
OTHER = {
    "kind": "institute", "name_zh": "别的名字", "name_en": "Another name", "description_zh": "介绍", "description_en": "About",
    "size": "small", "tech": "traditional", "industry": "C20", "website": "https://other.example", "domain": "other.example",
}  # fmt: skip
"""Another value for every field but the place."""


def macao() -> Place:
    made: Place = PlaceFactory(key="macao", name_zh="澳门", name_hant="澳門", name_en="Macao")
    return made


def asked() -> set[tuple[str, str]]:
    """What is to be matched again, and forgets it."""
    found = {(kind.rpartition("_")[2], subject) for kind, subject in Job.objects.values_list("kind", "subject")}
    Job.objects.update(state=JobState.DONE)
    Job.objects.all().delete()
    return found


def noted() -> set[tuple[str, str]]:
    """What an index must follow, and forgets it."""
    found = set(IndexChange.objects.values_list("collection", "key"))
    IndexChange.objects.all().delete()
    return found


def edit(organisation: Organisation, **values: Any) -> None:
    edit_organisation(organisation, by=UserFactory(), **values)


@pytest.mark.parametrize("field", sorted(OTHER))
def test_documents_read_of_an_organisation_what_is_said_here_and_no_more(field: str) -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory(organisation=OrganisationFactory())
    before = challenge_document(challenge), capability_document(capability)

    for organisation in (challenge.organisation, capability.organisation):
        setattr(organisation, field, OTHER[field])

    moved = [challenge_document(challenge) != before[0], capability_document(capability) != before[1]]
    assert moved == [field in READ] * 2


def test_documents_read_the_place_of_an_organisation_where_there_is_no_other() -> None:
    place = macao()
    assert set(READ_IN_PLACE) == {"city"}
    for row, document in ((ChallengeFactory(), challenge_document), (CapabilityFactory(), capability_document)):
        before = document(row)
        row.organisation.city = place
        assert document(row) != before

        row.city = PlaceFactory()
        before = document(row)
        row.organisation.city = None
        assert document(row) == before


@pytest.mark.parametrize("field", [*sorted(READ), "city"])
def test_a_change_that_matching_reads_has_everything_alive_matched_again(field: str) -> None:
    firm = OrganisationFactory()
    live = ChallengeFactory(organisation=firm)
    draft = DraftFactory(organisation=firm, author=live.author)
    offer = CapabilityFactory(organisation=firm)
    ChallengeFactory(organisation=firm, state=ChallengeState.CLOSED)
    CapabilityFactory(organisation=firm, state=CapabilityState.DRAFT)
    ChallengeFactory()
    CapabilityFactory()

    edit(firm, **{field: macao() if field == "city" else OTHER[field]})

    assert asked() == {("challenge", str(live.pk)), ("challenge", str(draft.pk)), ("capability", str(offer.pk))}
    assert noted() == {("challenges", str(live.pk)), ("capabilities", str(offer.pk))}
    for row in (live, draft, offer):
        row.refresh_from_db()
        assert row.input_version == 2


@pytest.mark.parametrize("field", sorted(set(OTHER) - READ))
def test_a_harmless_edit_asks_for_nothing(field: str) -> None:
    firm = OrganisationFactory()
    ChallengeFactory(organisation=firm)
    CapabilityFactory(organisation=firm)

    edit(firm, **{field: OTHER[field]})

    assert getattr(Organisation.objects.get(pk=firm.pk), field) == OTHER[field]
    assert (asked(), noted()) == (set(), set())


def test_saving_the_form_without_a_change_asks_for_nothing() -> None:
    firm = OrganisationFactory()
    ChallengeFactory(organisation=firm)

    edit(firm, kind=firm.kind, size=firm.size, tech=firm.tech, city=firm.city, name_zh=firm.name_zh)

    assert (asked(), noted()) == (set(), set())


def test_a_refused_edit_asks_for_nothing() -> None:
    firm = OrganisationFactory()
    ChallengeFactory(organisation=firm)

    with pytest.raises(Exception, match="Z99"):
        edit(firm, size="small", industry="Z99")

    assert (asked(), noted()) == (set(), set())


def test_what_names_its_own_place_does_not_follow_a_move() -> None:
    firm, own = OrganisationFactory(), PlaceFactory(key="foshan", name_zh="佛山", name_hant="佛山", name_en="Foshan")
    here = ChallengeFactory(organisation=firm, city=own)
    CapabilityFactory(organisation=firm, city=own)

    edit(firm, city=macao())
    assert (asked(), noted()) == (set(), set())

    edit(firm, city=None, size="small")
    assert ("challenge", str(here.pk)) in asked()


def test_an_anonymous_challenge_follows_a_move_and_nothing_that_would_tell_whose_it_is() -> None:
    firm = OrganisationFactory()
    hidden = ChallengeFactory(organisation=firm, anonymous=True)
    named = ChallengeFactory(organisation=firm)
    before = Challenge.objects.filter(pk=hidden.pk).values().get()

    edit(firm, size="small", tech="traditional", kind="institute")
    assert asked() == {("challenge", str(named.pk))}
    assert noted() == {("challenges", str(named.pk))}
    assert Challenge.objects.filter(pk=hidden.pk).values().get() == before

    edit(firm, city=macao())
    assert asked() == {("challenge", str(hidden.pk)), ("challenge", str(named.pk))}
    assert noted() == {("challenges", str(hidden.pk)), ("challenges", str(named.pk))}
    assert Challenge.objects.filter(pk=hidden.pk).values().get() == before | {"input_version": 2}


def test_no_date_moves() -> None:
    firm = OrganisationFactory()
    ChallengeFactory(organisation=firm)
    CapabilityFactory(organisation=firm)
    dates = [model.objects.values("updated_at", "published_at").get() for model in (Challenge, Capability)]

    edit(firm, size="small")

    assert asked()
    assert [model.objects.values("updated_at", "published_at").get() for model in (Challenge, Capability)] == dates


def test_people_verification_and_recognitions_are_not_what_matching_reads() -> None:
    owner = MembershipFactory(organisation=UniversityFactory())
    university = owner.organisation
    ChallengeFactory(organisation=university, author=owner.user)
    CapabilityFactory(organisation=university, owner=owner.user)
    moderator, other = UserFactory(is_moderator=True), make_person(email="new@firm.example")

    member = add_member(university, other, by=owner.user, role=MembershipRole.MEMBER)
    add_member(university, other, by=owner.user, role=MembershipRole.OWNER)
    remove_member(member, by=owner.user)
    verify_organisation(university, by=moderator, trusted=True)
    values = {"kind": "unicorn", "since": university.created_at.date(), "evidence_url": "https://list.example/"}
    label = name_recognition(university, by=owner.user, **values)
    decide_recognition(label, by=moderator, confirm=True)
    edit_profile(owner.user, headline_zh="教授", languages=["pt"], about_en="Words")

    assert noted() == set()
    assert {kind for kind, _subject in asked()} <= {"notice"}
