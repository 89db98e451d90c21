from django.urls import path

from ..views import accounts, people

app_name = "people"
urlpatterns = [
    path("", people.people_list, name="list"),
    path("me/", accounts.profile, name="profile"),
    path("invite/", people.invite, name="invite"),
    path("invitations/<int:pk>/send-again/", people.send_again, name="send_again"),
    path("invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("memberships/<int:pk>/end/", people.end, name="end"),
    path("<int:pk>/role/", people.role, name="role"),
]
