import fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, compareMoney, formatMoney, isMoney, timesMoney } from "../../src/core/money.ts";

test("amounts are reckoned exactly, where floats are not", () => {
  expect(addMoney("0.1", "0.2")).toBe("0.3");
  expect(addMoney("49.90", "0.1")).toBe("50.00");
  expect(timesMoney("1.005", 1000)).toBe("1005.000");
  expect(addMoney("-5", "2.50")).toBe("-2.50");
  expect(addMoney("0.05", "-0.10")).toBe("-0.05");
  expect(addMoney("999999999999999.99", "0.01")).toBe("1000000000000000.00");
});

test("amounts compare by value, not by spelling", () => {
  expect(compareMoney("5", "5.00")).toBe(0);
  expect(compareMoney("9.99", "10")).toBe(-1);
  expect(compareMoney("-1", "-2")).toBe(1);
});

test("adding in any order and subtracting again gives the same amount", () => {
  const amount = fc.tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.integer({ min: 0, max: 4 })).map(([units, digits]) => {
    const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
    const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
    return units < 0n ? `-${whole}` : whole;
  });
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(compareMoney(addMoney(a, b), addMoney(b, a))).toBe(0);
      expect(compareMoney(addMoney(addMoney(a, b), timesMoney(b, -1)), a)).toBe(0);
    }),
  );
});

test("money is written as the locale writes it, in the order's currency", () => {
  expect(formatMoney("49.90", "USD", "en-US")).toBe("$49.90");
  expect(formatMoney("1234.5", "EUR", "de-DE")).toBe("1.234,50\u00a0€");
  expect(formatMoney("5000", "JPY", "en-US")).toBe("¥5,000");
  expect(formatMoney("199.00", "CNY", "zh-CN")).toBe("¥199.00");
  expect(formatMoney("12.345", "KWD", "en-US")).toBe("KWD\u00a012.345");
});

test("no digit that was given is rounded away, and none is lost to a float", () => {
  expect(formatMoney("99999999999999.99", "USD", "en-US")).toBe("$99,999,999,999,999.99");
  expect(formatMoney("49.905", "USD", "en-US")).toBe("$49.905");
  expect(formatMoney("49.50", "JPY", "en-US")).toBe("¥49.5");
});

test("what is no amount or no currency is written as it came", () => {
  expect(formatMoney("free", "USD", "en-US")).toBe("free USD");
  expect(formatMoney("5.00", "", "en-US")).toBe("5.00");
  for (const text of ["", "1,5", "1e5", "Infinity", "0x10", " 1", "1.", ".5", "--1"]) expect(isMoney(text)).toBe(false);
  expect(() => addMoney("1e5", "1")).toThrow(RangeError);
});
