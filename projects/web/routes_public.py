"""Addresses of the pages that anyone may open."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
