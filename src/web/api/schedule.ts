import { z } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";
import { parseSchedule } from "../../core/schedule.ts";
import { scheduleShape } from "../../core/schedule-shape.ts";
import { writeAudit } from "../../store/audit.ts";
import type { Database } from "../../store/database.ts";
import { currentSchedule } from "../../store/schedules.ts";
import type { WebContext } from "../caller.ts";
import { type FieldError, type Problem, problem, problemResponse } from "../problem.ts";
import { publishAndPlan } from "../publishing.ts";
import { templateErrors } from "../schedule-templates.ts";
import { type Api, shopOfId } from "./context.ts";
import { registerOperation } from "./document.ts";
import { answer, apiRoot, badFields, checked, parseJson, readApiBody, serve, unknownId } from "./endpoint.ts";
import { parseYaml } from "./yaml.ts";

const tag = "Schedule";
const path = "/shops/{id}/schedule";
const queued = z.enum(["retime", "keep"], { error: (issue) => (issue.input === undefined ? "is missing" : "is neither retime nor keep") });

/** The core's shape knows nothing of OpenAPI; wrapped, it can have a name in the document. */
export const schedule = z.lazy(() => scheduleShape).openapi("Schedule");

const publication = z
  .strictObject({
    schedule,
    queued: queued.openapi({ description: "retime moves open orders to the new version, keep leaves them with theirs" }),
  })
  .openapi("Publication");
/** The schedule itself is `parseSchedule`'s to judge: it knows more than its shape. */
const envelope = z.strictObject({ schedule: z.unknown().refine((value) => value !== undefined, "is missing"), queued });

/** The schedule of a shop: as it is, and the next version. */
export function serveSchedule(api: Api): void {
  const { app, deps } = api;

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Shows the schedule that new orders get",
    answers: { status: 200, description: "The schedule", schema: z.object({ version: z.int(), schedule }) },
    handle: async ({ ids }) => {
      const current = await currentSchedule(deps.db, ids["id"] ?? "");
      return current === null ? unknownId() : answer(200, { version: current.version, schedule: current.schedule });
    },
  });

  registerOperation(app, {
    method: "put",
    path,
    tag,
    summary: "Publishes a new version of the schedule",
    description: "As JSON, or as YAML with the schedule alone as the body and `?queued=`.",
    query: z.object({ queued: queued.optional().openapi({ description: "only with YAML" }) }),
    body: publication,
    yaml: true,
    answers: {
      status: 200,
      description: "The new version, and what it changed",
      schema: z.object({ version: z.int(), retimed: z.int(), cancelled: z.int(), added: z.int() }),
    },
  });
  app.put(`${apiRoot}/shops/:id/schedule`, async (c) => {
    const published = await publish(api, c, c.req.param("id"));
    return "kind" in published ? problemResponse(published) : c.json(published, 200);
  });
}

async function publish(api: Api, c: WebContext, shopId: string) {
  const { deps } = api;
  const shop = isId(shopId) ? await shopOfId(api, shopId) : null;
  if (shop === null) return unknownId();
  const wanted = await readPublication(c);
  if ("kind" in wanted) return wanted;
  const parsed = parseSchedule(wanted.schedule);
  const errors = parsed.ok ? await templateErrors(deps, shopId, parsed.written.steps) : parsed.errors;
  const placed = errors.map(({ pointer, detail }) => ({ pointer: `${wanted.at}${pointer}`, detail }));
  if (!parsed.ok || wanted.errors.length > 0 || placed.length > 0) return badFields([...wanted.errors, ...placed]);
  const queued = wanted.queued === "retime" ? "retime" : "keep";
  const now = deps.now();
  const noted = (trx: Database, version: number) =>
    writeAudit(trx, c.get("actor"), { shopId: shop.id, action: "schedule.published", after: { version, queued } }, now);
  return (await publishAndPlan(deps, shopId, parsed, queued, noted)) ?? unknownId();
}

interface WantedPublication {
  readonly schedule: unknown;
  readonly queued: unknown;
  /** What is wrong around the schedule. */
  readonly errors: readonly FieldError[];
  /** Pointer to the schedule within the body. */
  readonly at: string;
}

async function readPublication(c: WebContext): Promise<WantedPublication | Problem> {
  const bytes = await readApiBody(c);
  if ("kind" in bytes) return bytes;
  const asked = c.req.query("queued");
  if (/\byaml\b/i.test(c.req.header("content-type") ?? "")) {
    const yaml = parseYaml(bytes);
    if (!yaml.ok) return problem(400, `the body is not YAML: ${yaml.reason}`);
    const query = checked(z.object({ queued }), { queued: asked });
    return { schedule: yaml.value, queued: asked, errors: query.ok ? [] : query.errors, at: "" };
  }
  const json = parseJson(bytes);
  if (!json.ok) return problem(400, `the body is not JSON: ${json.reason}`);
  const body = json.value;
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return badFields([{ pointer: "", detail: "the body is not an object with schedule and queued" }]);
  }
  const whole = "queued" in body || asked === undefined ? body : { ...body, queued: asked };
  const outer = checked(envelope, whole);
  const { schedule, queued: given } = { schedule: undefined, queued: undefined, ...whole };
  return { schedule, queued: given, errors: outer.ok ? [] : outer.errors, at: "/schedule" };
}
