import { describe, expect, test } from "vitest";
import { type Identity, type InstanceRecord, standingOf, statesShownAs, underHold } from "../../src/core/instance.ts";
import { instantOf } from "../../src/core/instant.ts";

const own: Identity = { keyHash: "a1", database: "db.example:5432/afterword", publicUrl: "https://mail.lantern.example" };
const record = (change: Partial<InstanceRecord> = {}): InstanceRecord => ({
  id: "1",
  identity: own,
  counter: 7,
  heldBecause: null,
  claimedAt: instantOf("2026-01-20T08:00:00Z"),
  ...change,
});

describe("whose database it is", () => {
  test("ours when secret, address and public address are the same", () => {
    expect(standingOf(record(), { ...own }).kind).toBe("ours");
  });

  test.each([
    ["another secret", { keyHash: "b2" }, "SECRET_KEY is another"],
    [
      "another database",
      { database: "staging:5432/afterword" },
      "the database was at db.example:5432/afterword and is at staging:5432/afterword",
    ],
    ["another public address", { publicUrl: null }, "PUBLIC_URL was https://mail.lantern.example and is not set"],
  ])("held under %s, and says so", (_name, change, because) => {
    expect(standingOf(record(), { ...own, ...change })).toMatchObject({ kind: "held", because });
  });

  test("held when its counter went back, whoever asks", () => {
    expect(standingOf(record({ heldBecause: "it went back" }), own)).toMatchObject({ kind: "held", because: "it went back" });
  });
});

describe("what is held for the whole installation", () => {
  const held = standingOf(record({ heldBecause: "it went back" }), own);
  const row = (state: string) => ({ state, reason: null, because: [] });

  test.each(["planned", "queued"])("%s is shown as held with instance-held", (state) => {
    expect(underHold(row(state), held)).toMatchObject({ state: "held", reason: "instance-held", because: [{ rule: "sending" }] });
    expect(underHold(row(state), standingOf(record(), own))).toEqual(row(state));
  });

  test.each(["sent", "sending", "cancelled", "stale", "waiting"])("%s is shown as it is", (state) => {
    expect(underHold(row(state), held)).toEqual(row(state));
  });

  test("a list of one state lists what is shown as that state", () => {
    expect(statesShownAs("held", held)).toEqual(["held", "planned", "queued"]);
    expect(statesShownAs("planned", held)).toEqual([]);
    expect(statesShownAs("sent", held)).toEqual(["sent"]);
    expect(statesShownAs("planned", standingOf(record(), own))).toEqual(["planned"]);
  });
});
