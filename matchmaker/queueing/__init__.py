"""Requests for work as database rows. The row is the truth; Celery only carries its id."""
