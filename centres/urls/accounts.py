"""Signing in and passwords: those of allauth's addresses that we want, under allauth's names."""

from allauth.account import views as allauth
from django.urls import path, re_path

from ..views import accounts as views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),  # closed: says how one gets an account
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
    path("password/reset/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]
