"""The firm's form of a challenge: draft, autosave, hand in, close, take back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation, User
from accounts.rules import can_act_for, roles_of
from accounts.selectors.activity import last_edit
from accounts.selectors.organisations import organisations_of
from matchmaker.limits import DRAFTS, EDITS, demand
from matchmaker.plaintext import language_of
from projects.models import Challenge
from projects.rules import can_edit_challenge
from projects.selectors.access import CONFIDENTIAL_FIELDS, confidential_text, visible_challenges, visible_previews
from projects.selectors.places import offered_places
from projects.services import challenges as service
from projects.services import moderation
from projects.services.editing import ChangedMeanwhile, draft_id
from projects.services.search import rare_words_in_both
from projects.states import NotAllowed
from projects.web.forms.challenges import ChallengeForm, MetricFormSet, metric_rows
from projects.web.forms.sent import form_key, version_read
from projects.web.names import place_name
from projects.web.pasted import pasted

PREFIX = "metrics"


@login_required
@require_http_methods(["GET", "POST"])
def challenge_new(request: HttpRequest) -> HttpResponse:
    """An empty form; the first time it is saved it becomes a draft."""
    assert isinstance(request.user, User)
    firms = _posting_for(request)
    if not firms:
        messages.info(request, _("First say which organisation the challenge comes from."))
        if _pasted(request):
            messages.info(request, _("The problem you pasted is kept and stands in the next form."))
        return redirect(f"{reverse('organisation_new')}?{urlencode({'next': request.get_full_path()})}")
    organisations = firms if len(firms) > 1 else None
    if request.method == "GET":
        form = ChallengeForm(
            initial=ChallengeForm.initial_of(None, None) | _pasted(request), organisations=organisations
        )
        return _show(request, form, _rows(initial=metric_rows(None)), None)
    made = draft_id(request.user, form_key(request))
    if visible_challenges(request.user).filter(pk=made).exists():  # this very form was sent before
        return _save(request, _editable(request, made))
    return _save(request, None, organisations=organisations)


@login_required
@require_http_methods(["GET", "POST"])
def challenge_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form of a challenge that exists."""
    version = last_edit(Challenge, pk)
    challenge = _editable(request, pk)
    if request.method == "POST":
        return _save(request, challenge)
    confidential = confidential_text(request.user, challenge)
    shown = challenge.revised()
    initial = ChallengeForm.initial_of(shown, confidential)
    if confidential is not None and confidential.typed:
        return _show_typed(request, confidential.typed, initial, challenge)
    return _show(request, ChallengeForm(initial=initial), _rows(initial=metric_rows(shown)), challenge, version)


@login_required
@require_POST
def challenge_submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hands a draft in as it is stored; what is missing is shown in the form."""
    challenge = _editable(request, pk)
    try:
        return _handed_in(request, moderation.submit_challenge(challenge, by=_me(request)))
    except NotAllowed:
        messages.warning(request, _("This challenge was handed in already."))
        return redirect("challenge_edit", pk=challenge.pk)
    except ValidationError as error:
        confidential = confidential_text(request.user, challenge)
        initial = ChallengeForm.initial_of(challenge, confidential)
        form = ChallengeForm(initial=initial)
        form.forgive()
        form.is_bound = False
        form.take_errors(error)
        return _show(request, form, _rows(initial=metric_rows(challenge)), challenge)


@login_required
@require_POST
def challenge_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a challenge off the board for good."""
    return _end(request, pk, service.close_challenge, _("The challenge is closed. Everyone can still read it."))


@login_required
@require_POST
def challenge_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a challenge back."""
    return _end(
        request, pk, service.withdraw_challenge, _("The challenge is taken back. Only your organisation sees it now.")
    )


def _end(request: HttpRequest, pk: UUID, deed: Any, done: str) -> HttpResponse:
    """Ends a challenge, and says what that means."""
    challenge = _editable(request, pk)
    try:
        deed(challenge, by=_me(request), reason=request.POST.get("reason", "")[:500])
    except NotAllowed:
        messages.warning(request, _("This is not possible in the state the challenge is in."))
    else:
        messages.success(request, done)
    return redirect("dashboard")


def _posting_for(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations that a person may post for."""
    acting = [pk for pk in roles_of(request.user) if can_act_for(request.user, pk)]
    return organisations_of(_me(request)).filter(pk__in=acting).order_by("name_en", "name_zh")


def _me(request: HttpRequest) -> User:
    """The signed-in person."""
    assert isinstance(request.user, User)
    return request.user


def _editable(request: HttpRequest, pk: UUID) -> Challenge:
    """The challenge, for those who may change it; for all others it is not there."""
    challenge = get_object_or_404(visible_challenges(request.user), pk=pk)
    if not can_edit_challenge(request.user, challenge):
        raise Http404
    return challenge


