import pg from "pg";
import { beforeEach, expect, test, vi } from "vitest";
import { planBatch } from "../../jobs/plan.ts";
import { releaseTurn } from "../../jobs/release.ts";
import { sendBatch } from "../../jobs/send.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import type { OverrideFiles } from "../../src/core/override.ts";
import { sentMail } from "../../src/show-mail.ts";
import { publishOverride } from "../../src/store/template-overrides.ts";
import { addPlace, noon, type Place } from "../store/rows.ts";
import { deliver, dispatched, openWorld, placed, type Worker, type World } from "./bundle.ts";

let world: World;
let worker: Worker;
let place: Place;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  place = await addPlace(world.db);
});

const title = (text: string): OverrideFiles => ({ "strings.en.json": JSON.stringify({ title: text }) });

const publish = (files: OverrideFiles, template = "dispatch-notice", at: Place = place) =>
  publishOverride(world.db, { shopId: at.shopId, template, files, note: null, by: "Lin", basedOn: null, now: noon });

async function dispatch(at: Place, ...ids: readonly string[]): Promise<void> {
  await deliver(
    world.db,
    at,
    ids.flatMap((id) => [placed(id), dispatched(id)]),
    noon,
  );
  while ((await takeInBatch(worker)) > 0);
  while ((await planBatch(worker, { dirty: 100 })).orders > 0);
}

/** Sends what is due; which of the statements that took were about templates. */
async function send(): Promise<readonly string[]> {
  const { batches } = await releaseTurn(worker);
  const query = vi.spyOn(pg.Client.prototype, "query");
  for (const batch of batches) await sendBatch(worker, batch);
  const statements = query.mock.calls.map(([first]: readonly unknown[]) => textOf(first));
  query.mockRestore();
  expect(statements.length).toBeGreaterThan(0);
  return statements
    .filter((text) => /\btemplate(s|_overrides)\b/.test(text))
    .map((text) => (text.includes("template_overrides") ? "ask" : "keep"));
}

function textOf(query: unknown): string {
  return typeof query === "object" && query !== null && "text" in query ? String(query.text) : String(query);
}

const mailTo = (id: string) => world.sink.mails().find((mail) => mail.envelope.to.includes(`${id}@buyer.example`));

const messageOf = (externalId: string) =>
  world.db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .selectAll("m")
    .where("o.external_id", "=", externalId)
    .where("m.step", "=", "dispatch-notice")
    .executeTakeFirstOrThrow();

test("a shop's own words are in its next mail, and in no other shop's", async () => {
  const other = await addPlace(world.db);
  await publish(title("Off it goes, dear reader"));
  await dispatch(place, "1001");
  await dispatch(other, "2001");
  await send();
  expect(mailTo("1001")?.html).toContain("Off it goes, dear reader");
  expect(mailTo("2001")?.html).toContain("Lantern");
  expect(mailTo("2001")?.html).not.toContain("Off it goes");
});

test("a mail that went out is shown as it was, after later versions and after going back; the next mail is as it is now", async () => {
  await publish(title("The first version"));
  await dispatch(place, "1001");
  await send();
  await publish(title("The second version"));
  await dispatch(place, "1002");
  await send();
  await publish({});
  await dispatch(place, "1003");
  await send();
  const shown = await Promise.all(
    ["1001", "1002", "1003"].map(async (id) => (await sentMail(worker, (await messageOf(id)).id))?.html ?? ""),
  );
  expect(shown.map((html) => [html.includes("The first version"), html.includes("The second version")])).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
  expect(mailTo("1003")?.html).not.toContain("version");
  expect(
    (await world.db.selectFrom("template_overrides").select("version").orderBy("version").execute()).map(({ version }) => version),
  ).toEqual([1, 2, 3]);
});

test("mail of a shop with templates of its own takes no statement more than mail of one without", async () => {
  await dispatch(place, "1001");
  expect(await send()).toEqual(["keep"]);
  await dispatch(place, "1002", "1003");
  expect(await send()).toEqual([]);
  await publish(title("Ours"));
  await publish({ "strings.en.json": JSON.stringify({ "greeting.plain": "Well met," }) }, "_layout");
  await dispatch(place, "1004");
  // once in each process: both versions, and the compiled template that is kept
  expect(await send()).toEqual(["ask", "ask", "keep"]);
  await dispatch(place, "1005", "1006");
  expect(await send()).toEqual([]);
  expect(mailTo("1006")?.html).toContain("Ours");
});

test("a version that can't be compiled any more parks its own mail and no other (F12)", async () => {
  const other = await addPlace(world.db);
  await publish({ "body.mjml": "<mj-text>[[a.word.that.is.gone]]</mj-text>" });
  await dispatch(place, "1001");
  await dispatch(other, "2001");
  await send();
  expect(await messageOf("1001")).toMatchObject({ state: "failed", reason: "render-failed" });
  expect(await messageOf("2001")).toMatchObject({ state: "sent" });
  expect(mailTo("1001")).toBeUndefined();
});

test("two operators who publish from the same version do not overwrite each other", async () => {
  const wish = { shopId: place.shopId, template: "check-in", note: null, by: "Lin", basedOn: 0, now: noon };
  const answers = await Promise.all([
    publishOverride(world.db, { ...wish, files: title("A") }),
    publishOverride(world.db, { ...wish, files: title("B") }),
  ]);
  expect(answers.map((answer) => answer?.kind).sort()).toEqual(["moved-on", "published"]);
});
