"""Addresses of the pages for people who signed in."""

from django.urls import path

from projects.web.views import capabilities_edit, challenges_edit, dashboard, invitations, matches

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("challenges/new/", challenges_edit.challenge_new, name="challenge_new"),
    path("challenges/<uuid:pk>/edit/", challenges_edit.challenge_edit, name="challenge_edit"),
    path("challenges/<uuid:pk>/submit/", challenges_edit.challenge_submit, name="challenge_submit"),
    path("challenges/<uuid:pk>/close/", challenges_edit.challenge_close, name="challenge_close"),
    path("challenges/<uuid:pk>/withdraw/", challenges_edit.challenge_withdraw, name="challenge_withdraw"),
    path("challenges/<uuid:pk>/matches/", matches.match_list, name="match_list"),
    path("matches/<uuid:challenge>/<uuid:capability>/", matches.match, name="match"),
    path("matches/<uuid:challenge>/<uuid:capability>/invite/", matches.invite, name="invite"),
    path("capabilities/new/", capabilities_edit.capability_new, name="capability_new"),
    path("capabilities/<uuid:pk>/edit/", capabilities_edit.capability_edit, name="capability_edit"),
    path("capabilities/<uuid:pk>/publish/", capabilities_edit.capability_publish, name="capability_publish"),
    path("capabilities/<uuid:pk>/confirm/", capabilities_edit.capability_confirm, name="capability_confirm"),
    path("capabilities/<uuid:pk>/places/", capabilities_edit.capability_places, name="capability_places"),
    path("capabilities/<uuid:pk>/hide/", capabilities_edit.capability_hide, name="capability_hide"),
    path("capabilities/<uuid:pk>/archive/", capabilities_edit.capability_archive, name="capability_archive"),
    path("capabilities/<uuid:pk>/matches/", matches.capability_matches, name="capability_matches"),
    path("capabilities/<uuid:pk>/evidence/add/", capabilities_edit.evidence_add, name="evidence_add"),
    path("capabilities/<uuid:pk>/evidence/import/", capabilities_edit.evidence_import, name="evidence_import"),
    path(
        "capabilities/<uuid:pk>/evidence/<uuid:item>/remove/", capabilities_edit.evidence_remove, name="evidence_remove"
    ),
    path("invitations/<uuid:pk>/", invitations.invitation, name="invitation"),
    path("invitations/<uuid:pk>/accept/", invitations.invitation_accept, name="invitation_accept"),
    path("invitations/<uuid:pk>/decline/", invitations.invitation_decline, name="invitation_decline"),
    path("invitations/<uuid:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
]
