"""Pages for moderators about challenges, capabilities, claims and work."""

from projects.admin import archive, capabilities, challenges, jobs

__all__ = ["archive", "capabilities", "challenges", "jobs"]
