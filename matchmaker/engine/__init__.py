"""Turns public texts of challenges and capabilities into ranked, explained matches. Knows nothing of the site around it."""
