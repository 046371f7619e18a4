"""Deeds about challenges, capabilities, matches and the archive."""
