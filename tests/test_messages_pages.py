"""Pages in Chinese: no English sentence of ours is left on them, and the two scripts do not mix."""

import html.parser
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import opencc
import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, trans_real

from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    ProfileFactory,
)

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
PUBLIC = (
    "landing challenge_board capability_directory quadrant search archive how_matching_works about_security about_sources "
    "about_accessibility account_login account_signup account_reset_password"
).split()
SIGNED_IN = (
    "dashboard notices settings profile_edit tokens welcome organisation_new challenge_new capability_new account_logout"
).split()
WORDS = re.compile(r"[A-Za-z][a-z'’]+(?:[ ,;:]+[A-Za-z'’]+)+|^[A-Z][a-z]+$")
"""Two English words in a row, or one that stands alone: a label, a button."""
NAMES = re.compile(
    r"Matchmaker|Apache License 2\.0|OpenAPI|English|Person \d+|Guangdong|"
    r"REF 2014|CC(?:0| BY) [\d.]+|US Government work|BibTeX|RIS|ORCID"
)
"""Names that stay as they are in Chinese."""
SHARED = {
    "zh_Hans": "著乾瞭於",
    "zh_Hant": "床台里范布余卷了后系面只采准占干制周松于表才舍志致著別出曲斗丑谷回几征游咸向云郁折注吁",
}
"""Characters that OpenCC would change one by one, and that the script has as well."""


