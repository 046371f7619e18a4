"""Reading one's notices."""

import pytest

from accounts.choices import NoticeKind
from accounts.selectors.notices import notices_for, unread_count
from accounts.services.notices import mark_read, tell
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_reads_their_own_notices_newest_first_and_no_copy_of_a_mail() -> None:
    mine, other = UserFactory(), UserFactory()
    for number, person in enumerate((mine, mine, other)):
        tell(person, event_key=str(number), kind=NoticeKind.NEW_MATCH, data={}, path="")

    assert [notice.event_key for notice in notices_for(mine)] == ["1", "0"]
    assert [unread_count(person) for person in (mine, other)] == [2, 1]

    mark_read(mine)
    assert [unread_count(person) for person in (mine, other)] == [0, 1]
    assert notices_for(mine).count() == 2
