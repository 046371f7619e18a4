"""The researcher's form, the states of a capability, and the evidence behind it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import MembershipRole
from projects.models import Capability, EvidenceItem
from projects.services.capabilities import edit_capability
from tests.factories import CapabilityFactory, EvidenceFactory, MembershipFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
BIBTEX = """@article{a, title={Seeing coating defects}, year={2023}, doi={10.1000/abc}}
@article{b, title={极片缺陷检测}, year={2024}}
@article{c, year={2020}}
"""
RIS = "TY  - JOUR\nTI  - Seeing coating defects\nPY  - 2023\nER  - \n"


def typed(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a form with a title."""
    return {"language": "zh", "title": "机器视觉检测", "kind": "research", "max_active": "2", **changed}


@pytest.fixture
def capability(client: Client) -> Capability:
    """A published capability whose owner is signed in."""
    made = CapabilityFactory()
    client.force_login(made.owner)
    return made


def address(name: str, capability: Capability, *more: Any) -> str:
    return reverse(name, args=[capability.pk, *more])


def test_a_title_and_the_language_save_a_draft(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)

    client.post(reverse("capability_new"), typed())

    capability = Capability.objects.get()
    assert (capability.title_zh, capability.state, capability.owner, capability.organisation) == (
        "机器视觉检测",
        "draft",
        person,
        None,
    )


def test_who_has_no_name_yet_gives_it_first_and_returns(client: Client) -> None:
    client.force_login(UserFactory(name_zh="", name_en=""))

    answer = client.get(reverse("capability_new"))

    assert answer.url == f"{reverse('profile_edit')}?next=%2Fen%2Fcapabilities%2Fnew%2F"


def test_a_firm_offers_what_it_can_do(client: Client) -> None:
    membership = MembershipFactory()
    client.force_login(membership.user)

    client.post(reverse("capability_new"), typed(offered_by=str(membership.organisation_id)))

    capability = Capability.objects.get()
    assert (capability.organisation, capability.for_organisation) == (membership.organisation, True)


def test_nobody_offers_in_the_name_of_a_strange_organisation(client: Client) -> None:
    client.force_login(MembershipFactory().user)

    answer = client.post(reverse("capability_new"), typed(offered_by=str(MembershipFactory().organisation_id)))

    assert not Capability.objects.exists()
    assert "id_offered_by" in answer.content.decode()


def test_publishing_names_what_is_missing_and_then_works(client: Client) -> None:
    client.force_login(UserFactory())

    page = client.post(reverse("capability_new"), typed(action="publish")).content.decode()
    capability = Capability.objects.get()
    assert 'href="#id_summary"' in page
    assert f'action="{address("capability_edit", capability)}"' in page

    answer = client.post(address("capability_edit", capability), typed(action="publish", summary="在线识别缺陷。"))
    capability.refresh_from_db()
    assert (capability.state, answer.url) == ("published", address("capability_matches", capability))


def test_every_stored_answer_comes_back_unchanged(client: Client, capability: Capability) -> None:
    Capability.objects.filter(pk=capability.pk).update(script="hans")
    before = Capability.objects.filter(pk=capability.pk).values().get()
    form = client.get(address("capability_edit", capability)).context["form"]

    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    client.post(address("capability_edit", capability), sent)

    after = Capability.objects.filter(pk=capability.pk).values().get()
    moved = {"updated_at", "input_version"}
    assert {name: after[name] for name in after if name not in moved} == {
        name: before[name] for name in before if name not in moved
    }


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"title": ""}, "id_title"),
        ({"max_active": "0"}, "id_max_active"),
        ({"max_active": "-1"}, "id_max_active"),
        ({"trl": "12"}, "id_trl"),
        ({"keywords": ",".join(f"word{n}" for n in range(60))}, "id_keywords"),
        ({"summary": "长" * 100_000}, "id_summary"),
        ({"languages": ["xx"]}, "id_languages"),
    ],
)
def test_bad_input_comes_back_with_everything_typed(client: Client, change: dict[str, Any], anchor: str) -> None:
    client.force_login(UserFactory())

    page = client.post(reverse("capability_new"), typed(**{"methods": "typed methods 方法", **change})).content.decode()

    assert f'href="#{anchor}"' in page
    assert "typed methods 方法" in page
    assert not Capability.objects.exists()


def test_keywords_are_parted_by_commas_of_both_languages(client: Client) -> None:
    client.force_login(UserFactory())

    client.post(
        reverse("capability_new"), typed(keywords="缺陷检测，机器视觉、X射线", keywords_other="defects, machine vision")
    )

    capability = Capability.objects.get()
    assert capability.keywords_zh == ["缺陷检测", "机器视觉", "X射线"]
    assert capability.keywords_en == ["defects", "machine vision"]


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("capability_publish", "draft", "published"),
        ("capability_confirm", "stale", "published"),
        ("capability_hide", "published", "hidden"),
        ("capability_archive", "hidden", "archived"),
    ],
)
def test_a_capability_moves_on_by_its_owner(client: Client, deed: str, before: str, after: str) -> None:
    capability = CapabilityFactory(state=before)
    client.force_login(capability.owner)

    client.post(address(deed, capability))

    capability.refresh_from_db()
    assert capability.state == after


