import { html } from "hono/html";
import type { Category, MessageState } from "../../../core/timetable.ts";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";
import { badgeWords } from "../words/badges.ts";

/** What an entry of a timetable or a message can be in; `due`: planned, and about to go. */
export type ShownState = MessageState | "waiting" | "excluded" | "due";

const shapes: Readonly<Record<ShownState, string>> = {
  waiting: "◌",
  planned: "○",
  due: "◔",
  queued: "◔",
  sending: "◔",
  sent: "●",
  delivered: "✓",
  cancelled: "⊘",
  excluded: "⊘",
  stale: "⊘",
  failed: "✕",
  bounced: "✕",
  complained: "✕",
  unsure: "?",
  held: "‖",
};

const tones: Readonly<Record<ShownState, "quiet" | "plain" | "good" | "warn" | "bad">> = {
  waiting: "quiet",
  planned: "plain",
  due: "plain",
  queued: "plain",
  sending: "plain",
  sent: "good",
  delivered: "good",
  cancelled: "quiet",
  excluded: "quiet",
  stale: "quiet",
  failed: "bad",
  bounced: "bad",
  complained: "bad",
  unsure: "warn",
  held: "warn",
};

/** A state: its shape and its word; colour only underlines them. */
export function stateBadge(visit: Pick<Visit, "say">, state: ShownState): Html {
  return html`<span class="state ${tones[state]}"><span class="shape" aria-hidden="true">${shapes[state]}</span>${visit.say(badgeWords).states[state]}</span>`;
}

/** A category: its colour, the same everywhere, and its word. */
export function categoryBadge(visit: Pick<Visit, "say">, category: Category): Html {
  return html`<span class="category ${category}">${visit.say(badgeWords).categories[category]}</span>`;
}

/** A short label with a tone of its own, for states of other things. */
export function mark(tone: "quiet" | "plain" | "good" | "warn" | "bad", text: string): Html {
  const shape = { quiet: "○", plain: "○", good: "●", warn: "▲", bad: "✕" }[tone];
  return html`<span class="state ${tone}"><span class="shape" aria-hidden="true">${shape}</span>${text}</span>`;
}