def _pasted(request: HttpRequest) -> dict[str, Any]:
    """The problem that the visitor pasted on the landing page, so that nobody types it twice."""
    asked, visitor = request.GET.get("preview", ""), request.session.get("visitor", "")
    try:
        preview = visible_previews(visitor).filter(pk=UUID(asked)).first()
    except ValueError:
        return {}
    text = preview.text if preview is not None else pasted(request)
    return {"problem": text, "language": language_of(text)} if text else {}


def _save(request: HttpRequest, challenge: Challenge | None, *, organisations: Any = None) -> HttpResponse:
    """Takes what was sent: another row, an autosave, a draft, or a draft to hand in."""
    form = ChallengeForm(request.POST, initial=ChallengeForm.initial_of(challenge, None), organisations=organisations)
    deed = request.POST.get("action", "save")
    if deed == "row":
        form.forgive()
        return _show(request, form, _one_more_row(request), challenge)
    if deed == "discard" and challenge is not None:
        service.forget_typed(challenge)
        messages.success(request, _("Discarded. The form shows what is saved."))
        return redirect("challenge_edit", pk=challenge.pk)
    rows = _rows(request.POST)
    if deed == "autosave":
        return _autosave(request, form, rows, challenge)
    if not (form.is_valid() and rows.is_valid()):
        return _show(request, form, rows, challenge)
    values = form.values() | rows.lists(form.chosen_language)
    version = last_edit(Challenge, challenge.pk) if challenge else None
    try:
        challenge = _store(request, form, challenge, values)
    except ChangedMeanwhile as error:
        form.take_errors(error)
        return _show(request, form, rows, challenge, version)
    except ValidationError as error:
        form.take_errors(error)
        return _show(request, form, rows, challenge)
    except NotAllowed:
        form.add_error(None, _("The public text cannot change while proposals are being decided. Nothing was saved."))
        return _show(request, form, rows, challenge)
    if deed != "submit":
        messages.success(request, _saved_words(challenge))
        return redirect("challenge_edit", pk=challenge.pk)
    try:
        return _handed_in(request, moderation.submit_challenge(challenge, by=_me(request)))
    except NotAllowed:
        messages.success(request, _saved_words(challenge))
        return redirect("challenge_edit", pk=challenge.pk)
    except ValidationError as error:
        form.take_errors(error)
        return _show(request, form, rows, challenge)


def _store(request: HttpRequest, form: ChallengeForm, challenge: Challenge | None, values: dict[str, Any]) -> Challenge:
    """Creates or changes through the one service; who acts for one organisation is not asked which. Raises ValidationError."""
    if challenge is not None:
        demand(_me(request).pk, EDITS if challenge.live else DRAFTS)
        confidential, version = form.confidential(), version_read(request)
        challenge = service.edit_challenge(
            challenge, by=_me(request), values=values, confidential=confidential, version=version
        )
        service.forget_typed(challenge)
        return challenge
    chosen = form.cleaned_data.get("organisation") or _posting_for(request).first()
    if chosen is None:
        raise ValidationError(_("Choose the organisation that posts the challenge."))
    return service.post_challenge(
        author=_me(request),
        organisation=chosen,
        values=values,
        confidential=form.confidential(),
        key=form_key(request),
    )


def _saved_words(challenge: Challenge) -> str:
    """What saving meant."""
    if challenge.pending:
        return _("Saved. The published version stays until a moderator has read the new one.")
    if challenge.live:
        return _("Saved. The new text is published, and its matches are being looked for.")
    return _("Draft saved. Only your organisation sees it.")