class Visible(html.parser.HTMLParser):
    """Collects the text and the labels that a reader of Chinese meets; what is marked as English or as a name is left out."""

    HIDDEN = frozenset({"script", "style", "code", "pre", "cite", "textarea"})
    VOID = frozenset(
        {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    )
    LABELS = frozenset({"aria-label", "title", "placeholder", "alt", "data-text", "data-label"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.stack: list[tuple[str, bool]] = [("", False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        away = self.stack[-1][1] or tag in self.HIDDEN or given.get("translate") == "no"
        if "lang" in given:
            away = away or given["lang"].startswith("en")
        if not away:
            self.found += [given[name] for name in sorted(self.LABELS & given.keys())]
        if tag not in self.VOID:
            self.stack.append((tag, away))

    def handle_endtag(self, tag: str) -> None:
        while len(self.stack) > 1 and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.stack[-1][1] and data.strip():
            self.found.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    """Returns what is left in English on a page."""
    reader = Visible()
    reader.feed(page)
    return [text for text in reader.found if WORDS.search(NAMES.sub("", text).strip())]


def script() -> ModuleType:
    """Loads ``locale/messages.py``; ``locale`` is no package, for Python has a module of that name."""
    spec = importlib.util.spec_from_file_location("messages_script_of_pages", ROOT / "locale" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Brings the compiled messages up to date, as ``./run`` does before it starts anything."""
    script().compile_all(ROOT)
    trans_real._translations.clear()  # type: ignore[attr-defined]


def entries(language: str) -> list[polib.POEntry]:
    """Returns every message of a language that the code says."""
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    return [entry for entry in catalogue if not entry.obsolete]


def texts_of(entry: polib.POEntry) -> list[str]:
    """Returns the translated forms of a message, one for most."""
    return [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]


def translations(language: str) -> list[str]:
    """Returns every translation of a language."""
    return [text for entry in entries(language) for text in texts_of(entry)]


def strangers(texts: list[str], folding: str, language: str) -> dict[str, str]:
    """Returns the characters of the other script with a text they stand in; ``folding`` leads out of that script."""
    folded = opencc.OpenCC(folding)
    signs = {sign: text for text in texts for sign in text if sign not in SHARED[language]}
    return {sign: text for sign, text in signs.items() if folded.convert(sign) != sign}


def test_english_is_seen_where_it_is_left() -> None:
    page = """<html lang="zh-Hans"><title>Sign in</title><p>电池 battery</p><p lang="en">Fast tomography of foils</p>
    <button aria-label="Close the panel">关闭</button><img alt="两轴图"><p>请稍候 please wait</p><a>Save</a><b translate="no">Royal Society of Somewhere</b><code>a plain word</code></html>"""

    assert english(page) == ["Sign in", "Close the panel", "请稍候 please wait", "Save"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.django_db
def test_public_page_has_no_english_sentence(client: Client, name: str, language: str) -> None:
    ArchiveRecordFactory(title_zh="复合材料超声成像", text_zh="相控阵超声检测分层缺陷。", institution_zh="某大学")
    pair = MatchFactory()
    EvidenceFactory(capability=pair.capability, title_zh="极片缺陷识别")
    with translation.override(language):
        address = reverse(name)

    page = client.get(address)

    assert page.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "zh-Hant"}"'.lower() in page.content.decode().lower()
    assert english(page.content.decode()) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_page_of_one_object_has_no_english_sentence(client: Client, language: str) -> None:
    pair = MatchFactory()
    EvidenceFactory(capability=pair.capability, title_zh="极片缺陷识别")
    invitation = InvitationFactory(challenge=pair.challenge, capability=pair.capability, message="想与贵团队谈一谈。")
    ProfileFactory(user=pair.capability.owner)
    with translation.override(language):
        public = [
            reverse("challenge", args=[pair.challenge.pk]),
            reverse("capability", args=[pair.capability.pk]),
            reverse("organisation", args=[pair.challenge.organisation.pk]),
            reverse("person", args=[pair.capability.owner.pk]),
        ]
        own = [
            reverse("match_list", args=[pair.challenge.pk]),
            reverse("match", args=[pair.challenge.pk, pair.capability.pk]),
            reverse("challenge_edit", args=[pair.challenge.pk]),
            reverse("invitation", args=[invitation.pk]),
        ]

    left = {address: english(client.get(address).content.decode()) for address in public}
    client.force_login(pair.challenge.author)
    answers = {address: client.get(address) for address in own}

    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(own, 200)
    left |= {address: english(answer.content.decode()) for address, answer in answers.items()}
    assert {address: words for address, words in left.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SIGNED_IN)
@pytest.mark.django_db
def test_page_of_a_person_has_no_english_sentence(client: Client, name: str, language: str) -> None:
    person = MembershipFactory().user
    ChallengeFactory(author=person)
    CapabilityFactory(owner=person)
    client.force_login(person)
    with translation.override(language):
        address = reverse(name)

    page = client.get(address)

    assert page.status_code == 200
    assert english(page.content.decode()) == []


def test_traditional_messages_have_no_simplified_character() -> None:
    texts = translations("zh_Hant")

    assert len(texts) > 1000
    assert strangers(["电池", *texts], "s2t", "zh_Hant") == {"电": "电池"}


def test_simplified_messages_have_no_traditional_character() -> None:
    texts = translations("zh_Hans")

    assert len(texts) > 1000
    assert strangers(["電池", *texts], "t2s", "zh_Hans") == {"電": "電池"}


@pytest.mark.parametrize(("language", "marks"), [("zh_Hans", "「」『』"), ("zh_Hant", "“”‘’")])
def test_each_script_has_its_own_quotation_marks(language: str, marks: str) -> None:
    assert [text for text in translations(language) if set(text) & set(marks)] == []


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_between_chinese_characters_stand_full_width_marks(language: str) -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")

    assert [text for text in translations(language) if half_width.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_no_space_is_typed_between_chinese_and_latin(language: str) -> None:
    typed = re.compile(r"[\u4e00-\u9fff] +[A-Za-z0-9%{]|[A-Za-z0-9%})] +[\u4e00-\u9fff]")

    assert [text for text in ["共有 3项", *translations(language)] if typed.search(text)] == ["共有 3项"]


def test_texts_of_the_sources_have_no_typed_space_either() -> None:
    sources = json.loads((ROOT / "projects" / "data" / "archive" / "sources.json").read_text(encoding="utf-8"))
    typed = re.compile(r"[\u4e00-\u9fff] +\w|\w +[\u4e00-\u9fff]")

    texts = [text for source in sources for name, text in source.items() if name.endswith("_zh")]

    assert len(texts) >= 9
    assert [text for text in texts if typed.search(text)] == []


@pytest.mark.parametrize(
    ("language", "other"), [("zh_Hans", r"(?<!公开)文献库"), ("zh_Hant", r"裏|隊列|列表|所有者|閲|(?<!公開)文獻庫")]
)
def test_one_word_stands_for_one_idea(language: str, other: str) -> None:
    assert [text for text in translations(language) if re.search(other, text)] == []


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_only_letters_say_you(language: str) -> None:
    polite = {
        name
        for entry in entries(language)
        for name, _line in entry.occurrences
        if any("您" in text for text in texts_of(entry))
    }

    assert polite
    assert {name for name in polite if "/email/" not in name or "sentence" in name} == set()


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_pages_do_not_speak_of_the_machine(language: str) -> None:
    machine = re.compile(
        r"\b(index(ed|es)?|jobs?|vectors?|caches?|leases?|epochs?)\b|索引|作业|作業|向量|缓存|緩存", re.I
    )
    pages = [
        entry
        for entry in entries(language)
        if any(name.startswith("templates/") and "/admin/" not in name for name, _line in entry.occurrences)
    ]

    assert len(pages) > 500
    assert [entry.msgid for entry in pages if machine.search(" ".join([entry.msgid, *texts_of(entry)]))] == []


def test_words_of_the_calendar_are_not_ours() -> None:
    with translation.override("zh-hans"):
        assert gettext("May") == "五月"
