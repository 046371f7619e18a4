"""The firm's form: what saves, what publishes, what is kept after a mistake, and who may open it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MembershipRole
from accounts.services.places import place_named
from projects.models import Challenge, ConfidentialText
from projects.selectors.access import visible_challenges
from projects.services.challenges import edit_challenge
from projects.services.search import store_terms
from projects.states import ChallengeState
from tests.factories import (
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def typed(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a form with a title and a problem."""
    rows = {"metrics-TOTAL_FORMS": "3", "metrics-INITIAL_FORMS": "0"}
    return {"language": "zh", "title": "极片缺陷在线检测", "problem": "漏检率高，需要在线识别。", **rows, **changed}


def publishable(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a form that lacks nothing."""
    return typed(
        **{
            "use_context": "涂布产线",
            "understanding_sought": "缺陷形成的机理",
            "metrics-0-name": "检测时间",
            "metrics-0-unit": "min",
            "metrics-0-today": "240",
            "metrics-0-target": "5",
            "metrics-0-must": "on",
            "trl_current": "3",
            "trl_target": "7",
            "budget_max": "800000",
            "currency": "CNY",
            "answer_by": (timezone.localdate() + timedelta(days=30)).isoformat(),
            "ip_preference": "joint",
            "confidentiality_tier": "nda",
            **changed,
        }
    )


@pytest.fixture
def firm(client: Client) -> Any:
    """A signed-in owner of a trusted firm."""
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def test_a_title_the_problem_and_the_language_save_a_draft(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed())

    challenge = Challenge.objects.get()
    assert (challenge.state, challenge.title_zh, challenge.title_en) == ("draft", "极片缺陷在线检测", "")
    assert answer.url == reverse("challenge_edit", args=[challenge.pk])


@pytest.mark.parametrize(
    ("language", "column"), [("zh", "title_zh"), ("en", "title_en")], ids=["first Chinese", "first English"]
)
def test_the_second_language_goes_into_its_own_column(client: Client, firm: Any, language: str, column: str) -> None:
    client.post(reverse("challenge_new"), typed(language=language, title="first", title_other="second"))

    challenge = Challenge.objects.get()
    assert getattr(challenge, column) == "first"
    assert {challenge.title_zh, challenge.title_en} == {"first", "second"}


def test_traditional_text_is_kept_as_written_with_its_script(client: Client, firm: Any) -> None:
    client.post(reverse("challenge_new"), typed(title="電池極片檢測", problem="塗布產線缺陷，機器視覺識別。"))

    assert (Challenge.objects.get().title_zh, Challenge.objects.get().script) == ("電池極片檢測", "hant")


def test_sending_the_same_form_twice_makes_one_draft(client: Client, firm: Any) -> None:
    for title in ("first try", "second try"):
        client.post(reverse("challenge_new"), typed(title=title, form_key="k1"))

    assert [challenge.title_zh for challenge in Challenge.objects.all()] == ["second try"]


def test_a_trusted_firm_publishes_at_once(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), publishable(action="submit"), follow=True)

    assert Challenge.objects.get().state == ChallengeState.PUBLISHED
    assert "Published." in answer.content.decode()


def test_a_new_firm_waits_and_is_told_what_happens_next(client: Client) -> None:
    membership = MembershipFactory(organisation__trusted=False)
    client.force_login(membership.user)

    answer = client.post(reverse("challenge_new"), publishable(action="submit"), follow=True)

    assert Challenge.objects.get().state == ChallengeState.SUBMITTED
    assert "A moderator reads it before it is published" in answer.content.decode()


def test_what_publication_lacks_is_named_beside_the_fields_and_the_draft_is_kept(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed(action="submit"))

    page = answer.content.decode()
    assert Challenge.objects.get().state == ChallengeState.DRAFT
    for anchor in ("id_metrics", "id_trl_current", "id_budget_max", "id_use_context"):
        assert f'href="#{anchor}"' in page
    assert 'id="id_budget_max_error"' in page
    assert "极片缺陷在线检测" in page


def test_what_publication_lacks_is_listed_in_the_order_of_the_form(client: Client, firm: Any) -> None:
    client.post(reverse("challenge_new"), typed())
    edit = reverse("challenge_edit", args=[Challenge.objects.get().pk])

    refused = client.post(edit, typed(action="submit")).content.decode()
    draft = client.get(edit)

    names = (
        "use_context", "understanding_sought", "metrics", "trl_current", "trl_target", "budget_max", "answer_by",
        "ip_preference", "confidentiality_tier",
    )  # fmt: skip
    listed = re.findall(
        r'href="#id_(\w+)"', refused[refused.index('id="form-errors"') : refused.index('id="challenge-form"')]
    )
    assert list(dict.fromkeys(listed)) == list(names)
    assert list(dict.fromkeys(item["anchor"] for item in draft.context["missing"])) == [f"id_{name}" for name in names]


def test_three_answers_are_marked_as_needed_and_eight_more_as_needed_to_publish(client: Client, firm: Any) -> None:
    page = client.get(reverse("challenge_new")).content.decode()
    form = page[page.index('id="step-problem"') :]

    assert form.count('<span class="optional">needed</span>') == 3
    assert form.count('<span class="optional">needed to publish</span>') == 8


BAD = {
    "negative budget": ({"budget_max": "-5"}, "id_budget_max"),
    "budget upside down": ({"budget_min": "9", "budget_max": "5"}, "id_budget_max"),
    "budget in words": ({"budget_max": "a lot"}, "id_budget_max"),
    "readiness falls": ({"trl_current": "7", "trl_target": "3"}, "id_trl_target"),
    "no title": ({"title": ""}, "id_title"),
    "empty problem": ({"problem": " \x00\u202e "}, "id_problem"),
    "too long": ({"problem": "词" * 100_000}, "id_problem"),
    "unknown choice": ({"ip_preference": "mine"}, "id_ip_preference"),
    "no such day": ({"answer_by": "2026-02-31"}, "id_answer_by"),
    "figure without number": ({"metrics-0-name": "time", "metrics-0-target": "soon"}, "id_metrics"),
    "figure without name": ({"metrics-0-target": "5"}, "id_metrics"),
}


@pytest.mark.parametrize(("change", "anchor"), BAD.values(), ids=BAD.keys())
def test_bad_input_comes_back_with_everything_typed(
    client: Client, firm: Any, change: dict[str, str], anchor: str
) -> None:
    sent = typed(**{"background": "typed background 背景 🔋", "confidential_problem": "typed secret", **change})

    answer = client.post(reverse("challenge_new"), sent)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Challenge.objects.exists()
    assert f'href="#{anchor}"' in page
    assert "typed background 背景 🔋" in page
    assert "typed secret" in page


def test_a_date_in_the_past_cannot_be_promised(client: Client, firm: Any) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()

    answer = client.post(reverse("challenge_new"), publishable(action="submit", answer_by=yesterday))

    assert "This date is past." in answer.content.decode()
    assert Challenge.objects.get().state == ChallengeState.DRAFT


def test_another_row_keeps_what_was_typed_and_judges_nothing(client: Client, firm: Any) -> None:
    answer = client.post(
        reverse("challenge_new"), typed(action="row", title="", budget_max="x", **{"metrics-2-name": "yield"})
    )

    page = answer.content.decode()
    assert 'name="metrics-3-name"' in page
    assert 'value="yield"' in page
    assert 'value="x"' in page
    assert "form-errors" not in page


def test_figures_survive_a_round_trip_in_both_languages(client: Client, firm: Any) -> None:
    challenge = DraftFactory(organisation=firm.organisation)
    page = client.get(reverse("challenge_edit", args=[challenge.pk])).content.decode()
    assert 'value="检测时间"' in page
    assert 'value="inspection time"' in page

    sent = typed(
        **{
            "metrics-0-name": "检测时间",
            "metrics-0-name_other": "inspection time",
            "metrics-0-unit": "min",
            "metrics-0-today": "２４０",
            "metrics-0-target": "1,000.5",
        }
    )
    client.post(reverse("challenge_edit", args=[challenge.pk]), sent)

    challenge.refresh_from_db()
    figure = {"name_zh": "检测时间", "name_en": "inspection time", "unit": "min"}
    assert challenge.baseline_metrics == [{**figure, "value": 240.0}]
    assert challenge.target_metrics == [{**figure, "value": 1000.5, "must": False}]


def test_every_stored_answer_comes_back_unchanged(client: Client, firm: Any) -> None:
    challenge = DraftFactory(
        organisation=firm.organisation,
        script="hans",
        pasteur_first=False,
        cooperation_modes=["licence"],
        budget_max="800000.50",
    )
    before = Challenge.objects.filter(pk=challenge.pk).values().get()
    form = client.get(reverse("challenge_edit", args=[challenge.pk])).context["form"]
    rows = client.get(reverse("challenge_edit", args=[challenge.pk])).context["rows"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    sent |= {
        f"metrics-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.initial.items()
        if value
    }

    client.post(reverse("challenge_edit", args=[challenge.pk]), {**typed(), **sent})

    after = Challenge.objects.filter(pk=challenge.pk).values().get()
    moved = {
        "updated_at",
        "input_version",
        "matched_version",
        "matched_model",
        "match_note",
        "understanding",
        "use",
        "quadrant",
    }
    assert {name: after[name] for name in after if name not in moved} == {
        name: before[name] for name in before if name not in moved
    }


def test_typing_saves_a_draft_and_says_when(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed(action="autosave", form_key="k"), **HTMX)

    challenge = Challenge.objects.get()
    assert "saved " in answer.content.decode()
    assert answer["HX-Replace-Url"] == reverse("challenge_edit", args=[challenge.pk])
    assert reverse("challenge_edit", args=[challenge.pk]) in answer.content.decode()


def test_autosave_keeps_what_is_right_and_names_what_is_not(client: Client, firm: Any) -> None:
    challenge = DraftFactory(organisation=firm.organisation)

    answer = client.post(
        reverse("challenge_edit", args=[challenge.pk]),
        typed(action="autosave", title="新标题", budget_max="-3"),
        **HTMX,
    )

    challenge.refresh_from_db()
    assert (challenge.title_zh, challenge.budget_max) == ("新标题", 800000)
    assert "Budget to" in answer.content.decode()


def test_after_an_autosave_the_matches_beside_the_form_are_fetched_anew(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed(action="autosave", form_key="k"), **HTMX).content.decode()

    address = reverse("match_list", args=[Challenge.objects.get().pk])
    assert 'id="so-far"' in answer
    assert 'hx-swap-oob="true"' in answer
    assert f'hx-get="{address}?brief=1"' in answer


def test_autosave_says_what_a_draft_needs(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed(action="autosave", problem=""), **HTMX)

    assert not Challenge.objects.exists()
    assert "a draft needs a title and the problem" in answer.content.decode()


def test_autosave_names_what_keeps_a_draft_from_being_saved(client: Client, firm: Any) -> None:
    answer = client.post(reverse("challenge_new"), typed(action="autosave", title="长" * 200), **HTMX)

    assert not Challenge.objects.exists()
    assert "please look again: Title" in answer.content.decode()


def test_a_text_under_evaluation_does_not_change_and_nothing_typed_is_lost(client: Client) -> None:
    membership = MembershipFactory(organisation__trusted=False)
    challenge = ChallengeFactory(organisation=membership.organisation, state="evaluating")
    client.force_login(membership.user)

    page = client.post(
        reverse("challenge_edit", args=[challenge.pk]), publishable(title="typed title")
    ).content.decode()

    challenge.refresh_from_db()
    assert "The public text cannot change" in page
    assert 'value="typed title"' in page
    assert challenge.title_zh == "电池极片涂布缺陷在线检测"


def test_a_published_text_never_changes_while_somebody_types(client: Client, firm: Any) -> None:
    challenge = ChallengeFactory(organisation=firm.organisation)

    answer = client.post(
        reverse("challenge_edit", args=[challenge.pk]), publishable(action="autosave", title="half a ti"), **HTMX
    )

    before = challenge.updated_at
    challenge.refresh_from_db()
    assert (challenge.title_zh, challenge.updated_at) == ("电池极片涂布缺陷在线检测", before)
    assert "others see it only once you save" in answer.content.decode()


@pytest.fixture
def left(client: Client, firm: Any) -> Challenge:
    """A published challenge whose form somebody left in the middle of a word."""
    challenge = ConfidentialTextFactory(
        challenge__organisation=firm.organisation, challenge__confidentiality_tier="registered"
    ).challenge
    half = publishable(title="half a ti", budget_max="a lot", confidential_data="canary-half-6d2")
    half |= {"metrics-0-unit": "canary-unit", "cooperation_modes": ["licence", "service"]}
    client.post(reverse("challenge_edit", args=[challenge.pk]), half | {"action": "autosave"}, **HTMX)
    return challenge


def test_what_was_typed_after_publication_is_there_again_as_it_was(client: Client, left: Challenge) -> None:
    page = client.get(reverse("challenge_edit", args=[left.pk]))

    form = page.context["form"]
    assert [form[name].value() for name in ("title", "confidential_data", "cooperation_modes")] == [
        "half a ti", "canary-half-6d2", ["licence", "service"],
    ]  # fmt: skip
    assert 'value="canary-unit"' in page.content.decode()
    assert "Changes that are not saved yet" in page.content.decode()
    assert not form.errors


def test_nobody_outside_reads_what_was_typed_and_not_saved(client: Client, left: Challenge) -> None:
    client.force_login(UserFactory())

    page = client.get(reverse("challenge", args=[left.pk])).content.decode()

    assert left.confidential.confidential_problem in page  # they may read the confidential text
    assert "half a ti" not in page
    assert "canary-half-6d2" not in page


@pytest.mark.parametrize("sent", [publishable(title="整个标题"), {"action": "discard"}], ids=["saved", "discarded"])
def test_saving_or_discarding_ends_what_was_kept(client: Client, left: Challenge, sent: dict[str, Any]) -> None:
    edit = reverse("challenge_edit", args=[left.pk])

    client.post(edit, sent)

    page = client.get(edit)
    left.refresh_from_db()
    assert page.context["form"]["title"].value() == left.title_zh
    assert "Changes that are not saved yet" not in page.content.decode()
    assert ConfidentialText.objects.get(challenge=left).typed == {}


def test_confidential_text_goes_to_its_own_table_and_only_the_firm_sees_it(client: Client, firm: Any) -> None:
    client.post(reverse("challenge_new"), typed(confidential_problem="canary-5f1"))

    challenge = Challenge.objects.get()
    assert ConfidentialText.objects.get().confidential_problem == "canary-5f1"
    assert "canary-5f1" in client.get(reverse("challenge_edit", args=[challenge.pk])).content.decode()
    assert "canary-5f1" not in client.get(reverse("match_list", args=[challenge.pk])).content.decode()
    assert "canary-5f1" not in client.get(reverse("dashboard")).content.decode()


def test_a_rare_word_of_the_confidential_part_in_the_public_text_is_pointed_out(client: Client, firm: Any) -> None:
    for number in range(3):
        store_terms("challenge", f"other-{number}", "battery electrode coating")
    challenge = DraftFactory(organisation=firm.organisation)

    client.post(
        reverse("challenge_edit", args=[challenge.pk]),
        typed(problem_other="battery with Xylophane binder", confidential_data="battery, Xylophane at 3 percent"),
    )

    page = client.get(reverse("challenge_edit", args=[challenge.pk]))
    assert page.context["rare_words"] == ["Xylophane"]
    assert "Is this word meant for everyone?" in page.content.decode()


def test_a_revision_that_waits_is_shown_in_the_form(client: Client) -> None:
    membership = MembershipFactory(organisation__trusted=False)
    challenge = ChallengeFactory(organisation=membership.organisation)
    client.force_login(membership.user)

    client.post(reverse("challenge_edit", args=[challenge.pk]), publishable(title="新版标题"))

    challenge.refresh_from_db()
    page = client.get(reverse("challenge_edit", args=[challenge.pk])).content.decode()
    assert challenge.title_zh == "电池极片涂布缺陷在线检测"
    assert 'value="新版标题"' in page


@pytest.mark.parametrize("deed", ["challenge_close", "challenge_withdraw"])
def test_a_challenge_is_ended_by_its_firm(client: Client, firm: Any, deed: str) -> None:
    challenge = ChallengeFactory(organisation=firm.organisation)

    client.post(reverse(deed, args=[challenge.pk]))

    challenge.refresh_from_db()
    assert challenge.state == {"challenge_close": "closed", "challenge_withdraw": "withdrawn"}[deed]


PAGES = ("challenge_edit", "challenge_submit", "challenge_close", "challenge_withdraw")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("state", ["draft", "published"])
def test_only_owners_and_members_of_the_firm_may(client: Client, name: str, state: str) -> None:
    organisation = OrganisationFactory()
    challenge = ChallengeFactory(organisation=organisation, state=state)
    colleague = MembershipFactory(organisation=organisation, role=MembershipRole.MEMBER).user
    viewer = MembershipFactory(organisation=organisation, role=MembershipRole.VIEWER).user
    address = reverse(name, args=[challenge.pk])
    ask = client.get if name == "challenge_edit" else client.post

    for outsider in (viewer, MembershipFactory().user, UserFactory(is_moderator=True), UserFactory(is_bridge=True)):
        client.force_login(outsider)
        assert ask(address).status_code == 404
    client.logout()
    assert ask(address).url.startswith(reverse("account_login"))
    assert visible_challenges(AnonymousUser()).filter(pk=challenge.pk).exists() is (state == "published")
    client.force_login(colleague)
    assert ask(address).status_code in (200, 302)


def test_who_has_no_organisation_founds_one_first_and_returns(client: Client) -> None:
    client.force_login(UserFactory())

    answer = client.get(reverse("challenge_new") + "?preview=x")

    assert answer.url.startswith(reverse("organisation_new"))
    assert unquote(answer.url).endswith("/challenges/new/?preview=x")


def test_the_firm_cannot_post_for_another(client: Client, firm: Any) -> None:
    own, other = MembershipFactory(user=firm.user).organisation, OrganisationFactory()

    client.post(reverse("challenge_new"), typed(organisation=str(own.pk)))
    assert [challenge.organisation for challenge in Challenge.objects.all()] == [own]
    Challenge.objects.all().delete()

    answer = client.post(reverse("challenge_new"), typed(organisation=str(other.pk)))

    assert not Challenge.objects.exists()
    assert 'href="#id_organisation"' in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_form_opens_in_every_language_within_twelve_queries(
    client: Client, firm: Any, language: str, django_assert_max_num_queries: Any
) -> None:
    challenge = DraftFactory(organisation=firm.organisation)
    ConfidentialTextFactory(challenge=challenge)
    address = f"/{language}/challenges/{challenge.pk}/edit/"

    with django_assert_max_num_queries(12):
        answer = client.get(address)

    assert answer.status_code == 200
    assert "电池极片涂布缺陷在线检测" in answer.content.decode()
    assert "In-line inspection of battery electrode coating" in answer.content.decode()


def test_the_form_says_who_reads_the_bottleneck_with_and_without_the_switch(client: Client) -> None:
    client.force_login(MembershipFactory().user)

    page = client.get("/en/challenges/new/").content.decode()

    assert page.count("with “Show the bottleneck to everyone” below, everyone does.") == 2


def sent_version(page: str) -> str:
    """The version in the form or in the answer to an autosave."""
    found = re.findall(r'name="version" value="([0-9]+)"', page)
    assert len(found) == 1, found
    return str(found[0])


@pytest.mark.parametrize("state", ["draft", "published"])
def test_what_a_colleague_saved_meanwhile_is_not_overwritten_and_what_was_typed_stays(
    client: Client, firm: Any, state: str
) -> None:
    challenge = ChallengeFactory(organisation=firm.organisation, state=state)
    address = reverse("challenge_edit", args=[challenge.pk])
    version = sent_version(client.get(address).content.decode())
    colleague = MembershipFactory(organisation=firm.organisation, role="member").user
    edit_challenge(challenge, by=colleague, values={"title_zh": "同事的标题"}, confidential={"confidential_data": "甲"})

    page = client.post(address, publishable(title="我的标题", version=version)).content.decode()

    challenge.refresh_from_db()
    assert challenge.title_zh == "同事的标题"
    assert str(colleague) in page
    assert 'value="我的标题"' in page
    client.post(address, publishable(title="我的标题", version=sent_version(page)))
    challenge.refresh_from_db()
    assert challenge.title_zh == "我的标题"


def test_autosave_stops_where_a_colleague_went_on_and_goes_on_in_two_tabs_of_one_person(
    client: Client, firm: Any
) -> None:
    first = client.post(reverse("challenge_new"), typed(action="autosave", form_key="k"), **HTMX).content.decode()
    challenge = Challenge.objects.get()
    address = reverse("challenge_edit", args=[challenge.pk])
    tabs = [sent_version(first), sent_version(client.get(address).content.decode())]

    for number in range(4):
        sent = typed(action="autosave", title=f"第{number}稿", version=tabs[number % 2])
        tabs[number % 2] = sent_version(client.post(address, sent, **HTMX).content.decode())
    challenge.refresh_from_db()
    assert challenge.title_zh == "第3稿"

    colleague = MembershipFactory(organisation=firm.organisation, role="member").user
    edit_challenge(challenge, by=colleague, values={"title_zh": "同事的标题"})
    for tab in tabs:
        answer = client.post(address, typed(action="autosave", title="晚了", version=tab), **HTMX).content.decode()
        assert str(colleague) in answer
        assert sent_version(answer) == tab
    challenge.refresh_from_db()
    assert challenge.title_zh == "同事的标题"


def test_a_place_is_told_by_name_province_and_country_and_shown_again(client: Client, firm: Any) -> None:
    client.post(reverse("challenge_new"), typed(city="Cambridge", province="Massachusetts", country="USA"))

    challenge = Challenge.objects.get()
    assert challenge.city is not None
    assert (challenge.city.name_en, challenge.city.region) == ("Cambridge", "massachusetts")
    page = client.get(reverse("challenge_edit", args=[challenge.pk])).content.decode()
    assert 'name="province" value="Massachusetts"' in page
    assert 'name="country" value="United States"' in page
    wrong = client.post(reverse("challenge_new"), typed(city="", country="Lusitania")).content.decode()
    assert "This country or region is not known here." in wrong


def test_what_another_firm_typed_into_a_draft_is_not_offered(client: Client, firm: Any) -> None:
    DraftFactory(city=place_named("Canary site"))

    page = client.get(reverse("challenge_new")).content.decode()

    assert '<option value="Shenzhen">' in page
    assert "Canary site" not in page
