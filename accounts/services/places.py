"""Places by name."""

from django.db.models import Q
from django.utils.text import slugify

from accounts.models import Place
from matchmaker.plaintext import language_of, tidy_line

BAY_NAMES = {
    "hong-kong": ("香港", "香港", "Hong Kong"),
    "macao": ("澳门", "澳門", "Macao"),
    "guangzhou": ("广州", "廣州", "Guangzhou"),
    "shenzhen": ("深圳", "深圳", "Shenzhen"),
    "zhuhai": ("珠海", "珠海", "Zhuhai"),
    "foshan": ("佛山", "佛山", "Foshan"),
    "huizhou": ("惠州", "惠州", "Huizhou"),
    "dongguan": ("东莞", "東莞", "Dongguan"),
    "zhongshan": ("中山", "中山", "Zhongshan"),
    "jiangmen": ("江门", "江門", "Jiangmen"),
    "zhaoqing": ("肇庆", "肇慶", "Zhaoqing"),
}
"""The eleven cities by key, in both scripts and English: known before anyone has named them."""
OTHER_NAMES = {"macau": "macao", "hongkong": "hong-kong", "hk": "hong-kong", "canton": "guangzhou"}
PROVINCES = ("广东省", "廣東省", "广东", "廣東")
RANKS = ("特别行政区", "特別行政區", "市")


def place_named(text: str) -> Place | None:
    """Finds a place by key or by its name in any language; makes one for a name not seen before. None for no name."""
    name = tidy_line(text)[:80]
    if not name:
        return None
    bare = _bare(name)
    key = OTHER_NAMES.get(bare.lower(), bare.lower().replace(" ", "-"))
    known = Place.objects.filter(
        Q(key=key) | Q(name_en__iexact=bare) | Q(name_zh__in=(name, bare)) | Q(name_hant__in=(name, bare))
    ).first()
    return known or _bay_city(key, bare) or _new(name)


def _bare(name: str) -> str:
    """A Chinese name without its province and rank: 广东省深圳市 is 深圳."""
    for province in PROVINCES:
        name = name.removeprefix(province) or name
    for rank in RANKS:
        if len(name) > len(rank) + 1:
            name = name.removesuffix(rank)
    return name


def _bay_city(key: str, name: str) -> Place | None:
    """One of the eleven cities, written down when it is first named."""
    for known, (zh, hant, en) in BAY_NAMES.items():
        both = slugify(name) == known and (zh in name or hant in name)  # 深圳 Shenzhen
        if both or key == known or name in (zh, hant):
            own = known in ("hong-kong", "macao")
            fields = {"name_zh": zh, "name_hant": hant, "name_en": en, "province_zh": zh if own else "广东"}
            fields |= {
                "province_en": en if own else "Guangdong",
                "country": {"hong-kong": "HK", "macao": "MO"}.get(known, "CN"),
            }
            return Place.objects.get_or_create(key=known, defaults=fields)[0]
    return None


def _new(name: str) -> Place:
    """Writes down a place that is not known. The key spells a Latin name, and encodes any other."""
    chinese = language_of(name) == "zh"
    latin = all(ord(letter) < 0x250 for letter in name)
    key = slugify(name) if latin else ""
    key = key or "place-" + "-".join(f"{ord(letter):x}" for letter in name[:14])
    return Place.objects.get_or_create(key=key[:80], defaults={"name_zh" if chinese else "name_en": name})[0]
