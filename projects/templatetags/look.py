"""Tags that only shape what is shown: bars, languages of a text, addresses of the same page in another language."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.urls import get_script_prefix
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from matchmaker.plaintext import script_of

register = template.Library()

LANG_ATTRIBUTES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
THEMES = ("light", "dark")
BAND_STEPS = {"strong": 5, "possible": 3, "weak": 1}
QUADRANT_SHAPES = {"bohr": "▲", "pasteur": "●", "edison": "■", "fourth": "◆"}


@register.filter
def lang_attribute(code: str) -> str:
    """Returns the value for ``lang=`` of a Django language code: ``zh-hans`` is written ``zh-Hans``."""
    return LANG_ATTRIBUTES.get(code, code)


@register.simple_tag(takes_context=True)
def same_page_in(context: Mapping[str, Any], code: str) -> str:
    """Returns the address of the page being shown, query included, in another language."""
    request = context.get("request")
    if request is None:
        return f"/{code}/"
    before, path = f"{get_script_prefix()}{get_language()}/", request.get_full_path()
    return f"{get_script_prefix()}{code}/{path.removeprefix(before)}" if path.startswith(before) else path


@register.simple_tag(takes_context=True)
def theme(context: Mapping[str, Any]) -> str:
    """Returns the reader's choice of light or dark: from the account, else the cookie, else as the device says."""
    request = context.get("request")
    if request is None:
        return "system"
    chosen = getattr(getattr(request, "user", None), "theme", "") or ""
    if chosen not in THEMES:
        chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "system"


