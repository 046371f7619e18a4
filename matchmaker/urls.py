"""Where every address leads."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from matchmaker.health import healthz, readyz
from matchmaker.rest import not_found

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/", include("projects.api.urls")),
    path("api", not_found),
    path("api/", not_found),
    path("api/<path:path>", not_found),
    *i18n_patterns(
        path("account/", include("allauth.urls")),
        path("", include("accounts.web.urls")),
        path("", include("projects.web.urls")),
    ),
]
