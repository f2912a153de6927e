"""Signing in and out, by Django's own views, and choosing one's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nguon.kit import clock
from nguon.people import actions
from nguon.people.asking import person_of
from nguon.people.forms import OwnPasswordForm, SignInForm

sign_in = LoginView.as_view(
    template_name="people/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
sign_out = LogoutView.as_view()


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose one's own password. Whoever has an initial one has just typed it and is not asked for it again."""
    asker = person_of(request)
    form = OwnPasswordForm(asker, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_own_password(actor=asker, password=form.cleaned_data["new_password1"], now=clock.now())
        update_session_auth_hash(request, asker)
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("home")
    return render(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)