def _read(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


def _shown_language(source: Any, name: str) -> str:
    """Returns ``zh`` or ``en``: the reader's own where that text exists, else the other."""
    wanted, other = ("en", "zh") if (get_language() or "en").startswith("en") else ("zh", "en")
    return wanted if _read(source, f"{name}_{wanted}") or not _read(source, f"{name}_{other}") else other


@register.filter
def localized(source: Any, name: str) -> str:
    """Returns ``name_zh`` or ``name_en``: the reader's language where there is one, else the other."""
    return str(_read(source, f"{name}_{_shown_language(source, name)}") or "")


@register.filter
def text_lang(source: Any, name: str) -> str:
    """Returns the ``lang`` attribute of what ``localized`` shows."""
    return "en" if _shown_language(source, name) == "en" else chinese_lang(source, _read(source, f"{name}_zh"))


@register.filter
def other_text(source: Any, name: str) -> str:
    """Returns the version of a text that ``localized`` does not show; empty when there is none."""
    shown = _shown_language(source, name)
    return str(_read(source, f"{name}_{'zh' if shown == 'en' else 'en'}") or "")


@register.filter
def other_lang(source: Any, name: str) -> str:
    """Returns the ``lang`` attribute of ``other_text``."""
    return "en" if _shown_language(source, name) == "zh" else chinese_lang(source, _read(source, f"{name}_zh"))


def chinese_lang(source: Any, text: Any) -> str:
    """Returns the ``lang`` attribute of a Chinese text: by the ``script`` of its row, else by its own letters."""
    script = _read(source, "script")
    if script is None:  # evidence and archived records note none
        script = script_of(str(text or ""))
    return "zh-Hant" if script == "hant" else "zh-Hans"


@register.simple_tag
def step_bar(value: float | None, steps: int = 6) -> SafeString:
    """Draws a value between 0 and 1 as filled steps. Give the value in words beside it: the bar itself is not read out."""
    filled = min(steps, max(0, round(float(value or 0) * steps)))
    return format_html('<span class="steps of{} f{}" aria-hidden="true"></span>', steps, filled)


@register.simple_tag
def part_items(parts: Iterable[Any]) -> SafeString:
    """Lists the parts of a match with name, bar and word. Parts come in steps of a tenth, so each line is made once."""
    language = get_language() or ""
    lines = (_part_item(_read(part, "name"), _read(part, "value"), language) for part in parts)
    return SafeString("".join(lines))


@lru_cache(maxsize=1000)
def _part_item(name: str, value: float | None, language: str) -> SafeString:
    bar, word = step_bar(value), level_word(value)
    line = '<li><span class="part-name">{}</span> {} <span class="quiet">{}</span></li>'
    return format_html(line, part_word(name), bar, word)


@register.simple_tag
def facts_line(parts: Iterable[Any]) -> SafeString:
    """Writes short facts one after the other; a list of fifty rows has hundreds of them."""
    return SafeString("".join(f"<span>{conditional_escape(part)}</span>" for part in parts))


@register.simple_tag
def row_head(row: Mapping[str, Any], noun: str, level: int | str = 2) -> SafeString:
    """Writes the heading of a row: the link to it, and chips for what is new and for its state. A list has fifty of them."""
    lang = format_html(' lang="{}"', row["title_lang"]) if row.get("title_lang") else ""
    new = format_html(' <span class="chip new">{}</span>', gettext("new")) if row.get("is_new") else ""
    level_word, word = row.get("state_level", ""), row.get("state")
    state = format_html(' <span class="chip {}">{}</span>', level_word, word) if word else ""
    head = '<h{} id="{}-{}"><a href="{}"{}>{}</a>{}{}</h{}>'
    level = level or 2
    return format_html(head, level, noun, row["id"], row["href"], lang, row["title"], new, state, level)


@register.simple_tag
def row_target(target: Mapping[str, Any] | None) -> SafeString:
    """Writes the figure today and the one wanted; nothing for none."""
    if not target:
        return SafeString("")
    line = '<p class="target">{}{}<span class="number">{} → {} {}</span></p>'
    colon = pgettext("between a name and what it says", ": ")
    return format_html(line, target["name"], colon, target["now"], target["wanted"], target["unit"])


@register.simple_tag
def row_text(text: str, lang: str, kind: str) -> SafeString:
    """Writes a line of text in its language; nothing for none."""
    return format_html('<p class="{}" lang="{}">{}</p>', kind, lang or "", text) if text else SafeString("")


@register.simple_tag
def card_facts(match: Any) -> SafeString:
    """Writes the second line of a match card: who, how fresh, room left, kind of pair, what was done so far."""
    facts: list[Any] = list(_read(match, "who") or ())
    if year := _read(match, "evidence_year"):
        facts.append(gettext("evidence %(year)s") % {"year": year})
    if total := _read(match, "places_total"):
        facts.append(
            gettext("%(free)s of %(total)s places free") % {"free": _read(match, "places_free"), "total": total}
        )
    if kind := _read(match, "pair_kind"):
        facts.append(kind)
    line = format_html_join("", "<span>{}</span>", ((fact,) for fact in facts))
    done = _read(match, "state_text")
    return line + format_html('<span class="state">{}</span>', done) if done else line


@register.simple_tag
def card_head(match: Any, level: int | str = 2) -> SafeString:
    """Writes the heading of a match card, its rank before the title, and the band in steps and words."""
    level, key, rank, lang = level or 2, _read(match, "id"), _read(match, "rank"), _read(match, "title_lang")
    before = format_html('<span class="rank">{}</span> ', rank) if rank else ""
    written_in = format_html(' lang="{}"', lang) if lang else ""
    band = _read(match, "band")
    head = '<h{} id="match-{}-title">{}<a href="{}"{}>{}</a></h{}>\n<p class="band">{} {}</p>'
    title, href = _read(match, "title"), _read(match, "href")
    return format_html(head, level, key, before, href, written_in, title, level, band_steps(band), band_word(band))


@register.simple_tag
def card_evidence(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Lists the evidence that carries most of a match, each with its share and year."""
    line, from_word, own = "<li><b>{}</b> {} {}{}</li>", gettext("from"), gettext("its description")
    made = []
    for item in items:
        lang = format_html(' lang="{}"', item["lang"]) if item.get("lang") else ""
        source = format_html("<cite{}>{}</cite>", lang, item["label"]) if item.get("label") else own
        year = f" ({item['year']})" if item.get("year") else ""
        made.append(format_html(line, percent(item["share"]), from_word, source, year))
    return SafeString("".join(made))


@register.simple_tag
def card_blockers(blockers: Iterable[Mapping[str, str]]) -> SafeString:
    """Lists what stands in the way of a match."""
    chip = '<li class="chip blocker"><span class="chip-icon" aria-hidden="true">!</span>{}</li>'
    return format_html_join("", chip, ((blocker["text"],) for blocker in blockers))


@register.simple_tag
def reason_terms(reasons: Iterable[Any]) -> SafeString:
    """Writes the shared words of a match, each pair of words of two languages with an arrow between."""
    plain, pair = (
        '<span class="term">{}{}</span>',
        '<span class="term"><span lang="zh">{}</span> ↔ <span lang="en">{}</span></span>',
    )
    made = []
    for reason in reasons:
        words = _read(reason, "pair")
        gloss = term_gloss(_read(reason, "gloss"))
        made.append(format_html(pair, *words) if words else format_html(plain, _read(reason, "term"), gloss))
    return SafeString("".join(made))


@register.filter
def term_gloss(gloss: str | None) -> SafeString:
    """Writes, small and in brackets, what a word of the other language means to the reader; nothing for none."""
    lang = "en" if gloss and gloss.isascii() else "zh-Hans"
    return format_html(' <small lang="{}">({})</small>', lang, gloss) if gloss else SafeString("")


@register.simple_tag
def place_rows(rows: Iterable[Any]) -> SafeString:
    """Writes the table beneath a quadrant picture; a picture of all items has hundreds of rows."""
    line = '<tr><th scope="row"{}>{}</th><td>{}</td><td>{} {}{}</td><td class="number">{} ± {}</td><td class="number">{} ± {}</td></tr>'
    unsure = format_html(' <span class="quiet">{}</span>', gettext("unsure"))
    corners: dict[str, tuple[SafeString, str]] = {}
    made = []
    for row in rows:
        lang = format_html(' lang="{}"', row.lang) if row.lang else ""
        label = format_html('<a href="{}">{}</a>', row.href, row.label) if row.href else row.label
        if row.tag and row.tag != row.side_word:
            label = format_html('<span class="rank">{}</span> {}', row.tag, label)
        numbers = (f"{value:.2f}" for value in (row.understanding, row.sd_u, row.use, row.sd_a))
        if row.quadrant not in corners:
            corners[row.quadrant] = quadrant_shape(row.quadrant), quadrant_word(row.quadrant)
        corner = (*corners[row.quadrant], unsure if row.hollow else "")
        made.append(format_html(line, lang, label, row.side_word, *corner, *numbers))
    return SafeString("".join(made))


@register.simple_tag
def facet_items(options: Iterable[Mapping[str, Any]]) -> SafeString:
    """Writes the options of a facet as links with their counts; a list has a hundred of them."""
    made = []
    for item in options:
        current = ' aria-current="true"' if item.get("active") else ""
        lang = f' lang="{escape(item["lang"])}"' if item.get("lang") else ""
        link = f'<a href="{escape(item["href"])}"{current}{lang} rel="nofollow">{conditional_escape(item["label"])}</a>'
        made.append(f'<li>{link} <span class="count-quiet">{escape(item.get("count", ""))}</span></li>')
    return SafeString("".join(made))


@register.filter
def band_steps(band: str) -> SafeString:
    """Draws a band as five steps: strong 5, possible 3, weak 1."""
    return format_html('<span class="steps of5 f{}" aria-hidden="true"></span>', BAND_STEPS.get(band, 0))


@register.filter
def band_word(band: str) -> str:
    """Names a band of matches."""
    words = {
        "strong": pgettext("match band", "Strong match"),
        "possible": pgettext("match band", "Possible match"),
        "weak": pgettext("match band", "Weak match"),
    }
    return words.get(band, band)


@register.filter
def part_word(name: str) -> str:
    """Names a part of the score."""
    words = {
        "relevance": pgettext("part of a match", "Relevance"),
        "pasteur_fit": pgettext("part of a match", "Pasteur fit"),
        "complement": pgettext("part of a match", "Complement"),
        "feasibility": pgettext("part of a match", "Feasible"),
    }
    return words.get(name, name)


@register.filter
def level_word(value: float | None) -> str:
    """Says in words how high a value between 0 and 1 is; None is one of which nothing is known."""
    if value is None:
        return pgettext("level", "not known")
    if value >= 0.8:
        return pgettext("level", "very high")
    if value >= 0.6:
        return pgettext("level", "high")
    if value >= 0.4:
        return pgettext("level", "fair")
    if value >= 0.2:
        return pgettext("level", "low")
    return pgettext("level", "very low")


@register.filter
def quadrant_word(name: str) -> str:
    """Names a quadrant."""
    words = {
        "bohr": pgettext("quadrant", "Bohr"),
        "pasteur": pgettext("quadrant", "Pasteur"),
        "edison": pgettext("quadrant", "Edison"),
        "fourth": pgettext("quadrant", "Unnamed"),
    }
    return words.get(name, name)


@register.filter
def quadrant_shape(name: str) -> SafeString:
    """Draws the shape that stands for a quadrant, coloured by the style sheet. The name stands beside it."""
    shape = QUADRANT_SHAPES.get(name)
    return (
        format_html('<span class="q-mark q-{}" aria-hidden="true">{}</span>', name, shape) if shape else SafeString("")
    )


@register.filter
def percent(share: float) -> str:
    """Writes a share between 0 and 1 as a whole number of percent, the sign as the reader's language sets it."""
    return pgettext("share", "%(n)s %%") % {"n": round(float(share or 0) * 100)}


@register.filter
def elided_pages(page: "Page[Any]") -> Iterator[int | str]:
    """Yields the page numbers worth showing around the current one, with an ellipsis for each gap."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def page_address(context: Mapping[str, Any], number: int, name: str = "") -> str:
    """Returns the address of another page of a list, which the address calls ``page`` unless a name is given; the rest is kept."""
    query = context["request"].GET.copy()
    query[name or "page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def control(field: BoundField, note: str = "") -> SafeString:
    """Renders a form field's input, tied to its help, its note and its errors for screen readers."""
    described = [
        f"{field.auto_id}_{part}"
        for part, there in (("helptext", field.help_text), ("note", note), ("error", field.errors))
        if there
    ]
    if field.use_fieldset or not described:
        return field.as_widget()
    return field.as_widget(attrs={"aria-describedby": " ".join(described)})


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """Tells whether the field is one box to tick, whose label stands after it."""
    return field.widget_type == "checkbox"
