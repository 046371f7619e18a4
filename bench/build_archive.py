"""Build the shipped archive of published records from the raw public collections.

Usage: python bench/build_archive.py DATA_FOLDER [OUTPUT_FOLDER]

DATA_FOLDER holds impact_cases_demo.jsonl, gba_capabilities.jsonl and challenges_demo.jsonl (and, for the English
vocabulary, use2research_dev_candidates.jsonl.gz). What a rule cannot decide is in two tables read by people, beside
the result: institutions.csv (a name as it stands in the source → the clean name) and reviewed.csv (records left out,
titles mended). A third, topics.csv, says in which file and row of the source repository each posted challenge stands;
it was joined by title and text. The same input gives the same bytes; what was left out, and why, is printed.
"""

import csv
import gzip
import html
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

from archive_words import Words, formula

ARCHIVE = Path(__file__).resolve().parents[1] / "projects" / "data" / "archive"
MASKS = re.compile(r"\[(NAME|ORG|FIRM|URL|EMAIL)\]")
ADDRESS = re.compile(r"(?:E-?mail:?\s*)?[\w.+-]+@[\w-]+\.[\w.]*", re.I)
HAN = re.compile(r"[\u4e00-\u9fff]")
SHORTEST_TEXT = 350  # characters; below this a posted challenge says too little to match
TOPICS = "https://github.com/ereidelbach/SBIR/blob/ac9e65d6d14509c7605b6ddd104adc5bbd46128c/Data/Closed_Topics/Phase%201/XLS/"
ALIKE = 0.5  # shared three-word runs; above this two posted challenges are the same call in two years


@dataclass(frozen=True)
class Record:
    """One published record as the site shows and matches it."""

    key: str
    kind: str
    collection: str
    language: str
    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    use_text_en: str = ""
    keywords_zh: tuple[str, ...] = ()
    keywords_en: tuple[str, ...] = ()
    institution_zh: str = ""
    institution_en: str = ""
    city: str = ""
    country: str = ""
    year: int = 0
    source_id: str = ""
    source_url: str = ""
    source_note: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Institution:
    """A reviewed name; empty names mean a department or a name too unclear to show."""

    zh: str
    en: str
    city: str
    country: str


@dataclass(frozen=True)
class Topic:
    """Where a posted challenge stands in its source, and when it was released."""

    file: str
    row: int
    released: str


@dataclass
class Review:
    """What people decided about single records."""

    left_out: dict[str, str] = field(default_factory=dict)
    mended: dict[tuple[str, str], str] = field(default_factory=dict)

    def title(self, source_id: str, name: str, text: str) -> str:
        """The mended title if there is one (an empty one removes a title that is no title), else the text."""
        return self.mended.get((source_id, name), text)


def read_lines(path: Path) -> list[dict[str, object]]:
    """Read a JSONL file, gzipped or plain."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]


def read_review(path: Path) -> Review:
    """Read reviewed.csv: source_id, action, value."""
    review = Review()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["action"] == "leave_out":
                review.left_out[row["source_id"]] = row["value"]
            else:
                review.mended[row["source_id"], row["action"]] = row["value"]
    return review


def read_institutions(path: Path) -> dict[str, Institution]:
    """Read institutions.csv: raw → clean_zh, clean_en, city, country."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["raw"]: Institution(row["clean_zh"], row["clean_en"], row["city"], row["country"])
            for row in csv.DictReader(file)
        }


def read_topics(path: Path) -> dict[str, Topic]:
    """Read topics.csv: source_id → file, row, released."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: Topic(row["file"], int(row["row"]), row["released"]) for row in csv.DictReader(file)}


def reviewed_institution(raw: str, table: dict[str, Institution]) -> Institution:
    """Find a name in the table, also behind a person's name that the source ran into it; refuse unreviewed names."""
    if raw in table:
        return table[raw]
    ends = [known for known in table if len(known) >= 4 and table[known].zh and raw.endswith(known)]
    if not ends:
        raise SystemExit(f"{raw}: not in institutions.csv; read it and add a row.")
    return table[max(ends, key=len)]


# Text


def squeeze(text: str) -> str:
    """Decode entities (twice: the sources escaped some of them twice), drop masks, and make white space single."""
    text = html.unescape(html.unescape(text))
    text = ADDRESS.sub(" ", MASKS.sub(" ", text)).replace("\ufffd", " ").replace("\u00ad", "")
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\s+", " ", text).strip()


