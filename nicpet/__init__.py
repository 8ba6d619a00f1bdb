"""The wiring: settings, urls, Celery, WSGI. No domain."""

from nicpet.celery import app as celery_app

__all__ = ["celery_app"]