def test_evidence_is_added_by_hand_in_its_own_language(client: Client, capability: Capability) -> None:
    client.post(
        address("evidence_add", capability),
        {"item-kind": "paper", "item-title": "极片缺陷检测方法", "item-year": "2024"},
    )

    item = EvidenceItem.objects.get()
    assert (item.title_zh, item.title_en, item.year) == ("极片缺陷检测方法", "", 2024)


def test_a_wrong_item_comes_back_as_typed(client: Client, capability: Capability) -> None:
    page = client.post(
        address("evidence_add", capability), {"item-kind": "paper", "item-title": "typed title", "item-year": "1200"}
    ).content.decode()

    assert 'value="typed title"' in page
    assert "Give a year between 1900 and next year." in page
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(
    ("form", "text"), [("bibtex", BIBTEX), ("ris", RIS), ("list", "1. Seeing coating defects, 2023\n")]
)
def test_a_list_is_pasted(client: Client, capability: Capability, form: str, text: str) -> None:
    client.post(address("evidence_import", capability), {"import-form": form, "import-text": text})

    assert EvidenceItem.objects.filter(title_en__startswith="Seeing coating defects").count() == 1


def test_the_report_says_what_was_left_out_and_why(client: Client, capability: Capability) -> None:
    page = client.post(
        address("evidence_import", capability), {"import-form": "bibtex", "import-text": BIBTEX}
    ).content.decode()

    assert "2 items added." in page
    assert "1 entry was left out" in page
    assert "Entry “c” has no title." in page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_file_is_read_in_the_encodings_people_have(client: Client, capability: Capability, encoding: str) -> None:
    file = SimpleUploadedFile("papers.csv", "title,year\n极片缺陷检测方法研究,2024\n".encode(encoding))

    client.post(address("evidence_import", capability), {"import-form": "list", "import-file": file})

    assert EvidenceItem.objects.get().title_zh == "极片缺陷检测方法研究"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This file is not text."),
        ("empty.bib", b"\n", "No BibTeX entry was found."),
        ("prose.ris", b"not a record", "No RIS record was found."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    client: Client, capability: Capability, name: str, content: bytes, sentence: str
) -> None:
    page = client.post(
        address("evidence_import", capability),
        {"import-form": "list", "import-file": SimpleUploadedFile(name, content)},
    ).content.decode()

    assert sentence in page


def test_too_many_items_are_refused_and_the_paste_is_kept(client: Client, capability: Capability) -> None:
    text = "\n".join(f"A paper about coating number {number}" for number in range(2_100))

    page = client.post(
        address("evidence_import", capability), {"import-form": "list", "import-text": text}
    ).content.decode()

    assert "A capability holds at most 2000 items." in page
    assert "coating number 2099" in page
    assert not EvidenceItem.objects.exists()


def test_an_item_is_removed(client: Client, capability: Capability) -> None:
    item, strange = EvidenceFactory(capability=capability), EvidenceFactory()

    client.post(address("evidence_remove", capability, item.pk))
    refused = client.post(address("evidence_remove", capability, strange.pk))

    assert (list(EvidenceItem.objects.all()), refused.status_code) == ([strange], 404)


PAGES = (
    "capability_edit",
    "capability_publish",
    "capability_confirm",
    "capability_hide",
    "capability_archive",
    "evidence_add",
    "evidence_import",
)


@pytest.mark.parametrize("name", PAGES)
def test_only_the_owner_may(client: Client, name: str) -> None:
    capability = CapabilityFactory()
    ask = client.get if name == "capability_edit" else client.post

    colleague = MembershipFactory(organisation=capability.organisation).user
    for outsider in (colleague, MembershipFactory().user, UserFactory(is_moderator=True)):
        client.force_login(outsider)
        assert ask(address(name, capability)).status_code == 404
    client.logout()
    assert ask(address(name, capability)).url.startswith(reverse("account_login"))
    client.force_login(capability.owner)
    assert ask(address(name, capability)).status_code in (200, 302)


def test_what_an_organisation_offers_is_edited_by_its_members_but_not_its_viewers(client: Client) -> None:
    capability = CapabilityFactory(for_organisation=True)
    answers = {}
    for role in MembershipRole.values:
        client.force_login(MembershipFactory(organisation=capability.organisation, role=role).user)
        answers[role] = client.get(address("capability_edit", capability)).status_code

    assert answers == {"owner": 200, "member": 200, "viewer": 404}


