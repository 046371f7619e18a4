"""Marked words keep the text as it was written."""

from hypothesis import given
from hypothesis import strategies as st

from projects.web.marked_text import Mark, Piece, mark

MARKS = st.lists(st.builds(Mark, st.integers(-3, 40), st.integers(-3, 40), st.just("c-1"), st.just("k-1")))


def test_words_of_either_language_are_marked_where_they_stand() -> None:
    text = "动力电池极片 electrode 涂布"

    assert mark(text, [Mark(7, 16, "c-2", "k-2"), Mark(2, 4, "c-1", "k-1")]) == [
        Piece("动力"),
        Piece("电池", "c-1", "k-1"),
        Piece("极片 "),
        Piece("electrode", "c-2", "k-2"),
        Piece(" 涂布"),
    ]


def test_of_two_marks_that_overlap_the_longer_first_one_stays() -> None:
    assert mark("超聲波檢測", [Mark(0, 2, "a"), Mark(0, 3, "b"), Mark(2, 5, "c")]) == [
        Piece("超聲波", "b"),
        Piece("檢測"),
    ]


def test_a_mark_beyond_the_text_is_left_out() -> None:
    assert mark("imaging", [Mark(3, 99, "a")]) == [Piece("imaging")]


@given(st.text(max_size=40), MARKS)
def test_the_pieces_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(piece.text for piece in mark(text, marks)) == text
