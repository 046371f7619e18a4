"""Addresses of pages about people and organisations."""

from django.urls import path

from accounts.web.views import members, notices, onboarding, organisations, recognitions, settings, tokens

urlpatterns = [
    path("welcome/", onboarding.welcome, name="welcome"),
    path("organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<uuid:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<uuid:pk>/join/", organisations.organisation_join, name="organisation_join"),
    path("organisations/<uuid:pk>/leave/", members.leave, name="organisation_leave"),
    path("organisations/<uuid:pk>/members/add/", members.add, name="member_add"),
    path("organisations/<uuid:pk>/members/<uuid:person>/role/", members.change_role, name="member_role"),
    path("organisations/<uuid:pk>/members/<uuid:person>/remove/", members.remove, name="member_remove"),
    path("organisations/<uuid:pk>/recognitions/add/", recognitions.add, name="recognition_add"),
    path("organisations/<uuid:pk>/recognitions/<slug:kind>/", recognitions.change, name="recognition_change"),
    path(
        "organisations/<uuid:pk>/recognitions/<slug:kind>/withdraw/",
        recognitions.withdraw,
        name="recognition_withdraw",
    ),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/profile/", settings.profile, name="profile_edit"),
    path("settings/tokens/", tokens.token_list, name="tokens"),
    path("settings/tokens/<uuid:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/stop/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("notices/<uuid:pk>/", notices.open_notice, name="notice"),
    path("theme/", settings.theme, name="theme"),
]
