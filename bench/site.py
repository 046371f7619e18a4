"""Times the running demo as its users feel it: posted → stored matches, preview, page memory.

    ./run demo                      (in another terminal, on a quiet machine)
    ./run bench site [URL]

It signs in as the demo firm through the API, posts challenges made from the shipped demo texts, and waits for their matches. The
posted challenges are withdrawn again at the end. Times are wall clock, so close other programs first.
"""

import json
import statistics
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 20
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


def memory() -> dict[str, list[float]]:
    """Resident MiB of the demo's processes on this machine, by kind."""
    found: dict[str, list[float]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = status.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            resident = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
        except OSError:
            continue
        kind = next((kind for kind in ("gunicorn", "celery") if kind in words and "matchmaker" in words), None)
        if kind and resident:
            found.setdefault(kind, []).append(int(resident[0].split()[1]) / 1024)
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
    for kind, sizes in sorted(memory().items()):
        print(f"{kind + ' processes, resident':34} {', '.join(f'{size:.0f}' for size in sorted(sizes))} MiB")
    for _, _, made in rows:
        site.ask("POST", f"challenges/{made}/withdraw/", {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
