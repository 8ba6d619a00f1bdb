from django.contrib.auth import views as django_views
from django.urls import path, reverse_lazy

from accounts import forms, views
from accounts.views import partners, role_table, second_factor, second_step, support

app_name = "accounts"
RESET_DONE = reverse_lazy("accounts:password_reset_complete")
RESET_SENT = reverse_lazy("accounts:password_reset_done")

urlpatterns = [
    path("log-in/", views.LogIn.as_view(), name="log_in"),
    path("log-in/second-step/", second_step.second_step, name="second_step"),
    path("log-out/", django_views.LogoutView.as_view(), name="log_out"),
    path("language/", views.language, name="language"),
    path(
        "password-reset/",
        django_views.PasswordResetView.as_view(
            form_class=forms.AskReset,
            template_name="accounts/password_reset.html",
            email_template_name="accounts/password_reset.txt",
            subject_template_name="accounts/password_reset_subject.txt",
            success_url=RESET_SENT,
        ),
        name="password_reset",
    ),
    path(
        "password-reset/sent/",
        django_views.PasswordResetDoneView.as_view(template_name="accounts/password_reset_sent.html"),
        name="password_reset_done",
    ),
    path(
        "password-reset/<uidb64>/<token>/",
        django_views.PasswordResetConfirmView.as_view(
            form_class=forms.NewPassword, template_name="accounts/password_new.html", success_url=RESET_DONE
        ),
        name="password_reset_confirm",
    ),
    path(
        "password-reset/done/",
        django_views.PasswordResetCompleteView.as_view(template_name="accounts/password_changed.html"),
        name="password_reset_complete",
    ),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/app/", second_factor.second_app, name="second_app"),
    path("second-factor/passkey/", second_factor.second_passkey, name="second_passkey"),
    path("second-factor/<int:pk>/remove/", second_factor.second_remove, name="second_remove"),
    path("second-factor/recovery-codes/", second_factor.second_codes, name="second_codes"),
    path("second-factor/recovery-codes/new/", second_factor.second_codes_new, name="second_codes_new"),
    path("second-factor/recovery-codes/text/", second_factor.second_codes_text, name="second_codes_text"),
    path("second-factor/recovery-codes/kept/", second_factor.second_codes_kept, name="second_codes_kept"),
    path(
        "organisations/<slug:slug>/members/<int:pk>/second-factor/", second_factor.second_reset, name="member_reset"
    ),
    path("roles/", role_table.role_table, name="roles"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.organisation_new, name="organisation_new"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/edit/", partners.organisation_edit, name="organisation_edit"),
    path("organisations/<slug:slug>/suspend/", partners.organisation_suspend, name="organisation_suspend"),
    path("organisations/<slug:slug>/reinstate/", partners.organisation_reinstate, name="organisation_reinstate"),
    path("organisations/<slug:slug>/first-administrator/", support.first_administrator, name="first_administrator"),
    path("organisations/<slug:slug>/support/ask/", support.support_ask, name="support_ask"),
    path("organisations/<slug:slug>/support/<int:pk>/", support.support, name="support"),
    path("organisations/<slug:slug>/support/<int:pk>/begin/", support.support_begin, name="support_begin"),
    path("organisations/<slug:slug>/support/<int:pk>/<slug:name>/", support.support_step, name="support_step"),
    path("support/leave/", support.support_leave, name="support_leave"),
    path("organisations/<slug:slug>/contacts/new/", partners.contact_new, name="contact_new"),
    path("organisations/<slug:slug>/contacts/<int:pk>/remove/", partners.contact_remove, name="contact_remove"),
    path("organisations/<slug:slug>/deputies/new/", partners.deputy_new, name="deputy_new"),
    path("organisations/<slug:slug>/deputies/<int:pk>/end/", partners.deputy_end, name="deputy_end"),
    path("organisations/<slug:slug>/members/new/", views.member_new, name="member_new"),
    path("organisations/<slug:slug>/members/<int:pk>/", views.member, name="member"),
    path("organisations/<slug:slug>/members/<int:pk>/end/", views.end_membership, name="end_membership"),
    path("organisations/<slug:slug>/mandates/new/", views.mandate_new, name="mandate_new"),
    path("organisations/<slug:slug>/mandates/<int:pk>/confirm/", views.mandate_confirm, name="mandate_confirm"),
    path("organisations/<slug:slug>/mandates/<int:pk>/withdraw/", views.mandate_withdraw, name="mandate_withdraw"),
]
