"""Facets: what is kept, what is counted, and who of the anonymous is never told."""

import pytest

from projects.models import Challenge
from projects.selectors.board import board_facets, board_rows, sorted_rows
from projects.selectors.facets import Facet, narrow, read_choices
from tests.factories import ChallengeFactory, OrganisationFactory, PlaceFactory

COLOUR = Facet("colour", "Colour", (("red", "Red"), ("blue", "Blue")), lambda row: (row["colour"],))
SHAPES = Facet("shape", "Shape", (("round", "Round"), ("flat", "Flat")), lambda row: row["shapes"])
ROWS = [
    {"colour": "red", "shapes": ["round"]},
    {"colour": "red", "shapes": ["flat"]},
    {"colour": "blue", "shapes": ["round", "flat"]},
    {"colour": "", "shapes": []},
]


def test_each_count_is_the_number_shown_when_its_option_is_chosen() -> None:
    chosen = {"colour": ("red",)}

    narrowed = narrow(ROWS, [COLOUR, SHAPES], chosen)

    for facet in (COLOUR, SHAPES):
        for value, _words in facet.options:
            alone = narrow(ROWS, [COLOUR, SHAPES], chosen | {facet.name: (value,)})
            assert narrowed.counts[facet.name][value] == len(alone.rows)


def test_choices_add_up_within_a_facet_and_narrow_between_facets() -> None:
    assert narrow(ROWS, [COLOUR, SHAPES], {"colour": ("red", "blue")}).rows == ROWS[:3]
    assert narrow(ROWS, [COLOUR, SHAPES], {"colour": ("red", "blue"), "shape": ("flat",)}).rows == ROWS[1:3]


def test_an_empty_list_knows_which_choice_keeps_how_many_out() -> None:
    rows = ROWS[:2]

    narrowed = narrow(rows, [COLOUR, SHAPES], {"colour": ("blue",), "shape": ("flat",)})

    assert (narrowed.rows, narrowed.kept_out) == ([], {"colour": 1})


def test_unknown_options_and_filters_are_told_apart_from_known_ones() -> None:
    chosen = read_choices([COLOUR, SHAPES], {"colour": ["red", "puce"], "size": ["9"], "page": ["2"]}, ("page",))

    assert chosen.options == {"colour": ("red",)}
    assert chosen.unknown == (("colour", "puce"), ("size", ""))


def counted(name: str) -> dict[str, int]:
    facets = board_facets([])
    return dict(narrow(board_rows(), facets, {}).counts[name])


@pytest.mark.django_db
@pytest.mark.parametrize(("firms", "told"), [(4, 0), (5, 5)])
def test_anonymous_challenges_are_counted_by_firm_only_where_five_firms_look_alike(firms: int, told: int) -> None:
    for _number in range(firms):
        ChallengeFactory(anonymous=True)

    assert counted("size").get("large", 0) == told
    assert counted("tech").get("technology", 0) == told
    assert counted("place").get("bay", 0) == told
    assert counted("field")["inspection"] == firms


@pytest.mark.django_db
def test_five_challenges_of_one_firm_do_not_hide_it() -> None:
    firm = OrganisationFactory()
    ChallengeFactory.create_batch(5, anonymous=True, organisation=firm)

    assert counted("size") == {}


@pytest.mark.django_db
def test_crossing_facets_tells_nothing_of_a_firm_that_is_alone_in_the_crossing() -> None:
    for _number in range(5):
        ChallengeFactory(anonymous=True)
    odd = ChallengeFactory(anonymous=True, organisation=OrganisationFactory(size="micro"))
    facets = board_facets([])

    large = narrow(board_rows(), facets, {"tech": ("technology",)}).rows

    assert {row["pk"] for row in large} == set(Challenge.objects.exclude(pk=odd.pk).values_list("pk", flat=True))


@pytest.mark.django_db
def test_rows_are_sorted_by_deadline_and_by_budget_in_one_currency() -> None:
    hongkong = ChallengeFactory(budget_max=900_000, currency="HKD", deadline="2027-03-01")
    mainland = ChallengeFactory(budget_max=850_000, currency="CNY", deadline="2027-02-01")
    silent = ChallengeFactory(budget_min=None, budget_max=None, deadline=None)

    assert [row["pk"] for row in sorted_rows(board_rows(), "budget")] == [mainland.pk, hongkong.pk, silent.pk]
    assert [row["pk"] for row in sorted_rows(board_rows(), "deadline")] == [mainland.pk, hongkong.pk, silent.pk]


@pytest.mark.django_db
def test_a_place_outside_the_bay_is_found_as_outside() -> None:
    ningde = PlaceFactory(key="ningde", name_en="Ningde", name_zh="宁德", province_en="Fujian")
    ChallengeFactory(city=ningde)
    ChallengeFactory()

    assert counted("place") == {"outside": 1, "ningde": 1, "bay": 1, "shenzhen": 1}
