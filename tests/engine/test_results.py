"""Results are plain JSON, in full precision."""

import json

from matchmaker.engine.documents import MatchDocument
from matchmaker.engine.index import MatchIndex


def test_a_match_is_plain_json(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    match = index.query(challenges[0]).matches[0]
    value = json.loads(json.dumps(match.to_json()))

    assert value["score"] == match.score
    assert value["parts"][0] == {
        "name": "relevance",
        "value": match.parts[0].value,
        "weight": match.parts[0].weight,
        "share": match.parts[0].share,
        "known": True,
    }
    assert {
        "term",
        "share",
        "evidence",
        "contribution",
        "in_challenge",
        "in_capability",
        "pair",
        "also",
        "gloss",
    } == set(value["reasons"][0])
