"""The system administrator's tables: accounts, networks with their first coordinators, the map. Nobody's daily work."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from .models import AdminUnit, Membership, Network, Placement, Project, ProjectPartner, User

# The one place for signing in, so that its lock and its refusal of demo accounts hold here too.
admin.site.login = secure_admin_login(admin.site.login)


class LowerEmail:
    """One address, one spelling: people type capitals at random."""

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class NewAccountForm(LowerEmail, AdminUserCreationForm):
    pass


class AccountForm(LowerEmail, UserChangeForm):
    pass


@admin.register(User)
class AccountAdmin(UserAdmin):
    form, add_form = AccountForm, NewAccountForm
    list_display = ["username", "name", "email", "is_active", "is_superuser", "is_demo"]
    list_filter = ["is_active", "is_superuser", "is_demo"]
    search_fields = ["username", "name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["name", "email", "language"]}),
        (_("System"), {"fields": ["is_active", "is_staff", "is_superuser", "is_demo", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "email", "language", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = []


@admin.register(Network)
class NetworkAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    fields = ["code", "name", "name_ru", "name_kk", "brand", "brand_weak"]


class PlacementInline(admin.TabularInline):
    model = Placement
    fk_name = "unit"
    extra = 0
    autocomplete_fields = ["parent"]


@admin.register(AdminUnit)
class AdminUnitAdmin(admin.ModelAdmin):
    list_display = ["name", "level", "kato", "valid_from", "valid_until"]
    list_filter = ["level"]
    search_fields = ["name", "kato"]
    fields = ["level", "name", "name_ru", "name_kk", "kato", "valid_from", "valid_until"]
    inlines = [PlacementInline]


class ProjectPartnerInline(admin.TabularInline):
    model = ProjectPartner
    extra = 0


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ["code", "title", "network", "start", "end"]
    list_filter = ["network"]
    search_fields = ["code", "title"]
    filter_horizontal = ["centres"]
    fields = [
        "network",
        "code",
        *("title", "title_ru", "title_kk"),
        *("start", "end"),
        *("goals", "goals_ru", "goals_kk"),
        *("expected_results", "expected_results_ru", "expected_results_kk"),
        "centres",
    ]
    inlines = [ProjectPartnerInline]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "network", "centre", "project", "from_date", "until_date"]
    list_filter = ["role", "network"]
    list_select_related = ["user", "network", "centre", "project"]
    search_fields = ["user__name", "user__username", "user__email"]
    autocomplete_fields = ["user"]
