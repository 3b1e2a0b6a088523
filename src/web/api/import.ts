import { randomBytes } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { isId, newId } from "../../core/ids.ts";
import { seal } from "../../core/keys.ts";
import { readJson } from "../../sources/json.ts";
import { sha256 } from "../../sources/signature.ts";
import { readStandard } from "../../sources/standard.ts";
import { writeAudit } from "../../store/audit.ts";
import { countStored, importSource } from "../../store/import-sources.ts";

import { findSource } from "../../store/sources.ts";
import { piecesOf } from "../body.ts";
import type { WebContext } from "../caller.ts";
import { maxHookBytes } from "../hooks.ts";
import { type Line, linesOf } from "../lines.ts";
import { type Problem, problem, problemResponse } from "../problem.ts";
import { type Api, shopOfId } from "./context.ts";
import { registerOperation } from "./document.ts";
import { apiRoot, badFields, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const mostErrors = 20;
/** So many lines are stored in one statement. */
const batch = { lines: 200, bytes: 1024 * 1024 };
/** While more of an import wait to be taken in, the next ones wait too, so that live webhooks need not queue behind a hundred thousand. */
const backlog = { most: 2_000, lookMs: 250, budgetMs: 20_000 };

const imported = z
  .object({
    source: field.id.openapi({ description: "what the orders belong to" }),
    lines: z.int().openapi({ description: "lines that were not empty" }),
    stored: z.int().openapi({ description: "new: on their way to being taken in" }),
    repeats: z.int().openapi({ description: "imported before, byte for byte; nothing happens to them" }),
    ignored: z.int().openapi({ description: "of a type that is not acted on" }),
    failed: z.int().openapi({ description: "could not be read, and were not stored" }),
    errors: z
      .array(z.object({ line: z.int(), pointer: z.string(), detail: z.string() }))
      .openapi({ description: `of those that failed, the first ${mostErrors}` }),
  })
  .openapi("Imported");
type Imported = z.output<typeof imported>;

/** Past orders, as a file of the events that a `standard` source would have sent. */
export function serveImport(api: Api): void {
  registerOperation(api.app, {
    method: "post",
    path: "/shops/{id}/import",
    tag: "Orders",
    summary: "Takes in past orders: one `standard` event a line (NDJSON)",
    description:
      "Lines are not signed, may be repeated without harm, and are stored as they come: one that can't be read is told by its number and holds up " +
      "no other. Orders placed before the shop's `liveFrom` plan nothing, and what is due already goes out in its window or not at all. A request may " +
      "take a minute: send more than 100,000 lines in several.",
    query: z.object({
      source: z.string().optional().openapi({ description: "a `standard` source of the shop; one of its own when absent" }),
    }),
    body: z.string().openapi({ description: "one JSON object a line, each at most 2 MiB" }),
    contentType: "application/x-ndjson",
    answers: { status: 200, description: "What became of the lines", schema: imported },
  });
  api.app.post(`${apiRoot}/shops/:id/import`, async (c) => {
    const answer = await takeLines(api, c);
    if ("kind" in answer) return problemResponse(answer);
    return c.json(answer, 200);
  });
}

async function takeLines(api: Api, c: WebContext): Promise<Imported | Problem> {
  const { deps } = api;
  const shop = await shopOfId(api, c.req.param("id"));
  if (shop === null) return unknownId();
  const encoding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") return problem(415, "the body is encoded; send it as it is");
  const source = await sourceFor(api, shop.id, c.req.query("source"));
  if (typeof source !== "string") return source;
  const pieces = piecesOf(c);
  const counts: Counts = { lines: 0, stored: 0, repeats: 0, ignored: 0, failed: 0, errors: [] };
  const pace = pacer(api, source);
  let waiting: Buffer[] = [];
  let bytes = 0;
  const store = async (): Promise<void> => {
    const outcomes = await Promise.all(waiting.map((line) => storeLine(api, shop.id, source, line)));
    waiting = [];
    bytes = 0;
    for (const outcome of outcomes) counts[outcome] += 1;
    deps.wake("take-in");
    await pace();
  };
  try {
    for await (const line of pieces === null ? [] : linesOf({ [Symbol.asyncIterator]: () => pieces }, maxHookBytes)) {
      const fine = look({ ...line, bytes: line.bytes === null ? null : withoutReturn(line.bytes) }, counts);
      if (fine === null) continue;
      waiting.push(fine);
      bytes += fine.length;
      if (waiting.length >= batch.lines || bytes >= batch.bytes) await store();
    }
  } catch (error) {
    if (!isBroken(error)) throw error;
    return problem(400, `the body broke off after line ${counts.lines}; send it again: what was stored is not taken twice`);
  }
  if (waiting.length > 0) await store();
  const { lines, stored, failed } = counts;
  // Lines are stored as they come, in many transactions: what is noted is what came of them all.
  await writeAudit(
    deps.db,
    c.get("actor"),
    { shopId: shop.id, action: "orders.imported", subject: source, after: { lines, stored, failed } },
    deps.now(),
  );
  return { source, ...counts };
}

type Counts = Omit<Imported, "source">;

/** The bytes of a line that is to be stored; `null` when there is nothing to store, which is then counted. */
function look({ number, bytes }: Line, counts: Counts): Buffer | null {
  if (bytes?.every((byte) => byte === 0x20 || byte === 0x09)) return null;
  counts.lines += 1;
  const reading = readLine(bytes);
  if (reading.kind === "facts") return bytes;
  if (reading.kind === "ignored") counts.ignored += 1;
  else {
    counts.failed += 1;
    const { pointer, reason } = reading;
    const what = pointer === "" ? "it" : pointer.slice(1).replaceAll("/", ".");
    if (counts.errors.length < mostErrors) counts.errors.push({ line: number, pointer, detail: `${what} ${reason}` });
  }
  return null;
}

/** Files written on Windows end their lines with two characters. */
function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}

