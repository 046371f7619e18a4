"""Measures the shipped quadrant model on texts it was not trained on.

    python -m bench.check_pasteur DATA_FOLDER

Prints, per axis, how far a translation moves a text (the challenge-like texts of tests/engine/pasteur_challenges.json, and the
papers of gba_capabilities that are not in bilingual_dev), the correlation with the length of the text and of the axes with each
other, and where papers and posted challenges fall.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.train_pasteur import AXES, MASK, read_jsonl
from matchmaker.engine import pasteur
from matchmaker.engine.results import Placement

CASES = Path("tests/engine/pasteur_challenges.json")


def place(texts: Sequence[str]) -> list[Placement]:
    """Places texts without the masks of the data sets."""
    return [pasteur.place_text(MASK.sub(" ", text)) for text in texts]


def values(placed: Sequence[Placement], axis: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Returns one axis of all placements."""
    return np.array([getattr(placement, axis) for placement in placed])


def spread_over_quadrants(placed: Sequence[Placement]) -> dict[str, float]:
    """Returns the share of each quadrant and of abstained texts."""
    counts = Counter(placement.quadrant for placement in placed)
    shares = {name: round(count / len(placed), 3) for name, count in sorted(counts.items())}
    return shares | {"abstained": round(sum(placement.abstained for placement in placed) / len(placed), 3)}


def rounded(number: float) -> float:
    """Cuts a figure to three decimals."""
    return round(float(number), 3)


def main() -> None:
    """Reads the command line and prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    seen = {record["id"] for record in read_jsonl(folder / "bilingual_dev.jsonl.gz")}
    papers = [record for record in read_jsonl(folder / "gba_capabilities.jsonl") if record.get("abstract_en")]
    unseen = np.array([record["id"] not in seen for record in papers])
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    pairs = [
        ("challenge-like texts", place([case["zh"] for case in cases]), place([case["en"] for case in cases])),
        (
            "papers",
            place([paper["abstract_zh"] for paper in papers]),
            place([paper["abstract_en"] for paper in papers]),
        ),
    ]
    posted_texts = [f"{record['title']}. {record['text']}" for record in read_jsonl(folder / "challenges_demo.jsonl")]
    posted = place(posted_texts)
    figures: dict[str, Any] = {"model": pasteur.fingerprint()}
    for axis in AXES:
        figures[axis] = {}
        for name, chinese, english in pairs:
            apart = np.abs(values(chinese, axis) - values(english, axis))
            apart = apart[unseen] if name == "papers" else apart
            figures[axis][f"zh-en gap, {len(apart)} {name}"] = {
                "median": rounded(np.median(apart)),
                "most": rounded(apart.max()),
            }
        lengths = [len(text) for text in posted_texts]
        figures[axis]["correlation with length"] = rounded(np.corrcoef(values(posted, axis), lengths)[0, 1])
    sets = {
        f"{name} {language}": placed
        for name, *both in pairs
        for language, placed in zip(("zh", "en"), both, strict=True)
    }
    sets["posted challenges"] = posted
    figures["correlation of the axes"] = {
        name: rounded(np.corrcoef(values(placed, AXES[0]), values(placed, AXES[1]))[0, 1])
        for name, placed in sets.items()
    }
    figures["quadrants"] = {name: spread_over_quadrants(placed) for name, placed in sets.items()}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
