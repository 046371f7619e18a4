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
    "與學對組爲結測時數於機電國間計進發實個線統驗過動關體細達顯檢應變醫兩標態預術現熱網圖試設單較產點區類業異廣質構"
    "經調絡優論無處廠響層傳壓導運減車療樣環氣長轉務觀會換採隨價規節評開來場題聯該參識選證誤藥問習斷東從裝葉義萬聲維"
    "針強確條報徑鏡劑庫頻語視將備級積護狀譜碼頭給戶離傷織帶記極劃約臨載診雙訓連資總軟掃風濃協擴錄鍾決屬門樹議號腫邊"
    "損紋擬討適燒監獲穩項礎續養儀員練費腸塊陽遷脈膠腎綜負師勢當儲綠塗縮輸況則階銅緩創雜補夠華溼緣園編見輔這擇輪歸鹽"
    "釋腦顆錯紅貨險遠橋寬鐵為濕鐘輛鋰陰們藝灣鉑訂詞讀軌跡遞鄰殘薦轄"
)
_HANS = frozenset(
    "与学对组为结测时数于机电国间计进发实个线统验过动关体细达显检应变医两标态预术现热网图试设单较产点区类业异广质构"
    "经调络优论无处厂响层传压导运减车疗样环气长转务观会换采随价规节评开来场题联该参识选证误药问习断东从装叶义万声维"
    "针强确条报径镜剂库频语视将备级积护状谱码头给户离伤织带记极划约临载诊双训连资总软扫风浓协扩录钟决属门树议号肿边"
    "损纹拟讨适烧监获稳项础续养仪员练费肠块阳迁脉胶肾综负师势当储绿涂缩输况则阶铜缓创杂补够华湿缘园编见辅这择轮归盐"
    "释脑颗错红货险远桥宽铁们锂辆阴艺湾铂订词读轨迹递邻残荐辖"
)
"""The letters that differ most often in technical texts, in both scripts; a letter that stands in both is left out."""


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
    hant, hans = len(letters & _HANT), len(letters & _HANS)
    return "" if hant == hans else "hant" if hant > hans else "hans"


def language_of(text: str) -> str:
    """Guesses the main language of a text: ``zh`` when at least a tenth of its letters are Chinese, else ``en``."""
    letters = [letter for letter in text if letter.isalpha()]
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    return "zh" if letters and chinese * 10 >= len(letters) else "en"