def sentences(text: str) -> list[str]:
    """Cut English text after a full stop, question mark or semicolon list; abbreviations and initials stay whole."""
    parts = re.split(r"(?<=[.?!])\s+(?=[A-Z(0-9\"“•])", text)
    whole: list[str] = []
    for part in parts:
        if whole and re.search(r"\b(e\.g|i\.e|etc|Dr|Prof|Fig|vs|No|approx|ref|refs|[A-Z])\.$", whole[-1]):
            whole[-1] += " " + part
        else:
            whole.append(part)
    return whole


def without_torn_end(text: str) -> str:
    """Drop a last sentence that the source cut off, unless little would remain."""
    if not text or text[-1] in ".?!)”\"'":
        return text
    parts = sentences(text)
    kept = " ".join(parts[:-1])
    return kept if len(kept) >= len(text) // 3 else text.rstrip(" ,;:-") + " …"


def vocabulary(data: Path) -> Words:
    """Count words in English that was typed, not scanned."""
    candidates = read_lines(data / "use2research_dev_candidates.jsonl.gz")
    awards = read_lines(data / "firm2univ_dev_candidates.jsonl.gz")
    return Words(str(row["text"]) for row in [*candidates, *awards])


# REF 2014 impact cases


def impact_cases(data: Path, table: dict[str, Institution], review: Review, words: Words) -> Iterator[Record]:
    """The research of a case is its summary and its research section; its use section is kept apart."""
    for row in read_lines(data / "impact_cases_demo.jsonl"):
        source_id = str(row["id"])
        if source_id in review.left_out:
            continue
        number = source_id.removeprefix("cs")
        place = reviewed_institution(str(row["institution"]), table)
        summary, research, use = (
            without_torn_end(case_text(str(row[part]), words)) for part in ("summary", "research", "use")
        )
        yield Record(
            key=f"ref2014-{number}",
            kind="research",
            collection="ref2014",
            language="en",
            title_en=review.title(source_id, "title_en", case_title(str(row["title"]))),
            text_en=f"{summary}\n\n{research}",
            use_text_en=use,
            keywords_en=(str(row["uoa"]),),
            institution_zh=place.zh,
            institution_en=place.en,
            city=place.city,
            country=place.country,
            year=2014,
            source_id=source_id,
            source_url=f"https://impact.ref.ac.uk/casestudies/CaseStudy.aspx?Id={number}",
            source_note=f"REF 2014 impact case study {number}, unit of assessment: {row['uoa']}",
            licence="CC BY 4.0",
        )


def case_title(text: str) -> str:
    """Drop the numbers that universities put before their titles (16., P5 —, Case 2 –, 15-04)."""
    text = re.sub(r"\s*\(CS\d\)$", "", squeeze(text))
    text = re.sub(r"^(Case Study|Case|CS)?\s*[A-Z]{0,3}\d{1,2}([-.]\d{1,2})?\s*[.:)—–-]*\s+(?=\S)", "", text)
    text = re.sub(r"^(Impact )?Case Study:\s*", "", text)
    return re.sub(r"(?<=[A-Za-z])TM\b", "", text).rstrip(" .*")


def case_text(text: str, words: Words) -> str:
    """Drop marks that point to reference lists we do not carry."""
    text = words.apart(squeeze(text).replace("[text removed for publication]", " "))
    pointer = (
        r"(refs?\.?|references?|outputs?|grants?|sources?|section|see|and|[A-Z])?\s*\d{1,2}(\.\d{1,2})?[a-z]?(-[a-z])?"
    )
    text = re.sub(rf"\s*\[\s*{pointer}(\s*[,;–-]\s*{pointer})*\s*\]", "", text)
    text = re.sub(
        rf"\s*\((refs?\.?|references?|outputs?|grants?|sources?|see|R|G|S)\s*{pointer}([\s,;–-]+{pointer})*\s*\)",
        "",
        text,
        flags=re.I,
    )
    text = re.sub(r"\s*\((\d\.\d{1,2}|[RGS]\d{1,2})([\s,;&–-]+(and )?(\d\.\d{1,2}|[RGS]?\d{1,2}))*\)", "", text)
    return re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", re.sub(r"\s{2,}", " ", text)).strip()


# ChinaXiv papers


