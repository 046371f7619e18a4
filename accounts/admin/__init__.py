"""Pages for moderators about people and organisations."""

from accounts.admin import activity, organisations, users

__all__ = ["activity", "organisations", "users"]
