"""The researcher's form of a capability, its states, and the evidence behind it."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation, User
from accounts.rules import can_act_for
from accounts.selectors.activity import last_edit
from accounts.selectors.organisations import organisations_of
from matchmaker.limits import DRAFTS, EDITS, demand
from matchmaker.plaintext import language_of
from projects.models import Capability
from projects.rules import can_edit_capability
from projects.selectors.access import visible_capabilities
from projects.selectors.places import offered_places
from projects.services import capabilities as service
from projects.services import evidence as evidence_service
from projects.services.editing import ChangedMeanwhile, draft_id
from projects.services.evidence_import import LONGEST_IMPORT
from projects.states import NotAllowed
from projects.web.forms.capabilities import CapabilityForm, EvidenceForm, ImportForm
from projects.web.forms.sent import form_key, version_read
from projects.web.names import organisation_name, person_name, place_name

EVIDENCE_SHOWN = 50
AT = "at:"
"""Stands before the organisation of somebody who offers something themselves."""
BY_SUFFIX = {".bib": "bibtex", ".ris": "ris", ".csv": "csv", ".tsv": "csv"}


@login_required
@require_http_methods(["GET", "POST"])
def capability_new(request: HttpRequest) -> HttpResponse:
    """An empty form; saving it makes a draft."""
    organisations = list(organisations_of(_me(request)).order_by("name_en", "name_zh"))
    choices = _offered_by(request, organisations)
    if request.method == "GET":
        if not person_name(_me(request)):
            messages.info(request, _("First say who you are: firms see your name beside what you offer."))
            return redirect(f"{reverse('profile_edit')}?{urlencode({'next': request.get_full_path()})}")
        return _show(request, CapabilityForm(initial=CapabilityForm.initial_of(None), organisations=choices), None)
    made = draft_id(_me(request), form_key(request))
    if visible_capabilities(request.user).filter(pk=made).exists():  # this very form was sent before
        return _save(request, _editable(request, made))
    form = CapabilityForm(request.POST, organisations=choices)
    if not form.is_valid():
        return _show(request, form, None)
    who, _at, where = form.cleaned_data.get("offered_by", "").partition(AT)
    chosen = next((item for item in organisations if str(item.pk) == (where or who)), None)
    try:
        capability = service.post_capability(
            owner=_me(request),
            organisation=chosen,
            values=form.values(),
            for_organisation=bool(who),
            key=form_key(request),
        )
    except ValidationError as error:
        form.take_errors(error)
        return _show(request, form, None)
    return _saved(request, form, capability)


@login_required
@require_http_methods(["GET", "POST"])
def capability_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form of a capability that exists, with its evidence."""
    version = last_edit(Capability, pk)
    capability = _editable(request, pk)
    if request.method == "GET":
        form = CapabilityForm(initial=CapabilityForm.initial_of(capability))
        return _show(request, form, capability, version=version)
    return _save(request, capability)


def _save(request: HttpRequest, capability: Capability) -> HttpResponse:
    """Changes a capability that exists."""
    version = last_edit(Capability, capability.pk)
    form = CapabilityForm(request.POST, initial=CapabilityForm.initial_of(capability))
    if not form.is_valid():
        return _show(request, form, capability)
    try:
        capability = service.edit_capability(
            capability, by=_me(request), values=form.values(), version=version_read(request)
        )
    except ChangedMeanwhile as error:
        form.take_errors(error)
        return _show(request, form, capability, version=version)
    except ValidationError as error:
        form.take_errors(error)
        return _show(request, form, capability)
    return _saved(request, form, capability)


def _saved(request: HttpRequest, form: CapabilityForm, capability: Capability) -> HttpResponse:
    """After saving: publishes when asked, and says what happened."""
    if request.POST.get("action") == "publish" and not capability.live:
        try:
            service.publish_capability(capability, by=_me(request))
        except ValidationError as error:
            form.take_errors(error)
            return _show(request, form, capability)
        messages.success(request, _("Published. Challenges that share its words are being looked for."))
        return redirect("capability_matches", pk=capability.pk)
    if capability.live:
        messages.success(request, _("Saved. The directory shows the new text, and its matches are being looked for."))
    else:
        messages.success(request, _("Draft saved. Nobody else sees it. Add evidence below, then publish."))
    return redirect("capability_edit", pk=capability.pk)


