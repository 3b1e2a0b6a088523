import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import { type Problem, problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { answer, serve } from "./endpoint.ts";
import * as field from "./fields.ts";

/** The clock that stands still until it is moved; only with `CLOCK=manual`. */
export function serveClock({ app, deps }: Api): void {
  const { clock } = deps;
  const tag = "Clock";

  serve(app, {
    method: "get",
    path: "/clock",
    tag,
    summary: "Shows the manual clock",
    answers: { status: 200, description: "Where it stands", schema: z.object({ now: field.timeOut }) },
    problems: [404],
    handle: async () => (clock === null ? noClock() : answer(200, { now: iso(clock.now()) })),
  });

  serve(app, {
    method: "put",
    path: "/clock",
    tag,
    summary: "Moves the manual clock forward",
    description: "Takes in all stored webhooks first, then visits each due instant in order; answers when nothing is due any more.",
    body: z.strictObject({ now: field.time }),
    answers: {
      status: 200,
      description: "Where it stands, and how many mails went out",
      schema: z.object({ now: field.timeOut, sent: z.int() }),
    },
    problems: [404, 409],
    handle: async ({ body }) => {
      if (clock === null) return noClock();
      if (body.now < clock.now()) return backwards(iso(clock.now()));
      try {
        const moved = await clock.moveTo(body.now);
        return answer(200, { now: iso(moved.now), sent: moved.sent });
      } catch (error) {
        // Somebody else has moved it on in the meantime.
        if (error instanceof Error && error.constructor.name === "ClockMovedBack") return backwards(iso(clock.now()));
        throw error;
      }
    },
  });
}

function noClock(): Problem {
  return problem(404, "there is no manual clock; start with CLOCK=manual to have one");
}

function backwards(now: string): Problem {
  return problem(409, `the clock does not go back; it is at ${now}`);
}
