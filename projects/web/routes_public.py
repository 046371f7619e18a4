"""Addresses of the pages that anyone may open."""

from django.urls import path

from projects.web.views import about, archive, capabilities, challenges, exports, landing, people, quadrant, search

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("try/", landing.preview, name="preview"),
    path("try/<uuid:pk>/", landing.preview_page, name="preview_state"),
    path("search/", search.search, name="search"),
    path("challenges/", challenges.board, name="challenge_board"),
    path("challenges/table.csv", exports.challenges_csv, name="challenge_csv"),
    path("challenges/feed.atom", exports.challenges_feed, name="challenge_feed"),
    path("challenges/<uuid:pk>/", challenges.challenge, name="challenge"),
    path("capabilities/", capabilities.directory, name="capability_directory"),
    path("capabilities/table.csv", exports.capabilities_csv, name="capability_csv"),
    path("capabilities/feed.atom", exports.capabilities_feed, name="capability_feed"),
    path("capabilities/<uuid:pk>/", capabilities.capability, name="capability"),
    path("organisations/<uuid:pk>/", people.organisation, name="organisation"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("quadrant/", quadrant.explorer, name="quadrant"),
    path("quadrant/picture.svg", quadrant.as_svg, name="quadrant_svg"),
    path("quadrant/table.csv", quadrant.as_csv, name="quadrant_csv"),
    path("archive/", archive.records, name="archive"),
    path("archive/<uuid:pk>/", archive.record, name="archive_record"),
    path("archive/<uuid:pk>/claim/", archive.claim, name="archive_claim"),
    path("about/matching/", about.matching, name="how_matching_works"),
    path("about/security/", about.security, name="about_security"),
    path("about/sources/", about.sources, name="about_sources"),
    path("about/accessibility/", about.accessibility, name="about_accessibility"),
]
