"""Times the running demo as its users feel it: posted → stored matches, preview, page memory.

    ./run demo                      (in another terminal, on a quiet machine)
    ./run bench site [URL]

It signs in as the demo firm through the API, posts challenges made from the shipped demo texts, and waits for their matches. The
posted challenges are withdrawn again at the end. Times are wall clock, so close other programs first.
"""

import json
import re
import statistics
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 20
LISTS = (
    "", "challenges/?page_size=50", "challenges/?q=battery", "challenges/?q=%E7%94%B5%E6%B1%A0", "challenges/table.csv",
    "capabilities/?page_size=50", "capabilities/?q=%E5%82%AC%E5%8C%96", "capabilities/feed.atom", "quadrant/", "quadrant/picture.svg",
    "archive/", "archive/?q=membrane", "search/?q=polymer", "search/?q=%E9%AB%98%E5%88%86%E5%AD%90", "about/matching/",
)  # fmt: skip
TEXTS = ("title", "summary", "background", "problem", "use_context", "understanding_sought")


class Site:
    """Speaks JSON with the demo."""

    def __init__(self, base: str) -> None:
        self.base, self.token = base.rstrip("/"), ""
        self.token = self.ask("POST", "auth/token/", {"email": "firm@demo.example", "password": "demo"})["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Sends one request and reads the answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Token {self.token}"} if self.token else {}
        )
        request = urllib.request.Request(f"{self.base}/api/v1/{path}", data=data, method=method, headers=headers)  # noqa: S310 - the address is the caller's own
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return json.load(answer)


def bodies() -> list[dict[str, Any]]:
    """Challenges to post, from the shipped demo texts."""
    found = []
    for path in sorted((ROOT / "projects" / "data" / "demo").glob("challenges_*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            texts = {f"{name}_{tongue}": row.get(f"{name}_{tongue}", "") for name in TEXTS for tongue in ("zh", "en")}
            facts = {
                name: row[name]
                for name in ("language", "baseline_metrics", "target_metrics", "trl_current", "trl_target")
            }
            found.append(
                texts
                | facts
                | {
                    "understanding_rating": 1,
                    "budget_max": 500_000,
                    "answer_by": (date.today() + timedelta(days=30)).isoformat(),
                    "ip_preference": "negotiable",
                    "confidentiality_tier": "public",
                }
            )
    return found[:ROUNDS]


def posted(site: Site, body: dict[str, Any]) -> tuple[float, int, str]:
    """Posts and publishes one challenge; returns seconds until its matches were stored, their number, and its id."""
    start = time.perf_counter()
    made = site.ask("POST", "challenges/", body)["id"]
    site.ask("POST", f"challenges/{made}/submit/", {})
    while (found := site.ask("GET", f"challenges/{made}/matches/"))["state"] != "ready":
        time.sleep(0.02)
    return time.perf_counter() - start, len(found["results"]), made


def previewed(site: Site, text: str) -> float:
    """Asks for a preview; returns seconds until five matches were there."""
    start = time.perf_counter()
    found = site.ask("POST", "preview/", {"text": text})
    while found["state"] == "pending":
        time.sleep(0.02)
        found = site.ask("GET", f"preview/{found['id']}/")
    return time.perf_counter() - start


def visited(site: Site) -> int:
    """Asks for every public page, searches, tables and results of matching in three languages; returns how many answered."""
    lists = {
        noun: [row["id"] for row in site.ask("GET", f"{noun}/")["results"]] for noun in ("challenges", "capabilities")
    }
    public = [*LISTS, *(f"{noun}/{key}/" for noun, keys in lists.items() for key in keys)]
    for address in [f"{tongue}/{path}" for tongue in ("en", "zh-hans", "zh-hant") for path in public]:
        with urllib.request.urlopen(f"{site.base}/{address}", timeout=60) as answer:  # noqa: S310 - the address is the caller's own
            answer.read()
    for key in lists["challenges"]:
        site.ask("GET", f"challenges/{key}/")
    return 3 * len(public) + len(lists["challenges"])


def memory() -> dict[str, list[tuple[float, float]]]:
    """Resident MiB of the demo's processes on this machine, by kind; and with shared pages divided among those that share them."""
    found: dict[str, list[tuple[float, float]]] = {}
    for rollup in Path("/proc").glob("[0-9]*/smaps_rollup"):
        try:
            words = rollup.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            sizes = dict(re.findall(r"^(Rss|Pss):\s+(\d+)", rollup.read_text(), re.MULTILINE))
        except OSError:
            continue
        kind = next((kind for kind in ("gunicorn", "celery") if kind in words and "matchmaker" in words), None)
        if kind and sizes:
            found.setdefault(kind, []).append((int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024))
    return found


def show(what: str, seconds: list[float]) -> None:
    """Prints median and 95th percentile."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{what:34} median {statistics.median(ordered):6.3f} s   p95 {p95:6.3f} s   n {len(ordered)}")


def main() -> int:
    """Runs all of it once."""
    site = Site(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
    rows = [posted(site, body) for body in bodies()]
    show("posted to stored, explained matches", [seconds for seconds, _, _ in rows])
    print(f"{'matches answered for each':34} least {min(count for _, count, _ in rows)}")
    show("preview", [previewed(site, body["problem_zh"] or body["problem_en"]) for body in bodies()])
    print(f"{'pages asked for':34} {visited(site)}")
    for kind, sizes in sorted(memory().items()):
        held = ", ".join(f"{resident:.0f} ({own:.0f})" for resident, own in sorted(sizes))
        print(f"{kind + ' processes, resident (own share)':34} {held} MiB")
    for _, _, made in rows:
        site.ask("POST", f"challenges/{made}/withdraw/", {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