def papers(data: Path, table: dict[str, Institution], review: Review, words: Words) -> Iterator[Record]:
    """Papers with an address in the bay, in Chinese and (nearly all) English; authors are not carried."""
    for row in read_lines(data / "gba_capabilities.jsonl"):
        source_id = str(row["id"])
        if source_id in review.left_out:
            continue
        number = re.sub(r"V\d+$", "", source_id.removeprefix("ChinaXiv-"))
        places = institutions_of(row["institutions"], table)  # type: ignore[arg-type]
        city, country = place_of(places, row["cities"])  # type: ignore[arg-type]
        text_zh, text_en = chinese(str(row["abstract_zh"])), english(str(row["abstract_en"]), words)
        yield Record(
            key=f"chinaxiv-{number.replace('.', '-')}",
            kind="research",
            collection="chinaxiv",
            language="both" if text_zh and text_en else "zh" if text_zh else "en",
            title_zh=review.title(source_id, "title_zh", chinese_title(str(row["title_zh"]))),
            title_en=review.title(source_id, "title_en", english(str(row["title_en"]), words)),
            text_zh=text_zh,
            text_en=text_en,
            keywords_zh=keywords([chinese(word) for word in row["keywords_zh"]]),  # type: ignore[attr-defined]
            keywords_en=keywords([english(word, words) for word in row["keywords_en"]]),  # type: ignore[attr-defined]
            institution_zh="；".join(place.zh for place in places),
            institution_en="; ".join(place.en for place in places),
            city=city,
            country=country,
            year=int(str(row["year"])),
            source_id=source_id,
            source_url=f"https://chinaxiv.org/abs/{number}",
            source_note=f"{source_id}, CLC {row['clc']}" if row["clc"] else source_id,
            licence="CC BY 4.0",
        )


def institutions_of(raws: list[str], table: dict[str, Institution]) -> list[Institution]:
    """The reviewed institutions of a paper in order, at most three; a hospital or branch stands for its parent."""
    found: list[Institution] = []
    for raw in raws:
        place = reviewed_institution(raw, table)
        if place.zh and place not in found:
            found.append(place)
    return [one for one in found if not any(other.zh != one.zh and other.zh.startswith(one.zh) for other in found)][:3]


def place_of(places: list[Institution], cities: list[str]) -> tuple[str, str]:
    """The bay city that an institution confirms; else the paper's only city where an institution leaves it open."""
    if not places:
        return "", ""
    city = next((place.city for place in places if place.city in cities), "")
    bay = {"Guangzhou", "Shenzhen", "Foshan", "Dongguan", "Zhuhai", "Zhongshan", "Huizhou", "Jiangmen", "Zhaoqing"}
    if not city and len(cities) == 1 and (not places[0].city or places[0].city in bay):
        city = cities[0]
    country = next((place.country for place in places if place.city == city), places[0].country)
    return city, {"Hong Kong": "HK", "Macao": "MO"}.get(city, country)


def english(text: str, words: Words) -> str:
    """English from a scanned page, with formulas, torn and glued words mended."""
    return words.whole(words.apart(formula(squeeze(text))))


def chinese(text: str) -> str:
    """Close the gaps that a scan leaves between Chinese signs, and use Chinese marks between them."""
    text = formula(squeeze(text))
    text = re.sub(r"(?<=[\u4e00-\u9fff，。；：、]) (?=[\u4e00-\u9fff，。；：、])", "", text)
    text = re.sub(
        r"(?<=[\u4e00-\u9fff]) ?([,;:]) ?(?=[\u4e00-\u9fff])", lambda m: {",": "，", ";": "；", ":": "："}[m[1]], text
    )
    return re.sub(r"^[;；\s]*(摘要|【摘要】|\[摘要\])?[：:]?\s*", "", text)


def chinese_title(text: str) -> str:
    """Drop footnote marks that stuck to a title."""
    return re.sub(r"[\s‘’“”*?？]+[0-9i]?$|(?<=[\u4e00-\u9fff])[i1]$", "", chinese(text)).strip()


def keywords(raw: list[str]) -> tuple[str, ...]:
    """Keywords in order, without empty ones, repeats, or several run into one."""
    cleaned = [word.strip(" .,;；，。:：") for word in raw]
    return tuple(dict.fromkeys(word for word in cleaned if word and len(word) <= (14 if HAN.search(word) else 60)))


# Posted challenges (SBIR solicitation topics)

