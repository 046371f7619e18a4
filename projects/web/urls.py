"""Addresses of pages about challenges, capabilities and matches."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
