"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView

from projects.api.views import archive, capabilities, challenges, invitations, previews
from projects.api.views.docs import Docs

v1: list[URLPattern | URLResolver] = [
    path("", include("accounts.api.urls")),
    path("challenges/", challenges.ChallengeList.as_view(), name="api_challenges"),
    path("challenges/<uuid:pk>/", challenges.ChallengeDetail.as_view(), name="api_challenge"),
    path("challenges/<uuid:pk>/submit/", challenges.ChallengeSubmit.as_view(), name="api_challenge_submit"),
    path("challenges/<uuid:pk>/close/", challenges.ChallengeClose.as_view(), name="api_challenge_close"),
    path("challenges/<uuid:pk>/withdraw/", challenges.ChallengeWithdraw.as_view(), name="api_challenge_withdraw"),
    path("challenges/<uuid:pk>/publish/", challenges.ChallengePublish.as_view(), name="api_challenge_publish"),
    path(
        "challenges/<uuid:pk>/ask-changes/", challenges.ChallengeAskChanges.as_view(), name="api_challenge_ask_changes"
    ),
    path("challenges/<uuid:pk>/reject/", challenges.ChallengeReject.as_view(), name="api_challenge_reject"),
    path("challenges/<uuid:pk>/matches/", challenges.ChallengeMatches.as_view(), name="api_challenge_matches"),
    path("capabilities/", capabilities.CapabilityList.as_view(), name="api_capabilities"),
    path("capabilities/<uuid:pk>/", capabilities.CapabilityDetail.as_view(), name="api_capability"),
    path("capabilities/<uuid:pk>/publish/", capabilities.CapabilityPublish.as_view(), name="api_capability_publish"),
    path("capabilities/<uuid:pk>/confirm/", capabilities.CapabilityConfirm.as_view(), name="api_capability_confirm"),
    path("capabilities/<uuid:pk>/hide/", capabilities.CapabilityHide.as_view(), name="api_capability_hide"),
    path("capabilities/<uuid:pk>/archive/", capabilities.CapabilityArchive.as_view(), name="api_capability_archive"),
    path("capabilities/<uuid:pk>/evidence/", capabilities.EvidenceList.as_view(), name="api_evidence"),
    path(
        "capabilities/<uuid:pk>/evidence/import/", capabilities.EvidenceImportView.as_view(), name="api_evidence_import"
    ),
    path(
        "capabilities/<uuid:pk>/evidence/<uuid:item>/", capabilities.EvidenceDetail.as_view(), name="api_evidence_item"
    ),
    path("capabilities/<uuid:pk>/matches/", capabilities.CapabilityMatches.as_view(), name="api_capability_matches"),
    path("preview/", previews.PreviewList.as_view(), name="api_previews"),
    path("preview/<uuid:pk>/", previews.PreviewDetail.as_view(), name="api_preview"),
    path("invitations/", invitations.InvitationList.as_view(), name="api_invitations"),
    path("invitations/<uuid:pk>/accept/", invitations.InvitationAccept.as_view(), name="api_invitation_accept"),
    path("invitations/<uuid:pk>/decline/", invitations.InvitationDecline.as_view(), name="api_invitation_decline"),
    path("invitations/<uuid:pk>/withdraw/", invitations.InvitationWithdraw.as_view(), name="api_invitation_withdraw"),
    path("archive/", archive.ArchiveList.as_view(), name="api_archive"),
    path("archive/<uuid:pk>/", archive.ArchiveDetail.as_view(), name="api_archive_record"),
    path("archive/<uuid:pk>/matches/", archive.ArchiveMatches.as_view(), name="api_archive_matches"),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", csrf_exempt(Docs.as_view()), name="api_docs"),  # it only reads; another method is a 405
]
