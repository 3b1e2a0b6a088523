import { html } from "hono/html";
import type { Html } from "../../html.ts";
import type { Section } from "../route.ts";

/** Strokes on a 16-pixel grid, our own. */
const paths = {
  today: "M3 8.5 8 3l5 5.5M4.5 7.5V13h7V7.5",
  orders: "M3 4h10v9H3zM3 7h10M6.5 9.5h3",
  schedule: "M2.5 4.5h6M5 8h7M8 11.5h5.5",
  messages: "M2.5 4h11v8h-11zM2.5 4.5 8 9l5.5-4.5",
  templates: "M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2",
  calendar: "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3",
  buyers: "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
  tasks: "M2.5 4.5 4 6l2.5-3M8.5 4.5h5M2.5 10.5 4 12l2.5-3M8.5 10.5h5",
  sources: "M5.5 2.5v3M10.5 2.5v3M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5v2",
  work: "M13.5 8a5.5 5.5 0 1 1-2-4.2M13.5 2.5v3h-3M8 5v3.2l2 1.3",
  settings: "M2.5 5h6M12 5h1.5M10.3 3.3v3.4M2.5 11h1.5M7.5 11h6M5.7 9.3v3.4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.5 10.5l3 3",
  person: "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
  keys: "M2.5 4.5h11v7h-11zM5 7h.01M8 7h.01M11 7h.01M5.5 9.5h5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  down: "m4.5 6.5 3.5 3.5 3.5-3.5",
} satisfies Record<Section, string> & Record<string, string>;

export type IconName = keyof typeof paths;

/** A picture beside a word; the word says what it means. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="${paths[name]}"/></svg>`;
}
