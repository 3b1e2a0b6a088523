import { html } from "hono/html";
import { page, shopRoute } from "../route.ts";
import { todayWords } from "./words.ts";

/** Did the right mails go out, what goes next, does anything need me? */
export const today = shopRoute({
  method: "get",
  path: "/today",
  role: "viewer",
  section: "today",
  async handle(visit) {
    const w = visit.say(todayWords);
    return page({ title: w.title, sentence: w.quiet, body: html`` });
  },
});
