import { beforeAll, expect, test } from "vitest";
import { type BuyerWorld, buyerWorld } from "../buyer-world.ts";
import { openWeb, type Web } from "../set-up.ts";
import { signedIn, textOf, type Visitor } from "./set-up.ts";

let web: Web;
let world: BuyerWorld;
let operator: Visitor;
let at: string;

beforeAll(async () => {
  web = await openWeb();
  world = await buyerWorld(web);
  operator = await signedIn(web, "operator");
  at = `/console/shops/${world.shopId}/tasks`;
});

test("what a buyer wants stands in the list with the order and the words, and is resolved there, with a line in the audit log", async () => {
  await world.mailed("delivery-late", { kind: "shipment", id: "s1" });
  await world.post("choice", { of: "delivery-late", about: "s1", choice: "refund", note: "No <b>hurry</b>" });
  const { text } = await operator.get(at);
  expect(textOf(text)).toContain("One thing needs a person.");
  expect(textOf(text)).toContain("Late parcel: the buyer chose the money back");
  expect(text).toContain("No &lt;b&gt;hurry&lt;/b&gt;");
  const [{ id }] = await world.tasks("open");
  const resolved = await operator.post(`${at}/${id}/resolve`, { resolution: "declined", note: "agreed by phone" });
  expect([resolved.status, resolved.to]).toEqual([303, at]);
  expect(textOf((await operator.get(at)).text)).toContain("Nothing needs a person.");
  expect(textOf((await operator.get(`${at}?show=resolved`)).text)).toContain("Declined: agreed by phone");
  const row = await web.db.selectFrom("audit_log").selectAll().where("action", "=", "task.resolved").executeTakeFirstOrThrow();
  expect(row).toMatchObject({ subject: id, actor: "Lin" });
});

test("a choice that was declined keeps nothing back any more", async () => {
  expect((await world.fact("choice:delivery-late:s1"))?.says).toMatchObject({ choice: "refund", settledAt: "2026-01-20T08:00:00.000Z" });
  await web.work();
  expect((await world.stands())["check-in"]).not.toContain("choice");
});

test("resolved twice is resolved once", async () => {
  const [{ id }] = await world.tasks("resolved");
  await operator.post(`${at}/${id}/resolve`, { resolution: "done" });
  expect(textOf((await operator.get(at)).text)).toContain("Somebody was quicker");
});
