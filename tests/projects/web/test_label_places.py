"""Labels find room without writing over anything."""

from hypothesis import given
from hypothesis import strategies as st

from projects.web.label_places import CROWD, SIZE, Box, Label, Spot, along, place, shortened, text_width

FRAME = Box(0, 0, 400, 400)
SPOTS = st.lists(
    st.builds(Spot, st.floats(0, 400), st.floats(0, 400), st.text("ab 电池極片", min_size=1, max_size=30)), max_size=20
)


def box_of(label: Label) -> Box:
    width = text_width(label.text)
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return Box(left, label.baseline - 12, left + width, label.baseline + 4)


@given(SPOTS)
def test_no_label_leaves_the_frame_or_covers_a_point_or_another_label(spots: list[Spot]) -> None:
    boxes = [box_of(label) for label in place(spots, frame=FRAME, taken=[]).values()]

    for number, box in enumerate(boxes):
        assert box.inside(FRAME)
        assert not any(box.meets(other) for other in boxes[:number])
        assert not any(box.meets(Box(spot.x - 8, spot.y - 8, spot.x + 8, spot.y + 8)) for spot in spots)


def test_a_label_stands_right_of_its_point_when_there_is_room() -> None:
    assert place([Spot(100, 100, "检测")], frame=FRAME, taken=[]) == {0: Label(112, 104, "start", "检测")}


def test_a_label_keeps_off_a_line() -> None:
    free = place([Spot(100, 100, "imaging")], frame=FRAME, taken=[])
    crossed = place([Spot(100, 100, "imaging")], frame=FRAME, taken=along([(100, 100), (300, 100)]))

    assert free[0].anchor == "start"
    assert crossed[0].anchor == "end"


def test_in_a_crowd_a_label_stands_beside_its_point_or_nowhere() -> None:
    spots = [Spot(200, 20 + 20 * number, "X-ray 成像") for number in range(CROWD + 1)]

    labels = place(spots, frame=FRAME, taken=[])
    assert labels
    assert all(label.baseline == spots[index].y + 4 for index, label in labels.items())


def test_chinese_runs_about_twice_as_wide_as_latin() -> None:
    assert text_width("电极") == 2 * SIZE
    assert text_width("ab") < 1.2 * SIZE


def test_long_texts_are_cut_by_width_in_each_script() -> None:
    assert shortened("极片检测") == "极片检测"
    assert shortened("極" * 13) == "極" * 12 + "…"
    assert shortened("a" * 25) == "a" * 24 + "…"
    assert shortened("In-line X-ray 成像 of coated foils") == "In-line X-ray 成像 of co…"
