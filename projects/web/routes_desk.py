"""Addresses of the pages for people who signed in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