@login_required
@require_POST
def capability_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Puts a capability into the directory."""
    capability = _editable(request, pk)
    try:
        service.publish_capability(capability, by=_me(request))
    except ValidationError as error:
        form = CapabilityForm(initial=CapabilityForm.initial_of(capability))
        form.forgive()
        form.take_errors(error)
        return _show(request, form, capability)
    except NotAllowed:
        messages.warning(request, _("This is not possible in the state the capability is in."))
        return redirect("capability_edit", pk=pk)
    messages.success(request, _("Published. Challenges that share its words are being looked for."))
    return redirect("capability_matches", pk=pk)


@login_required
@require_POST
def capability_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says that a capability still holds."""
    return _step(request, pk, service.confirm_capability, _("Confirmed. It counts as fresh from today."), "dashboard")


@login_required
@require_POST
def capability_hide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a capability out of the directory for a while."""
    done = _("Hidden. It is in no list until you publish it again.")
    return _step(request, pk, service.hide_capability, done, "capability_edit")


@login_required
@require_POST
def capability_archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a capability out of the directory for good."""
    return _step(request, pk, service.archive_capability, _("Archived. Only you see it now."), "dashboard")


@login_required
@require_POST
def capability_places(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sets from the desk how many projects at the same time a capability takes."""
    given = request.POST.get("max_active", "").strip()
    places = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    try:
        service.edit_capability(_editable(request, pk), by=_me(request), values={"max_active": places})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Saved. The match lists follow the new number of places."))
    return redirect("dashboard")


def _step(request: HttpRequest, pk: UUID, deed: Any, done: str, to: str) -> HttpResponse:
    """One step of a capability's life."""
    capability = _editable(request, pk)
    try:
        deed(capability, by=_me(request))
    except NotAllowed:
        messages.warning(request, _("This is not possible in the state the capability is in."))
    else:
        messages.success(request, done)
    return redirect(to, pk=pk) if to == "capability_edit" else redirect(to)


@login_required
@require_POST
def evidence_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds one item by hand."""
    capability = _editable(request, pk)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        try:
            evidence_service.add_evidence(capability, by=_me(request), values=_item(form))
        except ValidationError as error:
            for column, found in getattr(error, "error_dict", {None: error}).items():
                name = form.FIELD_OF.get(column, column)
                form.add_error(name if name in form.fields else None, ValidationError(found))
        else:
            messages.success(request, _("Added to the evidence."))
            return redirect(f"{_edit_address(pk)}#evidence")
    return _show(request, _unchanged(capability), capability, item_form=form)


def _item(form: EvidenceForm) -> dict[str, Any]:
    """The typed item under the names of its columns, each text in its own language."""
    typed = dict(form.cleaned_data)
    title, summary = typed.pop("title"), typed.pop("summary")
    language = language_of(title)
    return {
        f"title_{language}": title,
        f"summary_{language_of(summary) if summary else language}": summary,
        **typed,
    }


@login_required
@require_POST
def evidence_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reads a pasted list or a file, adds what is new, and reports what was left out and why."""
    capability = _editable(request, pk)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, _unchanged(capability), capability, import_form=form)
    try:
        text, kind = _pasted(form)
        report = evidence_service.import_evidence(capability, by=_me(request), text=text, form=kind)
    except ValidationError as error:
        for column, found in getattr(error, "error_dict", {None: error}).items():
            form.add_error(column if column in form.fields else None, ValidationError(found))
        return _show(request, _unchanged(capability), capability, import_form=form)
    if not report.left_out:
        messages.success(request, _report_words(report))
        return redirect(f"{_edit_address(pk)}#evidence")
    context = {"capability": capability, "report": report, "words": _report_words(report)}
    return render(request, "projects/evidence_report.html", context)