def _handed_in(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    """Says what happens next, on the page with the matches."""
    if challenge.live:
        messages.success(request, _("Published. The matches follow below."))
    else:
        messages.success(
            request,
            _("Handed in. A moderator reads it before it is published, and you will be told. Your matches are below."),
        )
    return redirect("match_list", pk=challenge.pk)


def _autosave(request: HttpRequest, form: ChallengeForm, rows: Any, challenge: Challenge | None) -> HttpResponse:
    """Saves what can be saved of a draft, and says so; what is typed later is kept beside, and changes nothing yet."""
    if challenge is not None and challenge.state not in service.DRAFT_STATES:
        return _keep(request, form, challenge)
    form.is_valid()
    version = 0 if challenge is None else version_read(request)
    values = form.values()
    left_out = [name for name in form.errors if name in form.fields]
    if rows.is_valid():
        values |= rows.lists(form.chosen_language)
    for _try in (1, 2):
        try:
            challenge = _store(request, form, challenge, values)
            break
        except ChangedMeanwhile as error:
            context: dict[str, Any] = {"challenge": challenge, "overtaken": error.messages[0]}
            return render(request, "projects/challenge_form_saved.html", context | {"version": version})
        except ValidationError as error:
            wrong = getattr(error, "error_dict", {})
            left_out += [name for column in wrong if (name := form.field_of(column))]
            values = {name: value for name, value in values.items() if name not in wrong}
    else:
        started = form.cleaned_data.get("title") and form.cleaned_data.get("problem")
        context = {"challenge": challenge, "missing": not started, "left_out": _labels(form, left_out)}
        return render(
            request, "projects/challenge_form_saved.html", context | {"version": version if challenge else None}
        )
    labels = _labels(form, left_out)
    context = {"challenge": challenge, "at": _clock(timezone.now()), "left_out": labels, "version": version}
    response = render(request, "projects/challenge_form_saved.html", context)
    address = reverse("challenge_edit", args=[challenge.pk])
    if request.path != address:
        response["HX-Replace-Url"] = address
    return response


def _keep(request: HttpRequest, form: ChallengeForm, challenge: Challenge) -> HttpResponse:
    """Keeps what is typed into the form of a challenge that was handed in, unsaved, and says so."""
    names = [name for name in request.POST if name in (*form.fields, "version") or name.startswith(f"{PREFIX}-")]
    try:
        service.keep_typed(challenge, fields={name: request.POST.getlist(name) for name in names})
    except NotAllowed:  # somebody ended it meanwhile
        return HttpResponse(status=204)
    context = {"challenge": challenge, "kept": _clock(timezone.now()), "version": version_read(request)}
    return render(request, "projects/challenge_form_saved.html", context)


def _show_typed(
    request: HttpRequest, typed: dict[str, Any], initial: dict[str, Any], challenge: Challenge
) -> HttpResponse:
    """The form as somebody left it without saving."""
    data = QueryDict(mutable=True)
    for name, values in typed["fields"].items():
        data.setlist(name, values)
    form, rows = ChallengeForm(data, initial=initial), _rows(data)
    form.forgive()
    rows.is_valid()
    began = data.get("version", "")
    version = int(began) if began.isdigit() else None
    return _show(request, form, rows, challenge, version, typed_at=datetime.fromisoformat(typed["at"]))


def _clock(moment: datetime) -> str:
    """The time of day as the form says it."""
    return formats.time_format(timezone.localtime(moment), "H:i")


def _rows(data: QueryDict | None = None, **kwargs: Any) -> Any:
    """The figures as rows of the form."""
    return MetricFormSet(data, prefix=PREFIX, **kwargs)


def _labels(form: ChallengeForm, names: list[str]) -> list[str]:
    """How some fields are called, each once."""
    return [str(form.fields[name].label) for name in dict.fromkeys(names)]


def _one_more_row(request: HttpRequest) -> Any:
    """The figures as typed, with an empty row added."""
    data = request.POST.copy()
    name = f"{PREFIX}-TOTAL_FORMS"
    count = data.get(name, "0")
    data[name] = str(min(int(count) + 1 if count.isascii() and count.isdigit() else 1, 40))
    rows = _rows(data)
    rows.is_valid()
    return rows


def _show(
    request: HttpRequest,
    form: ChallengeForm,
    rows: Any,
    challenge: Challenge | None,
    version: int | None = None,
    *,
    typed_at: datetime | None = None,
) -> HttpResponse:
    """The page with everything that was typed; it began with the ``version`` given, else with the one that was sent."""
    if version is None and challenge is not None and not form.is_bound:
        version = last_edit(Challenge, challenge.pk)
    context = {
        "form": form,
        "rows": rows,
        "readiness": [form["trl_current"], form["trl_target"]],
        "challenge": challenge,
        "typed_at": typed_at,
        "draft": challenge is None or challenge.state in service.DRAFT_STATES,
        "places": [place_name(place) for place in offered_places()],
        "rare_words": _leaks(form),
        "missing": _missing(challenge, form),
        "form_key": form_key(request),
        "version": version_read(request) if version is None else version,
        "autosave_url": request.path,
    }
    return render(request, "projects/challenge_form.html", context)


def _leaks(form: ChallengeForm) -> list[str]:
    """Rare words of the confidential boxes that also stand in the public ones. A hint, never a reason to refuse."""
    secret = "\n".join(str(form[name].value() or "") for name in CONFIDENTIAL_FIELDS if name in form.fields)
    if not secret.strip():
        return []
    public = "\n".join(str(form[name].value() or "") for text in form.TEXTS for name in (text, f"{text}_other"))
    return rare_words_in_both(secret[:40_000], public[:200_000])


def _missing(challenge: Challenge | None, form: ChallengeForm) -> list[dict[str, str]]:
    """What publication still needs of a saved draft, each with the place of its field."""
    if challenge is None or challenge.state not in service.DRAFT_STATES:
        return []
    try:
        service.check_publishable(challenge)
    except ValidationError as error:
        order = list(form.fields)
        found = [
            (name, told[0])
            for column, told in error.message_dict.items()
            if (name := form.field_of(column)) is not None
        ]
        found.sort(key=lambda one: order.index(one[0]))
        return [{"anchor": form[name].auto_id, "text": text} for name, text in found]
    return []
