import { html } from "hono/html";
import type { TokenRole } from "../../core/token-role.ts";
import type { PageReply, Visit } from "./route.ts";
import { frameWords } from "./words/frame.ts";

/** A page that says why there is none, what was kept, and where to go on. */
export function refusal(visit: Visit, kind: "notFound" | "forbidden" | "stale", role: TokenRole = "viewer"): Omit<PageReply, "kind"> {
  const w = visit.say(frameWords);
  const { title, help } = w[kind];
  const sentence = kind === "forbidden" ? w.forbidden.sentence(w.roles[role]) : w[kind].sentence;
  return {
    title,
    sentence,
    status: kind === "notFound" ? 404 : 403,
    body: html`<div class="empty"><p>${help}</p><p><a class="button" href="${visit.shop === null ? "/console" : visit.link("/today")}">${w.toToday}</a></p></div>`,
  };
}
