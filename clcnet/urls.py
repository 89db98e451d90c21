"""Every address of the system."""

from django.contrib import admin
from django.urls import include, path

from centres.views import accounts
from training.views import verification

from . import views

urlpatterns = [
    path("", views.today, name="today"),
    path("language/", views.language, name="language"),
    path("accounts/", include("centres.urls.accounts")),
    path("invitations/<str:token>/", accounts.invitation, name="invitation"),
    path("certificates/", verification.search, name="certificate_search"),
    path("certificates/<str:code>/", verification.public, name="certificate_public"),
    path("people/", include("centres.urls.people")),
    path("centres/", include("centres.urls.centres")),
    path("training/", include("training.urls")),
    path("monitoring/", include("monitoring.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