def test_the_form_takes_the_same_few_queries_for_one_item_and_three(client: Client, capability: Capability) -> None:
    def ask() -> Any:
        return client.get(address("capability_edit", capability))

    assert_flat(lambda: EvidenceFactory(capability=capability), (12, ask))
    assert len(ask().context["page"]) == 3


def test_sending_the_same_form_twice_makes_one_draft(client: Client) -> None:
    client.force_login(MembershipFactory().user)
    page = client.get(reverse("capability_new"))

    for title in ("first try", "second try"):
        client.post(reverse("capability_new"), typed(title=title, form_key=page.context["form_key"]))

    assert [capability.title_zh for capability in Capability.objects.all()] == ["second try"]


@pytest.mark.parametrize("role", [MembershipRole.OWNER, MembershipRole.VIEWER])
def test_who_belongs_to_several_organisations_chooses_and_nothing_is_guessed(client: Client, role: str) -> None:
    first = MembershipFactory(role=role)
    second = MembershipFactory(user=first.user, role=role)
    client.force_login(first.user)
    offered = f"at:{second.organisation_id}"
    page = client.get(reverse("capability_new")).content.decode()

    client.post(reverse("capability_new"), typed(title="nobody said"))
    client.post(reverse("capability_new"), typed(title="said", offered_by=offered))

    assert f'value="{offered}"' in page
    homes = {made.title_zh: (made.organisation, made.for_organisation) for made in Capability.objects.all()}
    assert homes == {"nobody said": (None, False), "said": (second.organisation, False)}


def test_a_viewer_of_one_organisation_offers_for_themselves(client: Client) -> None:
    membership = MembershipFactory(role=MembershipRole.VIEWER)
    client.force_login(membership.user)

    client.post(reverse("capability_new"), typed())

    assert Capability.objects.get().organisation == membership.organisation


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_and_what_was_typed_stays(client: Client) -> None:
    capability = CapabilityFactory(for_organisation=True)
    colleague = MembershipFactory(organisation=capability.organisation).user
    client.force_login(capability.owner)
    version = client.get(address("capability_edit", capability)).context["version"]
    edit_capability(capability, by=colleague, values={"title_zh": "同事的标题"})

    page = client.post(address("capability_edit", capability), typed(title="我的标题", summary="文", version=version))

    capability.refresh_from_db()
    assert capability.title_zh == "同事的标题"
    text = page.content.decode()
    assert str(colleague) in text
    assert 'value="我的标题"' in text
    client.post(
        address("capability_edit", capability), typed(title="我的标题", summary="文", version=page.context["version"])
    )
    capability.refresh_from_db()
    assert capability.title_zh == "我的标题"


def test_a_place_is_told_by_name_province_and_country(client: Client, capability: Capability) -> None:
    client.post(
        address("capability_edit", capability), typed(summary="看见缺陷", city="常德", province="湖南省", country="")
    )

    place = Capability.objects.get().city
    assert place is not None
    assert (place.name_zh, place.province_en, place.country) == ("常德", "Hunan", "CN")


def test_the_least_budget_is_kept_shown_and_never_negative(client: Client, capability: Capability) -> None:
    wrong = client.post(address("capability_edit", capability), typed(summary="看见缺陷", budget_min="-1"))
    client.post(address("capability_edit", capability), typed(summary="看见缺陷", budget_min="300000", currency="HKD"))

    assert "A budget cannot be negative." in wrong.content.decode()
    stored = Capability.objects.get()
    assert (stored.budget_min, stored.currency, stored.budget_min_cny) == (300_000, "HKD", 276_000)
    assert 'name="budget_min" value="300000"' in client.get(address("capability_edit", capability)).content.decode()
    assert "from HKD 300,000" in client.get(f"/en/capabilities/{capability.pk}/").content.decode()


def test_a_capability_without_a_currency_counts_in_yuan(client: Client, capability: Capability) -> None:
    client.post(address("capability_edit", capability), typed(summary="看见缺陷", budget_min="300000", currency=""))

    assert Capability.objects.get().budget_min_cny == 300_000


def test_data_patents_owner_of_the_background_and_theses_are_kept_and_shown(
    client: Client, capability: Capability
) -> None:
    more = {"datasets_software": "四万张标注图像", "ip_numbers": "CN115000000A", "background_ip_owner": "岭海理工大学"}

    client.post(address("capability_edit", capability), typed(summary="看见缺陷", **more, student_theses="yes"))

    stored = Capability.objects.get()
    assert (stored.datasets_software_zh, stored.ip_numbers, stored.student_theses) == (
        "四万张标注图像",
        "CN115000000A",
        True,
    )
    shown = client.get(f"/zh-hans/capabilities/{capability.pk}/").content.decode()
    assert all(text in shown for text in more.values())
    assert '<option value="yes" selected>' in client.get(address("capability_edit", capability)).content.decode()
    client.post(address("capability_edit", capability), typed(summary="看见缺陷", student_theses=""))
    assert Capability.objects.get().student_theses is None
