"""Measures what a firm waits for on a running demo: from posting to stored matches, and from pasting to five matches.

    ./run demo                                          in another terminal
    ./run bench posting [--site http://127.0.0.1:8000] [--count 20]

It goes through the API as the demo's firm, one request after the other, looks every 50 ms, and takes its drafts back at the end.
Every text differs, so that nothing is answered from memory. Prints medians and 95th percentiles, and the load of the machine.
"""

import argparse
import json
import math
import os
import statistics
import time
import urllib.request
from typing import Any

TEXTS = (
    ("zh", "锂离子电池极片涂布在线检测", "涂布线速度每分钟八十米，露箔和颗粒小于零点二毫米，图像对比度低，缺陷样本少，现有算法误报多。"),
    ("en", "Faster ultrasonic inspection of wing panels", "Phased array signals from thick laminates are noisy; skilled people read every scan for four hours."),
    ("zh", "港口岸桥与泊位联合調度", "碼頭泊位、岸橋和集卡各自排程，遇到颱風改期就要人工重排，希望十分鐘內得到可行方案。"),
    ("en", "Battery materials from first principles", "We need 材料计算 as a service: screen electrolyte additives by DFT before 实验 in the laboratory."),
)  # fmt: skip
LOOK_EVERY = 0.05
PATIENCE = 60.0
PREVIEWS_A_MINUTE = 30


class Api:
    """The demo's API as the firm sees it."""

    def __init__(self, site: str) -> None:
        self.site, self.token = site.rstrip("/"), ""
        self.token = self.call("POST", "auth/token/", {"email": "firm@demo.example", "password": "demo"})["token"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Makes one request and returns its JSON."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Token {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.site}/api/v1/{path}", data, headers, method=method)  # noqa: S310  (the given site)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found


def post_and_wait(api: Api, number: int) -> tuple[float, float, int]:
    """Posts one draft; returns the seconds until the answer, until its matches are stored, and how many there are."""
    language, title, problem = TEXTS[number % len(TEXTS)]
    body = {
        "language": language,
        f"title_{language}": f"{title} {number}",
        f"problem_{language}": f"{problem} {number}",
    }
    begun = time.perf_counter()
    made = api.call("POST", "challenges/", body)
    answered = time.perf_counter() - begun
    while True:
        found = api.call("GET", f"challenges/{made['id']}/matches/")
        waited = time.perf_counter() - begun
        if found["state"] == "ready" or waited > PATIENCE:
            break
        time.sleep(LOOK_EVERY)
    api.call("POST", f"challenges/{made['id']}/withdraw/")
    return answered, waited, len(found["results"])


def paste(api: Api, number: int) -> tuple[float, bool]:
    """Pastes one text; returns the seconds until the answer, and whether it held the matches."""
    _language, title, problem = TEXTS[number % len(TEXTS)]
    begun = time.perf_counter()
    found = api.call("POST", "preview/", {"text": f"{title} {number}. {problem}"})
    return time.perf_counter() - begun, found["state"] == "ready"


def line(name: str, seconds: list[float]) -> str:
    """One row of the result."""
    ordered = sorted(seconds)
    high = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return f"{name:<34} median {statistics.median(ordered):6.3f} s   p95 {high:6.3f} s   n {len(ordered)}"


def main() -> None:
    """Runs both measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--count", type=int, default=20)
    given = parser.parse_args()
    api = Api(given.site)
    post_and_wait(api, -1)  # the first request of a process is slower, and says nothing about the rest
    posted = [post_and_wait(api, number) for number in range(given.count)]
    pasted = [paste(api, number) for number in range(min(given.count, PREVIEWS_A_MINUTE - 1))]
    print(line("posted: answer", [answer for answer, _, _ in posted]))
    print(line("posted: matches stored", [waited for _, waited, _ in posted]))
    print(line("pasted: five matches", [waited for waited, _ in pasted]))
    print(
        f"fewest stored matches {min(count for _, _, count in posted)}, previews still pending {sum(not ready for _, ready in pasted)}"
    )
    print(f"cores {os.cpu_count()}, load {', '.join(f'{value:.1f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
