"""Cleans what people type, before anything is stored."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\u00ad]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_LINES = re.compile(r"\n{3,}")
_HANT = frozenset(
    "電檢測與對機學習術業環們這個來時過從發動開關標準實驗現應應質產線層級藝鋰極陰陽薄膜數據網絡設備醫療車輛港澳臺灣體變壓調節"
)
_HANS = frozenset(
    "电检测与对机学习术业环们这个来时过从发动开关标准实验现应质产线层级艺锂极阴阳薄膜数据网络设备医疗车辆港澳台湾体变压调节"
)


def tidy(text: str) -> str:
    """Removes NUL, control, bidirectional-override and zero-width characters, and folds runs of blanks and empty lines.

    The wording stays as it was typed; emoji sequences and both Chinese scripts survive. Composed characters are joined (NFC).
    """
    text = _SURROGATES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ZERO_WIDTH.sub("", _BIDI.sub("", _CONTROLS.sub("", text)))
    text = unicodedata.normalize("NFC", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def tidy_line(text: str) -> str:
    """Like tidy, for a title or name: one line."""
    return " ".join(tidy(text).split())


def script_of(text: str) -> str:
    """Guesses the script of a Chinese text: ``hant``, ``hans``, or ``""`` when nothing tells."""
    letters = set(text)
    hant, hans = len(letters & (_HANT - _HANS)), len(letters & (_HANS - _HANT))
    return "" if hant == hans else "hant" if hant > hans else "hans"


def language_of(text: str) -> str:
    """Guesses the main language of a text: ``zh`` when at least a tenth of its letters are Chinese, else ``en``."""
    letters = [letter for letter in text if letter.isalpha()]
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    return "zh" if letters and chinese * 10 >= len(letters) else "en"
