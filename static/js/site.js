// Makes pages that already work a little quicker to use. Every page works without this file.
"use strict";

// htmx may write only with the page's own token.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
});

// A tab nobody sees does not ask for news; it asks once when it is seen again.
document.addEventListener("htmx:beforeRequest", (event) => {
  const waiting = event.target.closest("[data-poll]");
  if (!waiting || !document.hidden) return;
  event.preventDefault();
  document.addEventListener("visibilitychange", () => window.htmx.trigger(waiting, "seen-again"), { once: true });
});

// Says what changed to screen readers, at most every three seconds.
let lastSaid = 0;
document.addEventListener("htmx:afterSwap", () => {
  const news = document.querySelector("[data-announce]");
  const announcer = document.getElementById("announcer");
  if (!news || !announcer || Date.now() - lastSaid < 3000) return;
  const words = news.textContent.trim();
  if (words === announcer.textContent) return;
  lastSaid = Date.now();
  announcer.textContent = words;
});

// Typing Chinese with an input method: a half-typed word is not searched for.
for (const name of ["input", "keyup", "change"]) {
  document.addEventListener(name, (event) => { if (event.isComposing) event.stopPropagation(); }, true);
}
document.addEventListener("compositionend", (event) => {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// Menus close with Escape and when something else is pressed.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement && document.activeElement.closest("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// Arrow keys walk the points of a quadrant picture: to the nearest one in that direction.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const from = event.target.closest && event.target.closest("a.q-point");
  if (!step || !from) return;
  const centre = (point) => { const box = point.querySelector(".q-shape").getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  const [x, y] = centre(from);
  let best = null, least = Infinity;
  for (const point of from.ownerSVGElement.querySelectorAll("a.q-point")) {
    const [px, py] = centre(point);
    const along = (px - x) * step[0] + (py - y) * step[1];
    const aside = Math.abs((px - x) * step[1]) + Math.abs((py - y) * step[0]);
    if (point !== from && along > 0 && along + 2 * aside < least) { best = point; least = along + 2 * aside; }
  }
  event.preventDefault();
  if (best) best.focus();
});

// A form that is not saved while somebody types: before the page is left, or another form of it sent, the browser asks.
let unsent = null;
document.addEventListener("input", (event) => { unsent = event.target.closest("form[data-guard]") || unsent; });
document.addEventListener("submit", (event) => { if (event.target === unsent) unsent = null; });
window.addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });

// After a form came back with errors, the reader stands at the list of them.
const errors = document.getElementById("form-errors");
if (errors) errors.focus();