def _pasted(form: ImportForm) -> tuple[str, str]:
    """The list as text and its form; a file's name tells its form, and a file that is no text is refused."""
    upload, kind = form.cleaned_data["file"], form.cleaned_data["form"]
    if upload is None:
        return form.cleaned_data["text"] or "", kind
    if upload.size > 4 * LONGEST_IMPORT:
        raise ValidationError({"file": _("This is more than 3 million characters. Please import it in parts.")})
    raw = upload.read()
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(
            {"file": _("This file is not text. Export the list as BibTeX, RIS or CSV and try again.")}
        )
    for encoding in ("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "gb18030", "big5"):
        try:
            return raw.decode(encoding), BY_SUFFIX.get(PurePath(upload.name).suffix.lower(), kind)
        except UnicodeDecodeError:
            continue
    raise ValidationError({"file": _("This file is not text. Export the list as BibTeX, RIS or CSV and try again.")})


def _report_words(report: evidence_service.ImportReport) -> str:
    """What came of an import, in a sentence."""
    added = ngettext("%(count)d item added.", "%(count)d items added.", report.added) % {"count": report.added}
    if not report.doubled:
        return added
    doubled = ngettext(
        "%(count)d item was on the list already.", "%(count)d items were on the list already.", report.doubled
    ) % {"count": report.doubled}
    return _("%(added)s %(doubled)s") % {"added": added, "doubled": doubled}


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Removes one item; it has no influence from then on."""
    capability = _editable(request, pk)
    found = get_object_or_404(capability.evidence.all(), pk=item)
    evidence_service.remove_evidence(found, by=_me(request))
    messages.success(request, _("Removed. It has no influence on any match from now on."))
    return redirect(f"{_edit_address(pk)}#evidence")


def _me(request: HttpRequest) -> User:
    """The signed-in person."""
    assert isinstance(request.user, User)
    return request.user


def _editable(request: HttpRequest, pk: UUID) -> Capability:
    """The capability, for those who may change it; for all others it is not there."""
    capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
    if not can_edit_capability(request.user, capability):
        raise Http404
    if request.method == "POST":
        demand(_me(request).pk, EDITS if capability.live else DRAFTS)
    return capability


def _edit_address(pk: UUID) -> str:
    """The page of the form."""
    return redirect("capability_edit", pk=pk).url


def _unchanged(capability: Capability) -> CapabilityForm:
    """The form as it is stored, when only the evidence was sent."""
    return CapabilityForm(initial=CapabilityForm.initial_of(capability))


def _offered_by(request: HttpRequest, organisations: list[Organisation]) -> list[tuple[str, str]] | None:
    """The choice between oneself, at one of several organisations, and those one acts for; none when there is nothing to choose."""
    homes = [(f"{AT}{item.pk}", _("Me, at %(name)s") % {"name": organisation_name(item)}) for item in organisations]
    acting = [(str(item.pk), organisation_name(item)) for item in organisations if can_act_for(request.user, item.pk)]
    choices = [("", _("Me")), *(homes if len(homes) > 1 else ()), *acting]
    return choices if len(choices) > 1 else None


def _show(
    request: HttpRequest,
    form: CapabilityForm,
    capability: Capability | None,
    *,
    item_form: EvidenceForm | None = None,
    import_form: ImportForm | None = None,
    version: int | None = None,
) -> HttpResponse:
    """The page with everything that was typed."""
    page = None
    if version is None and capability is not None and not form.is_bound:
        version = last_edit(Capability, capability.pk)
    if capability is not None:
        page = Paginator(capability.evidence.all(), EVIDENCE_SHOWN).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "capability": capability,
        "page": page,
        "item_form": item_form or EvidenceForm(),
        "import_form": import_form or ImportForm(),
        "places": [place_name(place) for place in offered_places()],
        "form_key": form_key(request),
        "version": version_read(request) if version is None else version,
    }
    return render(request, "projects/capability_form.html", context)
