import { describe, expect, test } from "vitest";
import { buyerWorld } from "./buyer-world.ts";
import { openWeb } from "./set-up.ts";

const web = await openWeb();

const proposal = {
  type: "dispute-proposal",
  fields: {
    cause: "The parcel was lost.",
    proposal: "We send a new one.",
    steps: "It leaves on Monday.\nYou get its number.",
    replyBy: "2026-02-01",
  },
};
const returning = {
  type: "return-instructions",
  fields: { address: "Lantern\n8 Nanjing Road", deadline: "2026-02-01", whoPays: "shop", onArrival: "You hear from us the same day." },
};

async function world() {
  const one = await buyerWorld(web);
  return { ...one, act: (body: object) => web.call("POST", `/orders/${one.orderId}/actions`, body) };
}

describe("an operator's action", () => {
  test("becomes a fact of no delivery, and is answered with the mail it becomes", async () => {
    const one = await world();
    await one.says("dispute.opened", { case: { id: "d-1", reason: "not received" } });
    const { status, body } = await one.act({ ...proposal, caseId: "d-1", id: "p-1" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...proposal, id: "p-1", caseId: "d-1" });
    expect(await one.fact("action:p-1")).toMatchObject({
      source_id: null,
      says: { kind: "action", ...proposal, id: "p-1", caseId: "d-1", at: "2026-01-20T08:00:00.000Z" },
    });
  });

  test("asked again with the same id does nothing twice; the same id with other words is refused", async () => {
    const one = await world();
    const first = await one.act({ ...returning, id: "r-1" });
    const again = await one.act({ ...returning, id: "r-1" });
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    const other = await one.act({ ...returning, id: "r-1", fields: { ...returning.fields, whoPays: "buyer" } });
    expect([other.status, other.body.state]).toEqual([409, "taken"]);
    const { body } = await one.act(returning);
    expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("names what does not fit this order: a case it does not have, a day that is past where the shop is", async () => {
    const one = await world();
    const unknown = await one.act({ ...proposal, caseId: "d-9" });
    expect([unknown.status, unknown.body.errors]).toEqual([422, [{ pointer: "/caseId", detail: "this order has no dispute or return" }]]);
    const past = await one.act({ ...returning, fields: { ...returning.fields, deadline: "2026-01-19" } });
    expect([past.status, past.body.errors[0].pointer]).toEqual([422, "/fields/deadline"]);
    await web.db
      .updateTable("orders")
      .set({ closed_at: new Date("2026-01-20T08:00:00Z"), dirty: 0 })
      .where("id", "=", one.orderId)
      .execute();
    const closed = await one.act(proposal);
    expect([closed.status, closed.body.state]).toEqual([409, "closed"]);
  });

  test("a proposal that was mailed is put to the buyer's choice with its words, until its day; accepting it makes a task", async () => {
    const one = await world();
    const hostile = `<b>"lost"</b> & gone`;
    await one.act({ ...proposal, id: "p-1", fields: { ...proposal.fields, cause: hostile } });
    expect(await one.page()).not.toContain("Our proposal");
    await one.mailed("dispute-proposal", { kind: "action", id: "p-1" });
    const html = await (await fetch(`${web.url}${one.path}`)).text();
    expect(html).toContain("&lt;b&gt;&quot;lost&quot;&lt;/b&gt; &amp; gone");
    expect(await one.page()).toContain("Please choose by February 1, 2026.");
    expect((await one.post("choice", { of: "dispute-proposal", about: "p-1", choice: "accept", note: "" })).status).toBe(303);
    expect(await one.tasks()).toMatchObject([
      { kind: "dispute-proposal", about: "p-1", choice: "accept", toDo: "The buyer accepts the proposal. Do what it says." },
    ]);
  });
});
