"""The quadrant picture is safe, true to its values, and readable in each language."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.web.quadrant import CROWD, FRAME, Point, Words, picture, words_in_use

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "电极'\"&<b>缺陷</b>",
    "]]><svg onload=alert(1)>",
    "缺陷\x00\x08檢測\ud800",
]
ENGLISH = words_in_use()
CHINESE = {
    "zh-hans": Words(
        title="巴斯德象限",
        understanding="求知",
        use="应用",
        corners={"bohr": "玻尔", "pasteur": "巴斯德", "edison": "爱迪生", "fourth": "未命名"},
        glosses={"bohr": "为求知", "pasteur": "既求知，也应用", "edison": "为应用", "fourth": "两者皆未明"},
        sides={"challenge": "技术需求", "capability": "科研能力", "joint": "双方合作"},
        unsure="文字太短，难以判断",
    ),
    "zh-hant": Words(
        title="巴斯德象限",
        understanding="求知",
        use="應用",
        corners={"bohr": "玻爾", "pasteur": "巴斯德", "edison": "愛迪生", "fourth": "未命名"},
        glosses={"bohr": "為求知", "pasteur": "既求知，也應用", "edison": "為應用", "fourth": "兩者皆未明"},
        sides={"challenge": "技術需求", "capability": "科研能力", "joint": "雙方合作"},
        unsure="文字太短，難以判斷",
    ),
}


def drawn(*points: Point, words: Words = ENGLISH, **options: object) -> ElementTree.Element:
    return ElementTree.fromstring(picture(points, words=words, **options).svg)  # type: ignore[arg-type]  # noqa: S314 (our own output)


def centre(svg: ElementTree.Element) -> tuple[float, float]:
    circle = next(node for node in svg.iter(f"{SVG}circle") if node.get("class") == "q-hit")
    return float(circle.get("cx", "")), float(circle.get("cy", ""))


def texts(svg: ElementTree.Element, name: str) -> list[str]:
    return [node.text or "" for node in svg.iter(f"{SVG}text") if node.get("class") == name]


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_text(label: str, standalone: bool) -> None:
    svg = drawn(Point(label, "challenge", 0.5, 0.5, href="/x"), standalone=standalone)

    names = {node.tag.removeprefix(SVG) for node in svg.iter()}
    attributes = {name for node in svg.iter() for name in node.attrib}
    assert names <= {"svg", "title", "desc", "clipPath", "rect", "path", "text", "a", "g", "circle", "ellipse"}
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert re.sub("[\x00\x08\ud800]", "", label) in svg.findtext(f"{SVG}desc", "")


@given(st.text(max_size=40), st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_any_label_and_any_number_give_well_formed_markup(label: str, understanding: float, use: float) -> None:
    for standalone in (False, True):
        svg = drawn(Point(label, "capability", understanding, use, 0.1, 0.1, href="/k"), standalone=standalone)
        assert svg.tag == f"{SVG}svg"


@pytest.mark.parametrize("href", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_an_address_that_is_not_a_page_is_no_link(href: str) -> None:
    good, bad = (
        drawn(Point("a", "challenge", 0.5, 0.5, href="/en/c/")),
        picture([Point("a", "challenge", 0.5, 0.5, href=href)]),
    )

    assert [node.get("href") for node in good.iter(f"{SVG}a")] == ["/en/c/"]
    assert "<a " not in bad.svg
    assert bad.rows[0].href == ""


@pytest.mark.parametrize(("understanding", "use"), [(0, 0), (1, 1), (0, 1), (1, 0), (-3, 7), (0.31, 0.62)])
def test_points_lie_inside_the_square(understanding: float, use: float) -> None:
    x, y = centre(drawn(Point("点", "challenge", understanding, use)))

    assert FRAME.left < x < FRAME.right
    assert FRAME.top < y < FRAME.bottom


def test_use_runs_to_the_right_and_understanding_up() -> None:
    low, high = centre(drawn(Point("a", "challenge", 0.2, 0.2))), centre(drawn(Point("a", "challenge", 0.9, 0.7)))

    assert high[0] > low[0]
    assert high[1] < low[1]


@pytest.mark.parametrize(
    ("understanding", "use", "corner"),
    [(0.9, 0.9, "pasteur"), (0.9, 0.1, "bohr"), (0.1, 0.9, "edison"), (0.1, 0.1, "fourth")],
)
def test_a_point_is_coloured_and_listed_by_the_corner_it_lies_in(understanding: float, use: float, corner: str) -> None:
    shown = picture([Point("a", "challenge", understanding, use)], words=ENGLISH)

    assert f'class="q-point q-{corner}"' in shown.svg
    assert [row.quadrant for row in shown.rows] == [corner]


def test_the_engines_word_for_the_corner_comes_before_the_place() -> None:
    shown = picture(
        [Point("a", "joint", 0.5, 0.5, corner="edison"), Point("b", "joint", 0.5, 0.5, corner="no such")], words=ENGLISH
    )

    assert sorted(row.quadrant for row in shown.rows) == ["edison", "pasteur"]


@pytest.mark.parametrize("words", [ENGLISH, *CHINESE.values()])
def test_corners_and_axes_are_named_in_the_readers_language(words: Words) -> None:
    svg = drawn(Point("a", "joint", 0.5, 0.5), words=words)

    assert texts(svg, "q-corner") == list(words.corners.values())
    assert texts(svg, "q-gloss") == list(words.glosses.values())
    assert texts(svg, "q-text") == [f"{words.use} →", f"{words.understanding} →"]
    assert svg.findtext(f"{SVG}title") == words.title


@pytest.mark.parametrize(
    ("words", "label"),
    [(ENGLISH, "Imaging"), (CHINESE["zh-hans"], "极片检测"), (CHINESE["zh-hant"], "極片 X-ray 檢測")],
)
def test_labels_stand_inside_the_square(words: Words, label: str) -> None:
    corners = [Point(label, "challenge", y, x) for x in (0, 1) for y in (0, 1)]
    svg = drawn(*corners, Point(label, "capability", 0.5, 0.5), words=words)

    labels = [node for node in svg.iter(f"{SVG}text") if node.get("class") == "q-label"]
    assert labels
    for node in labels:
        assert FRAME.left <= float(node.get("x", "")) <= FRAME.right
        assert FRAME.top <= float(node.get("y", "")) <= FRAME.bottom


def test_a_long_label_is_cut_in_the_picture_and_whole_in_the_title() -> None:
    label = "面向动力电池极片双面涂布的在线断层成像与缺陷机理反演方法研究"
    svg = drawn(Point(label, "challenge", 0.5, 0.5), Point("short", "capability", 0.1, 0.1))

    assert texts(svg, "q-label") == ["面向动力电池极片双面涂布…", "short"]
    assert label in svg.findtext(f".//{SVG}g/{SVG}title", "")


def test_points_on_one_spot_do_not_write_over_each_other() -> None:
    svg = drawn(*[Point(f"Capability {number}", "capability", 0.5, 0.3) for number in range(9)])

    places = [(node.get("x"), node.get("y")) for node in svg.iter(f"{SVG}text") if node.get("class") == "q-label"]
    assert 1 < len(places) < 9
    assert len(set(places)) == len(places)


def test_the_line_of_a_pair_runs_over_the_joint_point() -> None:
    points = [Point("c", "challenge", 0.2, 0.9), Point("k", "capability", 0.9, 0.2), Point("j", "joint", 0.9, 0.9)]
    svg = drawn(*points, pairs=[(0, 2, 1)])

    line = next(node for node in svg.iter(f"{SVG}path") if node.get("class") == "q-pair")
    stations = [tuple(map(float, station.split())) for station in line.get("d", "").lstrip("M").split("L")]
    assert stations == [centre(drawn(points[index])) for index in (0, 2, 1)]


def test_rows_and_links_come_in_the_same_order() -> None:
    points = [
        Point(f"p{number}", "challenge", number / 7 % 1, number / 3 % 1, href=f"/p/{number}") for number in range(12)
    ]
    shown = picture(points, words=ENGLISH)

    links = [node.get("href") for node in ElementTree.fromstring(shown.svg).iter(f"{SVG}a")]  # noqa: S314 (our own output)
    assert links == [row.href for row in shown.rows]
    assert len(links) == 12


def test_an_unsure_point_is_hollow_and_says_so() -> None:
    sure, unsure = (
        Point("a", "challenge", 0.5, 0.5, href="/a"),
        Point("a", "challenge", 0.5, 0.5, href="/a", hollow=True),
    )

    assert "q-hollow" not in picture([sure], words=ENGLISH).svg
    assert ENGLISH.unsure not in picture([sure], words=ENGLISH).svg
    link = next(drawn(unsure).iter(f"{SVG}a"))
    assert "q-hollow" in link.get("class", "")
    assert ENGLISH.unsure in link.get("aria-label", "")


def test_a_page_gets_classes_and_a_file_gets_paint() -> None:
    points = [Point("a", "challenge", 0.5, 0.8, 0.1, 0.2, href="/a"), Point("b", "joint", 0.8, 0.8)]

    page, file = picture(points, words=ENGLISH).svg, picture(points, words=ENGLISH, standalone=True).svg
    assert "fill=" not in page
    assert 'class="q-frame"' in page
    assert "class=" not in file
    assert "href=" not in file
    assert 'fill="#ffffff"' in file
    assert "style=" not in page + file


def test_two_pictures_on_a_page_share_no_id() -> None:
    ids = [
        set(re.findall(r' id="([^"]+)"', picture([], words=ENGLISH, prefix=prefix).svg)) for prefix in ("one", "two")
    ]

    assert len(ids[0]) == 3
    assert not ids[0] & ids[1]


def test_a_picture_with_links_is_a_group_and_without_them_an_image() -> None:
    assert drawn(Point("a", "challenge", 0.5, 0.5, href="/a")).get("role") == "group"
    assert drawn(Point("a", "challenge", 0.5, 0.5)).get("role") == "img"


def test_a_tag_stands_in_place_of_the_label_and_the_label_stays_in_title_and_row() -> None:
    made = picture([Point("电极检测", "challenge", 0.5, 0.5), Point("成像 Imaging", "capability", 0.8, 0.2, tag="3")])

    svg = str(made.svg)
    assert texts(ElementTree.fromstring(svg), "q-label") == ["3", "电极检测"]  # noqa: S314 (our own output)
    assert "Capability 3: 成像 Imaging" in svg
    assert [(row.tag, row.label) for row in made.rows] == [("3", "成像 Imaging"), ("", "电极检测")]


def test_a_point_that_stands_alone_is_named_by_its_side() -> None:
    assert texts(drawn(Point("电极检测", "challenge", 0.5, 0.5)), "q-label") == ["Challenge"]


@pytest.mark.parametrize(("count", "crowded"), [(CROWD, False), (CROWD + 1, True)])
def test_where_many_points_stand_each_keeps_its_ellipse_to_itself(count: int, crowded: bool) -> None:
    points = [Point(f"点 {n}", "challenge", 0.5, n / 100, 0.1, 0.1, href=f"/{n}") for n in range(count)]

    page, file = (drawn(*points, standalone=alone) for alone in (False, True))

    assert len(page.findall(f".//{SVG}a//{SVG}ellipse")) == (count if crowded else 0)
    assert len(page.findall(f".//{SVG}ellipse")) == count
    assert len(file.findall(f"{SVG}g/{SVG}ellipse")) == count
