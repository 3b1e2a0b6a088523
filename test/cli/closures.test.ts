import { expect, test } from "vitest";
import { connectShop, startService } from "../support/service.ts";
import { commandsFor } from "./set-up.ts";

test("suggested closures are shown, confirmed, dismissed and taken back; own lanes and days are put in place from files", async () => {
  const service = await startService({ start: "2026-09-01T02:00:00Z" });
  await connectShop(service, { name: "Lantern" });
  const { says, json, run } = commandsFor(service);
  const shown = await says("closure", "suggest");
  expect(shown).toMatch(/^2026-national-day +National Day +2026-10-01 +2026-10-07 +2026-10-08$/m);
  expect(shown).toMatch(/^2027-spring-festival .*days may still change$/m);
  expect(await says("closure", "confirm", "2026-national-day", "--name", "Golden Week")).toMatch(/^Golden Week, 2026-10-01 to 2026-10-07;/);
  expect(await says("closure", "dismiss", "2027-spring-festival")).toContain("not suggested again");
  const left = (await json("closure", "suggest")).suggestions.map(({ id }: { id: string }) => id);
  expect([left.includes("2026-national-day"), left.includes("2027-spring-festival")]).toEqual([false, false]);
  const unknown = await run("closure", "confirm", "2026-moon-day");
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringMatching(/no closure "2026-moon-day" is suggested; there are:\n {2}/)]);

  const days = ["--starts", "2026-12-28", "--ends", "2026-12-30", "--resumes", "2026-12-31"];
  expect(await says("closure", "add", "Stocktaking", ...days, "--dry-run")).toBe("No open order would be told.\n");
  const { id, carriers } = await json("closure", "add", "Strike", ...days, "--carriers", "DHL, UPS");
  expect(carriers).toEqual(["DHL", "UPS"]);
  expect(await says("closure", "list")).toMatch(/^Strike +2026-12-28 .*DHL, UPS/m);
  await says("closure", "remove", id);
  expect((await json("closure", "list")).closures.map(({ name }: { name: string }) => name)).toEqual(["Golden Week"]);

  expect(await says("shop", "transit")).toMatch(/^EMS +anywhere +5–10 business days +after 10 days +default$/m);
  const wrong = await run("shop", "transit", "--file", "/nowhere/transit.yaml");
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("/nowhere/transit.yaml can't be read")]);
  const calendar = await says("shop", "calendar", "--year", "2027");
  expect(calendar).toMatch(/^2027-10-07 +dispatch CN +holiday +National Day$/m);
  expect(await says("shop", "calendar")).toMatch(/^2026-10-01 +closure +to 2026-10-07 +Golden Week$/m);
});
