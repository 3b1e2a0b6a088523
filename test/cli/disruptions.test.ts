import { expect, test } from "vitest";
import { connectShop, type Json, standardOrder, startService } from "../support/service.ts";
import { commandsFor } from "./set-up.ts";

const noon = "2026-01-20T12:00:00Z";
const dispatchedAt = "2026-01-20T08:00:00Z";

/** A shop with one parcel on its way to the United States. */
async function shopWithParcel() {
  const service = await startService({ start: noon });
  const shop = await connectShop(service);
  await shop.event("order.placed", "2026-01-19T10:00:00Z", { order: standardOrder() }, noon);
  const shipment = { id: "s-1", carrier: "EMS", dispatchedAt };
  await shop.event("shipment.dispatched", dispatchedAt, { order: { id: "o-1" }, shipment }, noon);
  await service.moveTo(noon);
  return { ...commandsFor(service), service };
}

test("a disruption is tried, declared, changed, told again, ended and taken back", async () => {
  const { says, json, run, service } = await shopWithParcel();
  const notices = async () => {
    const { messages } = await service.ok("GET", "/messages");
    return messages.filter((one: Json) => one.step === "disruption-delay" && one.state !== "cancelled").length;
  };
  const storm = ["Storm", "--text", "A storm closed the airport.", "--starts", "2026-01-20"];
  expect(await says("disruption", "list")).toBe("Lantern has no disruption.\n");
  expect(await says("disruption", "preview", ...storm, "--countries", "US, CA")).toBe("1 would be told: 1001\n");
  expect(await says("disruption", "preview", ...storm, "--countries", "DE")).toBe("No open order would be told.\n");
  expect((await json("disruption", "preview", ...storm)).orders).toMatchObject([{ number: "1001" }]);
  expect([(await json("disruption", "list")).disruptions, await notices()]).toEqual([[], 0]);

  const only = ["--carriers", "EMS", "--services", "EMS,ePacket", "--countries", "US,CA", "--dispatched-from", "2026-01-10"];
  const made = await json("disruption", "declare", ...storm, ...only, "--dispatched-to", "2026-01-25");
  expect(made).toMatchObject({
    name: "Storm",
    text: "A storm closed the airport.",
    starts: "2026-01-20",
    expectedEnd: null,
    match: {
      carriers: ["EMS"],
      services: ["EMS", "ePacket"],
      countries: ["US", "CA"],
      dispatchedFrom: "2026-01-10",
      dispatchedTo: "2026-01-25",
    },
  });
  expect(await notices()).toBe(1);
  expect(await says("disruption", "list")).toMatch(
    new RegExp(`^Storm +2026-01-20 +unknown +EMS; EMS, ePacket; US, CA; dispatched from 2026-01-10 to 2026-01-25 +lasts +${made.id}$`, "m"),
  );

  const change = (...options: readonly string[]) => says("disruption", "change", made.id, ...options);
  expect(await change("--expected-end", "2026-01-30", "--name", "Snow storm")).toMatch(
    /^name +Snow storm$[\s\S]*^days +2026-01-20 to 2026-01-30$[\s\S]*^told +once$/m,
  );
  expect(await change("--expected-end", "none", "--text", "It snows.", "--tell-again")).toMatch(
    /^days +2026-01-20 to nobody knows when$[\s\S]*^told +2 times$[\s\S]*“It snows.”$/m,
  );
  expect(await says("disruption", "end", made.id)).toMatch(/^state +ended Tue 2026-01-20 20:00$/m);
  const late = await run("disruption", "change", made.id, "--tell-again");
  expect([late.code, late.err]).toEqual([1, expect.stringContaining("it is over: nobody is told of it again")]);
  expect(await change("--not-over")).toMatch(/^state +lasts$/m);
  expect(await says("disruption", "remove", made.id)).toBe("It is taken back.\n");
  expect((await json("disruption", "list")).disruptions).toEqual([]);
});

test("what is asked wrongly is refused before anything is changed, with the fields named", async () => {
  const service = await startService({ start: noon });
  await connectShop(service);
  const { run, json } = commandsFor(service);
  const wrong = await run("disruption", "declare", "Storm", "--text", "A storm.", "--starts", "soon", "--countries", "Germany");
  expect([wrong.code, wrong.out]).toEqual([1, ""]);
  expect(wrong.err.match(/^ {2}\S+: /gm)).toEqual(["  starts: ", "  match.countries[0]: "]);
  const without = await run("disruption", "declare", "Storm", "--starts", "2026-01-20");
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("--text <sentence>")]);
  for (const verb of ["change", "end", "remove"]) {
    const unknown = await run("disruption", verb, "storm", ...(verb === "change" ? ["--name", "x"] : []));
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('"storm" is not an id')]);
  }
  const nothing = await run("disruption", "change", "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f");
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining("nothing to change was named")]);
  const foreign = await run("disruption", "end", "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f");
  expect([foreign.code, foreign.out]).toEqual([1, ""]);
  expect((await json("disruption", "list")).disruptions).toEqual([]);
});
