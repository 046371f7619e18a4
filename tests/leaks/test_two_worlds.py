"""Two sites that differ only in confidential words look alike, byte by byte, to everyone who is not cleared."""

from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from projects.services import documents
from tests.leaks.site import LANGUAGES, Site, ask, build, crawl, differences, every_object, seeds

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
ONE = {
    "confidential_background": "绝密浆料配方 with graphene dispersant",
    "confidential_problem": "复合材料超声检测",
    "confidential_data": "vendor list 13800001111",
}
OTHER = {
    "confidential_background": "机密隔膜工艺 for sodium separators, a longer text than the first one",
    "confidential_problem": "港口泊位调度",
    "confidential_data": "",
}
WORDS = ("绝密浆料", "graphene", "隔膜工艺")
LEAST_COMPARED = 1_100
"""More answers of each world than this are compared, in about half a minute of computing."""
ROLES = ("anonymous", "outsider", "invited", "researcher", "moderator")


def read(secrets: dict[str, str], roles: tuple[str, ...], settings: Any, folder: Path) -> dict[str, bytes]:
    """Builds a world, reads all of it as each role, and takes it away again."""
    settings.INDEX_DIR = folder
    cache.clear()
    found: dict[str, bytes] = {}
    with transaction.atomic():
        site = build(secrets)
        for role in roles:
            found |= {f"{role} {address}": body for address, body in _look(site, role).items()}
        transaction.set_rollback(True)
    return found


def _lines(one: dict[str, bytes], other: dict[str, bytes], address: str) -> list[str]:
    """What differs at an address, for whoever has to find out why."""
    texts = [world.get(address, b"").decode(errors="replace").splitlines() for world in (one, other)]
    return [line[:300] for line in unified_diff(*texts, n=0, lineterm="")][:20]


def _look(site: Site, role: str) -> dict[str, bytes]:
    """What one person sees: every page and API answer, and answers to pasted words. Nobody reads every page three times."""
    start = seeds(site, WORDS)
    if role == "anonymous":
        start += [
            address.replace("/en/", f"/{code}/", 1)
            for address in start
            for code in LANGUAGES[1:]
            if address.startswith("/en/")
        ]
    pages = crawl(site, role, start)
    objects = every_object(site)
    pages |= crawl(site, role, objects, most=len(objects))
    for word in WORDS:
        pages |= {f"paste {word} {number}": body for number, body in enumerate(ask(site, role, f"{word} 检测"))}
        cache.clear()
    return pages


def test_confidential_words_change_nothing_for_the_uncleared(settings: Any, tmp_path: Path) -> None:
    one = read(ONE, ROLES, settings, tmp_path / "one")
    other = read(OTHER, ROLES, settings, tmp_path / "other")

    assert len(one) > LEAST_COMPARED
    assert sum(body.startswith(b"200") for body in one.values()) > 300
    differing = differences(one, other)
    assert not differing, "\n".join([*differing, *_lines(one, other, differing[0])])


def test_the_owner_sees_the_difference(settings: Any, tmp_path: Path) -> None:
    one = read(ONE, ("owner",), settings, tmp_path / "one")
    other = read(OTHER, ("owner",), settings, tmp_path / "other")

    differing = differences(one, other)
    assert any("/en/challenges/" in address for address in differing)
    assert any("/api/v1/challenges/" in address for address in differing)


def test_a_matcher_that_reads_confidential_words_is_found_out(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = documents.challenge_document

    def leaky(challenge: Any) -> Any:
        secret = getattr(challenge, "confidential", None)
        challenge.problem_zh += secret.confidential_problem if secret else ""
        return honest(challenge)

    monkeypatch.setattr("projects.services.matching.challenge_document", leaky)
    one = read(ONE, ("researcher",), settings, tmp_path / "one")
    other = read(OTHER, ("researcher",), settings, tmp_path / "other")

    assert differences(one, other)