AGENCY_RULES = {
    "Department of Defense": "agency: defence",
    "Department of Homeland Security": "agency: homeland security",
    "Department of Health and Human Services": "agency: medical and clinical",
}
KEPT_OF_HEALTH = {"topic-298738", "topic-686537"}  # safety at work: mining, protective equipment
WEAPONS = re.compile(
    r"\b(weapons?|missiles?|munitions?|warfighters?|war-?fighting|military|battlefield|explosives?|ordnance|army|navy"
    r"|nonproliferation|stockpile stewardship|homeland security|hypersonic|radiological|special nuclear material)\b",
    re.I,
)
CLINICAL = re.compile(
    r"\b(patients?|clinical|clinicians?|astronauts?' health|crew health|disease|diagnosis|therap(y|ies))\b", re.I
)
CENTRES = r"(?:ARC|AFRC|DFRC|GRC|GSFC|JPL|JSC|KSC|LaRC|MSFC|SSC)"
HEADER = re.compile(
    rf"(?:Lead Center|Participating Center\(s\)|OCT Technology Area|Technology Area):?\s*(?:{CENTRES}|TA\d+)(?:,\s*(?:{CENTRES}|TA\d+))*\s*"
)
TAIL = re.compile(
    r"(?:Expected Phase I|Phase (?:I|1)(?: [A-Z][a-z]+)*:|Phase I (?:Activities|Deliverables|Outcomes|expectations)"
    r"|(?:For all above technologies, )?research should be conducted|Questions?,? contact|References?:|REFERENCES)"
)
DROPPED_SENTENCE = re.compile(
    r"\bPhase[s ]*(?:I|II|III|1|2|3)\b|\bTRLs?\b|technology readiness levels? \(|offerors?\b|proposers?\b|applicants?\b"
    r"|solicitation|\bSTTR\b|funding opportunit|point of contact|Executive Order|for award\b|awardees?\b|https?:|www\."
    r"|highly favou?r(?:ed|able)|non-responsive|will (?:not be considered|be declined)|Decadal|this subtopic is|@"
    r"|proposals? (?:should|must|shall) |are encouraged to|commercialization plan|successful proposals?|NASA Centers?\b|subtopic descriptions?|Refer to .{2,40} topic|Key Information|\btopic if\b|CT\d+ topic",
    re.I,
)
SOLICITATION_WORDS = [
    (r"\bThis (?:Small Business Innovation Research )?\(?(?:SBIR)?\)? ?(?:sub-?)?topic (?:area )?", "This topic "),
    (r"\b(?:Small Business Innovation Research|SBIR)(?: \(SBIR\))?(?: program)?\b ?", ""),
    (r"^(?:[A-Z]{1,3}\d{1,2}\.|[A-Z]\.) ", ""),
    (r"Background:\s*|Summary:\s*|Introduction:?\s+(?=The |This )", ""),
    (r"\s*\[\d+(?:\s*[,-]\s*\d+)*\]", ""),
    (r"\s*\((?:for example, |e\.g\.,? |see:? )*(?:https?:|www\.)[^)]*\)", ""),
    (r"\(?\d{3}\)?[- .]\d{3}[- .]\d{4}", ""),
    (r"\? \?-", ""),
]


def challenge_text(title: str, text: str, words: Words) -> str:
    """The problem itself, without its repeated title, headers, phases, funding rules, contacts and addresses."""
    text = words.apart(HEADER.sub(" ", squeeze(text)))
    text = re.sub(
        rf"^\W*(?:[A-Z]{{1,3}}\d{{1,2}}\. )?{re.escape(challenge_title(title))}(?: \([A-Z]{{1,3}}\))?[\s:.-]*(?=[A-Z])",
        "",
        text,
        flags=re.I,
    )
    tail = TAIL.search(text)
    if tail and tail.start() > SHORTEST_TEXT:
        text = text[: tail.start()]
    for pattern, instead in SOLICITATION_WORDS:
        text = re.sub(pattern, instead, text.strip())
    text = without_torn_end(text.strip())
    return re.sub(
        r"\s{2,}",
        " ",
        " ".join(part for part in sentences(text) if len(part) > 12 and not DROPPED_SENTENCE.search(part)),
    ).strip()


def challenge_title(text: str) -> str:
    """A title without shouting or a topic code at its end."""
    text = re.sub(r"\s*\((?:[A-Z]{1,3}|SBIR)\)$", "", squeeze(text))
    return text.capitalize() if text.isupper() else text


def why_left_out(row: dict[str, object], text: str, review: Review) -> str:
    """The first rule that keeps a posted challenge out of the archive, or nothing."""
    source_id, agency = str(row["id"]), str(row["agency"])
    if agency in AGENCY_RULES and source_id not in KEPT_OF_HEALTH:
        return AGENCY_RULES[agency]
    if source_id in review.left_out:
        return "reviewed: " + review.left_out[source_id]
    if WEAPONS.search(f"{row['title']} {row['text']}"):
        return "words: weapons, military, homeland security"
    if source_id not in KEPT_OF_HEALTH and len(CLINICAL.findall(text)) >= 4:
        return "words: clinical"
    return "too short after cleaning" if len(text) < SHORTEST_TEXT else ""


