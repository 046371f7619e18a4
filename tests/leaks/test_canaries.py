"""Words that stand only in confidential or own fields turn up nowhere else, whatever is done with the challenge."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail

from accounts.models import Notice
from matchmaker.queueing.models import Job
from projects.models import Challenge, ConfidentialText, Epoch, Match, SearchText
from projects.services import matching
from projects.services.challenges import edit_challenge
from projects.services.invitations import accept_invitation
from projects.services.moderation import ask_for_changes, open_confidential, publish_challenge, submit_challenge
from tests.factories import DraftFactory
from tests.leaks.site import Site, build, crawl, seeds, settle

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
SECRET = {
    "confidential_background": "zqxvalpha 鬯巭孬",
    "confidential_problem": "zqxvbeta 13900002222",
    "confidential_data": "zqxvgamma",
}
OWN = {
    "payment_nodes": "zqyvalpha",
    "working_level_user": "zqyvbeta",
    "internal_owner": "zqyvgamma",
    "imported_today": "zqyvdelta",
    "substitute_sought": "zqyvepsilon",
    "is_bottleneck": True,
}
SECRETS = ("zqxv", "鬯巭孬", "13900002222")
OWNS = ("zqyv",)


class Ears(logging.Handler):
    """Keeps every line that is logged, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one."""
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """All that is logged during the test."""
    # Draining sets logging up afresh, which forgets what listens at the root.
    ears, names = Ears(), ("matchmaker", "projects", "accounts", "django", "django_structlog")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(ears)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield ears.lines
    for name, level in before.items():
        logging.getLogger(name).removeHandler(ears)
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def lived(logged: list[str]) -> Site:
    """A site on which all has been done that can be done with a challenge, the failing of its work included."""
    site = build(SECRET, OWN)
    owner, moderator = site.people["owner"], site.people["moderator"]
    assert owner is not None
    assert moderator is not None
    firm = site.challenges[0].organisation
    firm.trusted = False
    firm.save()
    draft = DraftFactory(organisation=firm, author=owner, **OWN)
    draft = edit_challenge(draft, by=owner, values={"summary_zh": "新的摘要。"}, confidential=SECRET)
    draft = submit_challenge(draft, by=owner)
    draft = ask_for_changes(draft, by=moderator, seen=draft.fingerprint, note="Please name a figure.")
    draft = submit_challenge(draft, by=owner)
    draft = publish_challenge(draft, by=moderator, seen=draft.fingerprint)
    edit_challenge(draft, by=owner, values={"problem_zh": "又改了的难题。"}, confidential=SECRET)
    open_confidential(draft, by=moderator, reason="A complaint about the wording.")
    invited = site.people["invited"]
    assert invited is not None
    accept_invitation(site.challenges[0].invitations.get(), by=invited)
    settle()
    return site


def dump(models: Any) -> Iterator[tuple[str, str]]:
    """Every value of every row of some models, as text."""
    for model in models:
        for row in model.objects.values():
            yield model.__name__, repr(row)


def holding(words: tuple[str, ...], texts: Any) -> list[Any]:
    """Which of some named texts hold one of the words."""
    return [name for name, text in texts if any(word in text.lower() for word in words)]


def test_no_table_but_their_own_holds_confidential_words(lived: Site) -> None:
    others = [model for model in apps.get_models() if model is not ConfidentialText]

    assert len(holding(SECRETS, dump([ConfidentialText]))) >= 5
    assert Match.objects.exists()
    assert SearchText.objects.exists()
    assert Notice.objects.exists()
    assert Job.objects.exists()
    assert holding(SECRETS, dump(others)) == []
    assert holding(OWNS, dump(model for model in others if model is not Challenge)) == []


def test_word_statistics_and_index_files_hold_none(lived: Site, settings: Any) -> None:
    unpacked = []
    for epoch in Epoch.objects.all():
        with zipfile.ZipFile(io.BytesIO(bytes(epoch.statistics))) as archive:
            unpacked += [(name, archive.read(name)) for name in archive.namelist()]
    files = [(str(path), path.read_bytes()) for path in Path(settings.INDEX_DIR).rglob("*") if path.is_file()]
    texts = [(name, _letters(data)) for name, data in [*unpacked, *files]]

    assert unpacked
    assert files
    assert holding(("缺陷",), texts)
    assert holding((*SECRETS, *OWNS), texts) == []


def _letters(data: bytes) -> str:
    """The text in a file, whether as UTF-8, as an array of letters, or with escapes."""
    plain = data.decode("utf-8", errors="replace")
    escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), plain)
    return plain + data.decode("utf-32-le", errors="replace") + escaped


def test_mails_and_logs_hold_none(logged: list[str], lived: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(challenge: Challenge) -> Any:
        assert challenge.confidential.confidential_data == "zqxvgamma"
        raise RuntimeError("the work fails while it holds the challenge")

    monkeypatch.setattr(matching, "challenge_document", failing)
    edit_challenge(lived.challenges[0], by=lived.challenges[0].author, values={"payment_nodes": "zqyvzeta"})
    matching.queue.match_challenge(lived.challenges[0])
    settle()
    mails = [(mailed.subject, str(mailed.message().as_string()) + mailed.body) for mailed in mail.outbox]

    assert len(mails) >= 4
    assert holding(("the work fails",), enumerate(logged))
    assert holding((*SECRETS, *OWNS), mails) == []
    assert holding((*SECRETS, *OWNS), enumerate(logged)) == []
    assert holding((*SECRETS, *OWNS), dump([Job])) == []


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("anonymous", (*SECRETS, *OWNS)),
        ("outsider", (*SECRETS, *OWNS)),
        ("invited", (*SECRETS, *OWNS)),
        ("researcher", (*SECRETS, *OWNS)),
    ],
)
def test_no_answer_to_the_uncleared_holds_one(lived: Site, role: str, words: tuple[str, ...]) -> None:
    answers = crawl(lived, role, seeds(lived, ()))

    assert len(answers) > 60
    assert holding(words, ((address, body.decode(errors="replace")) for address, body in answers.items())) == []


def test_the_owner_reads_them(lived: Site) -> None:
    answers = crawl(lived, "owner", seeds(lived, ()), most=120)
    texts = [(address, body.decode(errors="replace")) for address, body in answers.items()]

    assert holding(SECRETS, texts)
    assert holding(OWNS, texts)


def test_a_moderator_without_a_reason_reads_none_of_the_confidential_words(lived: Site) -> None:
    ConfidentialReading = apps.get_model("projects", "ConfidentialReading")
    ConfidentialReading.objects.all().delete()

    answers = crawl(lived, "moderator", seeds(lived, ()), most=200)

    texts = [(address, body.decode(errors="replace")) for address, body in answers.items()]
    assert any("/admin/projects/challenge/" in address and "Confidential" in text for address, text in texts)
    assert holding(SECRETS, texts) == []
