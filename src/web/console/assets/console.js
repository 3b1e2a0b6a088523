// What the pages can do more where script runs. Everything they say and change works without it.

const places = { t: "today", o: "orders", s: "schedule", m: "messages", k: "tasks" };
let afterG = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  if (afterG) {
    afterG = false;
    const link = places[event.key] && document.querySelector(`[data-key="${event.key}"]`);
    if (link) return done(event, () => link.click());
  }
  if (event.key === "g") afterG = true;
  else if (event.key === "/") done(event, () => document.querySelector("#search")?.focus());
  else if (event.key === "?") done(event, () => document.querySelector("#keys")?.showModal());
  else if (event.key === "j" || event.key === "k") done(event, () => move(event.key === "j" ? 1 : -1));
  else if (event.key === "Enter" && event.target === document.body) document.querySelector("tr.at a.row")?.click();
});

function done(event, act) {
  event.preventDefault();
  act();
}

/** To the next or previous row of the page's tables. */
function move(by) {
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at === -1 ? 0 : at + by))];
  rows[at]?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a.row")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) void copied(copy);
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]")?.remove();
  // An open menu closes when somebody clicks elsewhere.
  for (const open of document.querySelectorAll(".switcher[open], .account[open], .confirm[open], .more[open]")) {
    if (!open.contains(event.target)) open.removeAttribute("open");
  }
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll(".switcher[open], .account[open], .confirm[open], .more[open]")) {
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  }
});

async function copied(button) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // No clipboard without TLS: at least it is marked.
    field.select();
    return;
  }
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = before;
  }, 2_000);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.bulk");
  if (!form) return;
  const picks = [...form.querySelectorAll('input[name="id"]')];
  if (event.target.matches("[data-pick-all]")) for (const pick of picks) pick.checked = event.target.checked;
  count(form, picks);
});

function count(form, picks = [...form.querySelectorAll('input[name="id"]')]) {
  const picked = picks.filter((pick) => pick.checked).length;
  const group = form.querySelector(".picked");
  group.hidden = picked === 0;
  form.querySelector("[data-picked]").textContent = picked === 0 ? "" : `${picked} ${group.getAttribute("aria-label")}`;
}

/** Listens to the server where a part of the page is live, and lets htmx fetch it again when something changed. */
function listen() {
  for (const part of document.querySelectorAll("[data-live]")) {
    const events = new EventSource(part.dataset.live);
    events.addEventListener("changed", () => part.dispatchEvent(new CustomEvent("changed")));
    addEventListener("pagehide", () => events.close());
  }
}

function start() {
  for (const button of document.querySelectorAll("[data-copy], [data-dismiss]")) button.hidden = false;
  for (const form of document.querySelectorAll("form.bulk")) count(form);
  for (const toast of document.querySelectorAll("[data-toast]"))
    setTimeout(() => toast.matches(":hover, :focus-within") || toast.remove(), 10_000);
  listen();
}

let showing = 0;

// A template's draft is posted into the frame beside its form a moment after somebody stopped typing; its lines keep their numbers.
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-lined]")) number(event.target);
  const form = event.target.closest("form[data-preview]");
  if (!form || event.target.name === "note") return;
  clearTimeout(showing);
  showing = setTimeout(() => form.requestSubmit(form.querySelector("[data-show]")), 400);
});

function number(field) {
  const lines = field.value.split("\n").length;
  if (field.rows === lines) return;
  field.rows = lines;
  field.previousElementSibling.textContent = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join("");
}

document.addEventListener("htmx:after:swap", () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
});
start();
