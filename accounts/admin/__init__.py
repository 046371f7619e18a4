"""Pages for moderators about people and organisations."""

from accounts.admin import activity, organisations, recognitions, users

__all__ = ["activity", "organisations", "recognitions", "users"]
