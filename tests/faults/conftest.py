"""A real site with workers that can be killed."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crew import Crew
from tests.real_services import RealSite

CAPABILITIES = """
from tests.factories import CapabilityFactory, MembershipFactory
topics = ["极片缺陷检测", "超声检测", "港口调度", "量子计算", "节能控制", "第一性原理计算", "机器视觉", "图像分割", "应用性能测试", "推荐算法"]
for number in range(20):
    topic, other = topics[number % 10], topics[(number * 3 + 1) % 10]
    CapabilityFactory(title_zh=f"{topic}与{other}", summary_zh=f"面向{topic}的{other}方法。", methods_zh=other, title_en=f"Topic {number}")
from accounts.services.tokens import make_token
from tests.factories import MembershipFactory
member = MembershipFactory()
answer = make_token(member.user, name="faults", scope="write")[1]
"""


@pytest.fixture(scope="session")
def furnished(real_site: RealSite) -> tuple[RealSite, str]:
    """The site with capabilities, and a firm's key to its API."""
    return real_site, Crew(real_site).tell(CAPABILITIES)


@pytest.fixture(scope="module")
def crew(furnished: tuple[RealSite, str]) -> Iterator[Crew]:
    """Two workers and the schedule on the real PostgreSQL and Redis."""
    made = Crew(furnished[0])
    made.start()
    yield made
    made.stop()


@pytest.fixture
def lone_crew(furnished: tuple[RealSite, str], tmp_path: Path) -> Iterator[Crew]:
    """The same database with a broker address of its own, and nothing running yet."""
    site = furnished[0]
    made = Crew(
        dataclasses.replace(site, environment=dict(site.environment), log=tmp_path / "programs.log", running=[])
    )
    yield made
    made.stop()


@pytest.fixture
def key(furnished: tuple[RealSite, str]) -> str:
    """The firm's key to the API."""
    return furnished[1]