def runs(text: str) -> set[tuple[str, ...]]:
    """Three-word runs, to see whether two calls are the same text."""
    words = re.findall(r"[a-z]+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def challenges(
    data: Path,
    table: dict[str, Institution],
    topics: dict[str, Topic],
    review: Review,
    words: Words,
    left: Counter[str],
) -> Iterator[Record]:
    """Civil technical challenges as their owners posted them; the later of two like calls stays."""
    kept: list[set[tuple[str, ...]]] = []
    rows = read_lines(data / "challenges_demo.jsonl")
    for row in sorted(rows, key=lambda row: (-int(str(row["year"])), str(row["id"]))):
        text = challenge_text(str(row["title"]), str(row["text"]), words)
        mine = runs(text)
        reason = why_left_out(row, text, review)
        if not reason and any(len(mine & other) > ALIKE * min(len(mine), len(other)) for other in kept):
            reason = "the same call in a later year"
        if reason:
            left[reason] += 1
            continue
        kept.append(mine)
        yield challenge_record(row, text, table, topics[str(row["id"])], review)


def challenge_record(
    row: dict[str, object], text: str, table: dict[str, Institution], topic: Topic, review: Review
) -> Record:
    """Shape one posted challenge."""
    source_id, agency = str(row["id"]), reviewed_institution(str(row["agency"]), table)
    return Record(
        key=f"sbir-{source_id.removeprefix('topic-')}",
        kind="challenge",
        collection="sbir",
        language="en",
        title_en=review.title(source_id, "title_en", challenge_title(str(row["title"]))),
        text_en=text,
        institution_zh=agency.zh,
        institution_en=agency.en,
        city=agency.city,
        country=agency.country,
        year=int(str(row["year"])),
        source_id=source_id,
        source_url=f"{TOPICS}{topic.file}.xlsx",
        source_note=f"SBIR topic “{squeeze(str(row['title']))}”, released on {topic.released}; row {topic.row} of the file",
        licence="US Government work; the repository states no licence",
    )


# All together


def left_out_by_people(data: Path, review: Review) -> Counter[str]:
    """How many research records were left out by hand, by reason."""
    names = ("impact_cases_demo.jsonl", "gba_capabilities.jsonl")
    ids = [str(row["id"]) for name in names for row in read_lines(data / name)]
    return Counter("research, reviewed: " + review.left_out[one] for one in ids if one in review.left_out)


def build(data: Path, tables: Path) -> tuple[list[Record], Counter[str]]:
    """All records ordered by key, and how many were left out by which rule."""
    review, table = read_review(tables / "reviewed.csv"), read_institutions(tables / "institutions.csv")
    topics = read_topics(tables / "topics.csv")
    words, left = vocabulary(data), left_out_by_people(data, review)
    records = [
        *impact_cases(data, table, review, words),
        *papers(data, table, review, words),
        *challenges(data, table, topics, review, words, left),
    ]
    records.sort(key=lambda record: record.key)
    if any(one.key == other.key for one, other in pairwise(records)):
        raise SystemExit("Two records share a key.")
    return records, left


def packed(records: list[Record]) -> bytes:
    """One JSON record a line, gzipped without a time stamp so that the same records give the same bytes."""
    lines = "".join(json.dumps(asdict(record), ensure_ascii=False) + "\n" for record in records)
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=9) as file:
        file.write(lines.encode("utf-8"))
    return out.getvalue()


def main(arguments: list[str]) -> None:
    """Write records.jsonl.gz and say what is in it."""
    if not arguments:
        raise SystemExit("Say where the raw collections are: python bench/build_archive.py DATA_FOLDER")
    records, left = build(Path(arguments[0]), ARCHIVE)
    target = Path(arguments[1]) if len(arguments) > 1 else ARCHIVE
    data = packed(records)
    (target / "records.jsonl.gz").write_bytes(data)
    print(f"{len(records)} records, {len(data):,} bytes")
    for collection, count in sorted(Counter(record.collection for record in records).items()):
        print(f"  {collection}: {count}")
    print(f"left out: {sum(left.values())}")
    for reason, count in left.most_common():
        print(f"  {reason}: {count}")


if __name__ == "__main__":
    main(sys.argv[1:])
