"""The mail with a code says in the reader's language what it is for."""

import re

import pytest
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)
SAID = {
    "en": ("[Matchmaker] Your code", "show that this address is yours"),
    "zh-hans": ("[Matchmaker] 您的验证码", "以确认此邮箱属于您"),
    "zh-hant": ("[Matchmaker] 您的驗證碼", "以確認此電郵屬於您"),
}


@pytest.mark.parametrize("language", SAID)
def test_signing_up_sends_a_code(client: Client, language: str) -> None:
    client.post(f"/{language}/account/signup/", {"email": "chan@university.example"})

    subject, sentence = SAID[language]
    sent = mail.outbox[0]
    assert sent.subject == subject
    assert sentence in sent.body
    assert len(CODE.findall(sent.body)) == 1
    assert ("address" in str(sent.body)) == (language == "en")
