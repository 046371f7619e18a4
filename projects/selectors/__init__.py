"""Reads challenges, capabilities, matches and the archive for someone."""
