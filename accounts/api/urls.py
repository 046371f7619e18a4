"""API addresses about people and organisations."""

from django.urls import path

from accounts.api.views.notices import NoticeList, NoticeRead
from accounts.api.views.organisations import OrganisationDetail, OrganisationList
from accounts.api.views.people import Me
from accounts.api.views.recognitions import (
    RecognitionConfirm,
    RecognitionDetail,
    RecognitionList,
    RecognitionRefuse,
)
from accounts.api.views.tokens import TokenView

urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="api_token"),
    path("me/", Me.as_view(), name="api_me"),
    path("notices/", NoticeList.as_view(), name="api_notices"),
    path("notices/<uuid:pk>/read/", NoticeRead.as_view(), name="api_notice_read"),
    path("organisations/", OrganisationList.as_view(), name="api_organisations"),
    path("organisations/<uuid:pk>/", OrganisationDetail.as_view(), name="api_organisation"),
    path("organisations/<uuid:pk>/recognitions/", RecognitionList.as_view(), name="api_recognitions"),
    path("organisations/<uuid:pk>/recognitions/<slug:kind>/", RecognitionDetail.as_view(), name="api_recognition"),
    path(
        "organisations/<uuid:pk>/recognitions/<slug:kind>/confirm/",
        RecognitionConfirm.as_view(),
        name="api_recognition_confirm",
    ),
    path(
        "organisations/<uuid:pk>/recognitions/<slug:kind>/refuse/",
        RecognitionRefuse.as_view(),
        name="api_recognition_refuse",
    ),
]