function readLine(bytes: Buffer | null): ReturnType<typeof readStandard> {
  if (bytes === null) return { kind: "unreadable", pointer: "", reason: "is longer than 2 MiB" };
  const json = readJson(bytes);
  if (json.kind === "bad") return { kind: "unreadable", pointer: "", reason: json.reason };
  return readStandard(json.value);
}

async function storeLine({ deps }: Api, shopId: string, sourceId: string, body: Buffer): Promise<"stored" | "repeats"> {
  const line = { shopId, sourceId, key: `import ${sha256(body)}`, topic: "import", headers: {}, body, receivedAt: deps.now() };
  return (await deps.storeDelivery(line)) === "stored" ? "stored" : "repeats";
}

/** The source of the orders: the one asked for, which must read this format, else the shop's own for imports. */
async function sourceFor({ deps }: Api, shopId: string, asked: string | undefined): Promise<string | Problem> {
  if (asked !== undefined) {
    const source = isId(asked) ? await findSource(deps.db, asked) : null;
    if (source?.shopId === shopId && source.platform === "standard") return source.id;
    return badFields([{ pointer: "/source", detail: "source: is not a standard source of this shop" }]);
  }
  const now = deps.now();
  const made = await importSource(deps.db, {
    id: newId(now),
    shopId,
    platform: "standard",
    domain: null,
    augments: null,
    // Nobody knows it: this source takes no webhooks unless an operator gives it another secret.
    secret: seal(deps.keys, `whsec_${randomBytes(32).toString("base64")}`),
    oldSecret: null,
    createdAt: now,
    lastDeliveryAt: null,
  });
  return made ?? unknownId();
}

/** Waits while too much of this import is still to be taken in; for 20 s in all, for the sender waits too, and nobody may be taking in. */
function pacer({ deps }: Api, sourceId: string): () => Promise<void> {
  // Under a manual clock nothing is taken in until it is asked for.
  if (deps.clock !== null) return () => Promise.resolve();
  let left = backlog.budgetMs;
  let sinceLook = 0;
  return async () => {
    sinceLook += batch.lines;
    if (sinceLook < backlog.most / 2) return;
    sinceLook = 0;
    while (left > 0 && (await countStored(deps.db, sourceId, backlog.most)) >= backlog.most) {
      await new Promise((resolve) => setTimeout(resolve, backlog.lookMs));
      left -= backlog.lookMs;
    }
  };
}

/** The sender hung up. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE");
}
