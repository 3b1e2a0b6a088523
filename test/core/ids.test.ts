import { describe, expect, test } from "vitest";
import { isId, newId } from "../../src/core/ids.ts";
import { instant, instantOf } from "../../src/core/instant.ts";

describe("an id", () => {
  test("is a UUIDv7 of its millisecond (RFC 9562)", () => {
    const at = instantOf("2022-02-22T19:22:22.000Z");
    const id = newId(at);
    expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isId(id)).toBe(true);
  });

  test("sorts by the time it was made, as text", () => {
    const times = [0, 1, 255, 256, 65_535, 65_536, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000];
    const ids = times.map((ms) => newId(instant(ms)));
    expect([...ids].sort()).toEqual(ids);
  });

  test("is another one each time, also within a millisecond", () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId(instant(1_700_000_000_000))));
    expect(ids.size).toBe(10_000);
  });

  test("sorts by the order of making within a millisecond, where a manual clock stands still", () => {
    const ids = Array.from({ length: 40_000 }, () => newId(instant(1_700_000_000_123)));
    expect([...ids].sort()).toEqual(ids);
  });

  test("before 1970 is one of 1970, never a crash", () => {
    expect(newId(instant(-5))).toMatch(/^00000000-0000-7/);
  });
});

describe("the form of an id", () => {
  const id = newId(instant(1_700_000_000_000));
  test.each(["", "x", id.toUpperCase(), `${id} `, ` ${id}`, `${id}\n`, id.replaceAll("-", ""), `{${id}}`, `${id}0`, "' or 1=1 --"])(
    "is not that of %j",
    (text) => {
      expect(isId(text)).toBe(false);
    },
  );
});
