"""Addresses of pages about challenges, capabilities and matches."""

from projects.web import routes_desk, routes_public

urlpatterns = [*routes_public.urlpatterns, *routes_desk.urlpatterns]
