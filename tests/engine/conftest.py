"""A small bilingual world: five capabilities and the challenges they answer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from matchmaker.engine.documents import EvidenceItem, Facts, MatchDocument, Passage
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics

# The first example of a run loads dictionaries; a time limit on single examples would measure that and the machine's load.
settings.register_profile("engine", deadline=None)
settings.load_profile("engine")

CAPABILITIES = {
    "battery": (
        ("title_en", "Ageing mechanisms of lithium-ion batteries under fast charging"),
        ("summary_zh", "研究锂离子电池快速充电时的容量衰减机理，用原位成像观察析锂。"),
    ),
    "vision": (
        ("title_zh", "基于深度学习的表面缺陷检测"),
        ("summary_zh", "用少样本学习识别极片划痕与气孔，已在产线试用。"),
    ),
    "soil": (
        ("title_en", "Soil organic carbon and microbial diversity in mangrove wetlands"),
        ("summary_en", "We measure how salinity changes soil respiration along the coast."),
    ),
    "radar": (
        ("title_zh", "毫米波雷達的近場成像"),
        ("summary_zh", "以稀疏陣列與壓縮感知重建橋樑內部的裂紋。"),
    ),
    "silk": (
        ("title_en", "Dyeing of silk textiles with less wastewater"),
        ("summary_en", "Supercritical carbon dioxide replaces water in the dyeing process."),
    ),
}

CHALLENGES = {
    "cells": (
        ("title_zh", "动力电池快充老化"),
        ("problem_zh", "锂离子电池快速充电后容量衰减，不清楚机理。"),
    ),
    "scratches": (
        ("title_en", "Surface defect detection with deep learning"),
        ("problem_en", "Few-shot detection of scratches and pores on the production line."),
    ),
    "bridge": (
        ("title_zh", "桥梁裂纹雷达成像"),
        ("problem_en", "We need millimeter wave radar imaging of cracks inside a concrete bridge."),
    ),
}

Maker = Callable[..., MatchDocument]


def capability(key: str, *texts: tuple[str, str], facts: Facts | None = None) -> MatchDocument:
    """Makes a capability whose second and later passages are evidence."""
    own = tuple(Passage(field, text) for field, text in texts[:1])
    evidence = tuple(
        EvidenceItem(f"{key}-{place}", text, "paper", 2020, (Passage(field, text),))
        for place, (field, text) in enumerate(texts[1:])
    )
    return MatchDocument(key, "capability", own, evidence, facts or Facts())


def challenge(key: str, *texts: tuple[str, str], facts: Facts | None = None) -> MatchDocument:
    """Makes a challenge."""
    return MatchDocument(key, "challenge", tuple(Passage(field, text) for field, text in texts), (), facts or Facts())


@pytest.fixture(scope="session")
def capabilities() -> list[MatchDocument]:
    return [capability(key, *texts) for key, texts in CAPABILITIES.items()]


@pytest.fixture(scope="session")
def challenges() -> list[MatchDocument]:
    return [challenge(key, *texts) for key, texts in CHALLENGES.items()]


@pytest.fixture(scope="session")
def statistics(capabilities: list[MatchDocument], challenges: list[MatchDocument]) -> Statistics:
    return Statistics.fit([*capabilities, *challenges])


@pytest.fixture
def index(tmp_path: Path, capabilities: list[MatchDocument], statistics: Statistics) -> MatchIndex:
    return MatchIndex.build(tmp_path / "capabilities", capabilities, statistics)


@pytest.fixture
def challenge_index(tmp_path: Path, challenges: list[MatchDocument], statistics: Statistics) -> MatchIndex:
    return MatchIndex.build(tmp_path / "challenges", challenges, statistics)
