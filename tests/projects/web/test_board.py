"""The challenge board: filters in the address, words in either script, and nothing that is not public."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Challenge
from projects.services.search import store_terms
from tests.factories import ChallengeFactory, DraftFactory, OrganisationFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "", language: str = "en") -> list[str]:
    """The titles on the board, in order."""
    answer = client.get(f"/{language}/challenges/{query}")
    assert answer.status_code == 200
    return [row["title"] for row in answer.context["rows"]]


def searchable(challenge: Challenge) -> Challenge:
    """The challenge with its public words stored, as a worker does it."""
    store_terms("challenge", str(challenge.pk), f"{challenge.title_zh} {challenge.title_en} {challenge.problem_zh}")
    return challenge


def test_everyone_sees_what_is_on_the_board_and_nobody_a_draft(client: Client) -> None:
    shown = ChallengeFactory(title_en="Open challenge")
    draft = DraftFactory(title_en="Canary draft")
    withdrawn = ChallengeFactory(title_en="Canary withdrawn", state="withdrawn")
    closed = ChallengeFactory(title_en="Canary closed", state="closed")
    assert Challenge.objects.filter(pk__in=[draft.pk, withdrawn.pk, closed.pk]).count() == 3

    for reader in (None, UserFactory(), draft.author):
        if reader is not None:
            client.force_login(reader)
        page = client.get("/en/challenges/")
        assert [row["id"] for row in page.context["rows"]] == [shown.pk]
        assert "Canary" not in page.content.decode()
        assert page.context["count"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "field=inspection", "industry=C38", "quadrant=pasteur", "budget=300k-1m", "place=shenzhen", "place=bay", "language=en",
        "ip=joint", "confidentiality=nda", "trl=7-9", "deadline=30", "size=large", "tech=technology", "bottleneck=yes", "gap=3-4",
        "funding=voucher",
    ],
)  # fmt: skip
def test_each_filter_keeps_what_fits_and_leaves_out_the_rest(client: Client, query: str) -> None:
    soon = timezone.localdate() + timedelta(days=10)
    fits = ChallengeFactory(
        title_en="It fits",
        quadrant="pasteur",
        deadline=soon,
        is_bottleneck=True,
        bottleneck_public=True,
        funding_mode="voucher",
    )
    ChallengeFactory(
        title_en="Another",
        organisation=OrganisationFactory(size="small", tech="traditional", city=None),
        technology_domain="energy", industry="D44", quadrant="bohr", budget_band="over-10m", languages=["pt"], ip_preference="open",
        confidentiality_tier="public", trl_current=2, trl_target=2, funding_mode="firm", deadline=soon + timedelta(days=300), is_bottleneck=True,
    )  # fmt: skip
    name, value = query.split("=")

    assert listed(client, f"?{query}") == [fits.title_en]
    groups = client.get(f"/en/challenges/?{query}").context["filters"]["groups"]
    [option] = [option for group in groups for option in group["options"] if option["active"]]
    assert option["count"] == 1
    assert f"{name}={value}" not in option["href"]


def test_the_address_of_an_option_adds_it_to_what_is_chosen(client: Client) -> None:
    ChallengeFactory(technology_domain="energy", quadrant="bohr")
    ChallengeFactory(technology_domain="optics", quadrant="bohr")
    page = client.get("/en/challenges/?quadrant=bohr&field=energy")
    [group] = [group for group in page.context["filters"]["groups"] if str(group["label"]) == "Field"]
    [other] = [option for option in group["options"] if not option["active"]]

    assert other["count"] == 1
    assert len(client.get(f"/en/challenges/{other['href']}").context["rows"]) == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("field=alchemy", "“alchemy” is not an option of “Field”"),
        ("place=atlantis", "“atlantis” is not an option of “Place”"),
        ("feild=energy", "There is no filter “feild”."),
        ("sort=random", "“random” is not an option of “Order”"),
        ("page=7", "There is no page 7; the list has 1."),
        ("page=-1", "“-1” is not the number of a page."),
        ("page_size=1000", "A page has 20 / 50 rows."),
        ("field=%3Cscript%3E", "“&lt;script&gt;” is not an option"),
        ("field=energy&field=alchemy", "“alchemy” is not an option of “Field”"),
    ],
)
def test_an_unknown_option_is_told_in_a_sentence_and_lists_nothing(client: Client, query: str, sentence: str) -> None:
    ChallengeFactory(technology_domain="energy")

    answer = client.get(f"/en/challenges/?{query}")

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert answer.context["rows"] == []


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("challenges/?field=alchemy", "Field"),
        ("capabilities/?kind=alchemy", "Kind"),
        ("archive/?kind=alchemy", "Kind"),
        ("quadrant/?side=alchemy", "Side"),
    ],
)
def test_the_sentence_about_an_unknown_option_stands_beside_its_filter_too(
    client: Client, address: str, label: str
) -> None:
    page = client.get(f"/en/{address}")

    groups = {str(group["label"]): group["error"] for group in page.context["filters"]["groups"]}
    assert groups.pop(label) == f"“alchemy” is not an option of “{label}”. Choose one from the list."
    assert set(groups.values()) == {""}
    text = page.content.decode()
    assert text.count("“alchemy” is not an option") == 2
    assert '<details class="drawer" open>' in text
    assert '<details class="drawer">' in client.get(f"/en/{address.split('?')[0]}").content.decode()


def test_parameters_that_other_sites_hang_on_change_nothing(client: Client) -> None:
    ChallengeFactory()

    assert len(listed(client, "?utm_source=mail")) == 1


@pytest.mark.parametrize("words", ["极片", "極片", "缺陷检测", "缺陷檢測", "electrode", "ELECTRODES", "battery 极片"])
def test_words_find_a_challenge_in_either_language_and_script(client: Client, words: str) -> None:
    found = searchable(ChallengeFactory())
    searchable(ChallengeFactory(title_zh="酒店制冷机房节能", title_en="Hotel chiller plant", problem_zh="冷水机组"))

    assert listed(client, f"?q={words}") == [found.title_en]
    assert listed(client, f"?q={words}", "zh-hans") == [found.title_zh]


def test_words_that_nothing_holds_show_what_to_relax(client: Client) -> None:
    searchable(ChallengeFactory())

    page = client.get("/en/challenges/?q=chrysanthemum&field=inspection")

    assert page.context["rows"] == []
    assert "Without the words “chrysanthemum”" in page.content.decode()


def test_words_too_common_to_search_by_are_told_so(client: Client) -> None:
    searchable(ChallengeFactory())

    page = client.get("/zh-hans/challenges/?q=的")

    assert page.context["wordless"]
    assert page.context["rows"] == []


def test_an_empty_board_by_filters_names_the_choice_to_take_away(client: Client) -> None:
    ChallengeFactory(technology_domain="energy", quadrant="bohr")

    page = client.get("/en/challenges/?field=energy&quadrant=pasteur")

    assert [item["text"] for item in page.context["nearest"]] == ["Without “Pasteur”: 1"]


def test_an_anonymous_firm_stands_nowhere_on_the_board(client: Client) -> None:
    firm = OrganisationFactory(name_en="Canary Anonymous Works", name_zh="金丝雀匿名厂", size="micro")
    challenge = ChallengeFactory(organisation=firm, anonymous=True)
    assert Challenge.objects.filter(organisation=firm).exists()

    for language in ("en", "zh-hans", "zh-hant"):
        for query in ("", "?place=shenzhen", "?size=micro", "?tech=technology"):
            page = client.get(f"/{language}/challenges/{query}").content.decode()
            assert "Canary Anonymous" not in page
            assert "金丝雀" not in page
    assert listed(client) == [challenge.title_en]
    assert listed(client, "?place=shenzhen") == []
    assert listed(client, "?size=micro") == []
    client.force_login(challenge.author)
    assert "Canary Anonymous Works" in client.get("/en/challenges/").content.decode()


def test_the_board_costs_the_same_queries_for_one_row_and_three(client: Client) -> None:
    assert_flat(
        lambda: searchable(ChallengeFactory()),
        (3, lambda: client.get("/en/challenges/?page_size=50")),
        (4, lambda: client.get("/zh-hans/challenges/?q=极片检测缺陷&place=bay")),
    )


def test_twenty_rows_make_a_page_and_fifty_on_request(client: Client) -> None:
    for _number in range(23):
        ChallengeFactory()

    assert [len(listed(client)), len(listed(client, "?page=2")), len(listed(client, "?page_size=50"))] == [20, 3, 23]
    assert "?page=2" in client.get("/en/challenges/").content.decode()


def test_a_promised_day_of_answer_that_is_past_is_said_on_the_board_and_on_the_page(client: Client) -> None:
    today = timezone.localdate()
    late = ChallengeFactory(answer_by=today - timedelta(days=1))
    ChallengeFactory(answer_by=today)
    over = ChallengeFactory(answer_by=today - timedelta(days=1), state="closed")

    rows = client.get("/en/challenges/").context["rows"]
    pages = {item.pk: client.get(f"/en/challenges/{item.pk}/").content.decode() for item in (late, over)}

    assert {row["id"]: row.get("state") for row in rows if "state" in row} == {
        late.pk: "promised day of answer is past"
    }
    assert "That day is past." in pages[late.pk]
    assert "That day is past." not in pages[over.pk]
