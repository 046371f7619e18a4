"""Deeds about people, organisations and notices."""
