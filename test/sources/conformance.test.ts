import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/facts.ts";
import type { RawRequest, Reading, Verdict } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { expectCanonical } from "./support/canonical.ts";
import { changed, leavesOf } from "./support/edit.ts";
import { deliver, now, subjects } from "./support/subjects.ts";

const robustness = new URL("../fixtures/robustness/", import.meta.url);
const jsonFiles = readdirSync(new URL("json/", robustness)).map((name) => ({
  name,
  body: readFileSync(new URL(`json/${name}`, robustness)),
}));
const naughty = JSON.parse(readFileSync(new URL("blns.json", robustness), "utf8")) as readonly string[]; // a list of strings, by its README

test("every platform is held to the common promises", () => {
  expect(subjects.map((subject) => subject.platform).sort()).toEqual(Object.keys(adapters).sort());
});

describe.each(subjects)("a webhook of $platform", (subject) => {
  const { adapter, secrets } = subject;
  const keys = { secrets: [secrets[0]], domain: null };
  const genuine = deliver(subject, subject.order("1001"));
  const verify = (request: RawRequest, active: readonly string[] = keys.secrets): Verdict =>
    adapter.verify(request, { secrets: active, domain: null }, now);
  const withSignature = (value: string | undefined): RawRequest => {
    const { [subject.signatureHeader]: _, ...headers } = genuine.headers;
    return { ...genuine, headers: value === undefined ? headers : { ...headers, [subject.signatureHeader]: value } };
  };
  const read = (topic: string, body: Buffer): Reading => adapter.read(subject.sign(topic, body));
  const orderTopic = subject.order("1").topic;

  test("is believed when its signature is right", () => {
    expect(verify(genuine)).toEqual({ kind: "genuine" });
  });

  test("is refused when a single byte of the body differs (IN-01)", () => {
    for (const at of [0, genuine.body.length >> 1, genuine.body.length - 1]) {
      const body = Buffer.from(genuine.body);
      body[at] = (body[at] ?? 0) ^ 1;
      expect(verify({ ...genuine, body })).toEqual({ kind: "refused", reason: "wrong-signature" });
    }
  });

  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["blank", " "],
    ["too short", "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="],
    ["of no bytes", "="],
    ["of 31 bytes", Buffer.alloc(31).toString("base64")],
    ["of 33 bytes", Buffer.alloc(33).toString("base64")],
    ["not base64", "ä".repeat(43)],
    ["hexadecimal", "0".repeat(64)],
    ["very long", "A".repeat(100_000)],
    ["all zeros", `${"A".repeat(43)}=`],
  ])("is refused, not answered with a crash, when its signature is %s (IN-01)", (_, value) => {
    expect(verify(withSignature(value)).kind).toBe("refused");
    expect(verify(withSignature(value === undefined ? value : subject.signaturePrefix + value)).kind).toBe("refused");
  });

  test("is refused when its signature only decodes to the right bytes by passing over junk (IN-01)", () => {
    const right = genuine.headers[subject.signatureHeader] ?? "";
    expect(verify(withSignature(`${right.slice(0, -1)}!=`)).kind).toBe("refused");
    expect(verify(withSignature(right.slice(0, -1))).kind).toBe("refused");
  });

  test("is believed under the old and the new secret during a rotation, and under no other (IN-03)", () => {
    for (const secret of secrets) expect(verify(deliver(subject, subject.order("1"), { secret }), secrets)).toEqual({ kind: "genuine" });
    expect(verify(deliver(subject, subject.order("1"), { secret: secrets[1] }), [secrets[0]]).kind).toBe("refused");
  });

  test("is never believed for want of a secret", () => {
    expect(verify(genuine, [])).toEqual({ kind: "refused", reason: "no-secret" });
    expect(verify(genuine, [""])).toEqual({ kind: "refused", reason: "no-secret" });
  });

  test("is verified over the bytes that came, escapes and all, and read the same", () => {
    const plain = JSON.stringify(subject.order("1001").body);
    const escaped = Buffer.from(plain.replaceAll("/", "\\/").replaceAll("I", "\\u0049"));
    const request = subject.sign(orderTopic, escaped);
    expect(verify(request)).toEqual({ kind: "genuine" });
    expect(verify({ ...request, body: Buffer.from(plain) }).kind).toBe("refused");
    expect(adapter.read(request)).toEqual(adapter.read(genuine));
  });

  test("has the same key when it is sent again and another when it is new (IN-05)", () => {
    const key = (delivery: string, id: string) => adapter.identify(deliver(subject, subject.order(id), { delivery })).key;
    expect(key("d-1", "1001")).toBe(key("d-1", "1001"));
    if (subject.keyedBy === "delivery") expect(key("d-2", "1001")).not.toBe(key("d-1", "1001"));
    else expect(key("d-1", "1002")).not.toBe(key("d-1", "1001"));
    expect(adapter.identify(genuine).topic).toBe(orderTopic);
  });

  test("has a key that fits into an index, whatever its headers hold", () => {
    for (const value of ["", "x".repeat(20_000), "é\u0001 ü", "a b c"]) {
      const headers = Object.fromEntries(Object.keys(genuine.headers).map((name) => [name, value]));
      const { key, topic } = adapter.identify({ ...genuine, headers });
      expect(key).toMatch(/^[\x20-\x7e]{1,300}$/);
      expect(topic.length).toBeLessThanOrEqual(100);
    }
    expect(() => adapter.identify({ headers: {}, body: Buffer.from([0xff]) })).not.toThrow();
  });

  test("with a topic we do not act on is ignored (IN-13)", () => {
    expect(adapter.read(deliver(subject, subject.unknown)).kind).toBe("ignored");
  });

  test("that is not JSON goes to quarantine (IN-13)", () => {
    for (const body of ["", " ", "{", "[1,", "null garbage", "<xml/>", '{"id":01}']) {
      expect(read(orderTopic, Buffer.from(body)), body).toMatchObject({ kind: "unreadable", pointer: "" });
    }
  });

  test.each(subject.neededFields)("without %s goes to quarantine, which names the field", (pointer) => {
    const { topic, body } = subject.order("1001");
    for (const value of [undefined, {}, [], true]) {
      const reading = adapter.read(deliver(subject, { topic, body: changed(body, { [pointer]: value }) }));
      expect(reading.kind).toBe("unreadable");
      expect(reading.kind === "unreadable" && `${reading.pointer}/`).toContain(`${pointer}/`);
    }
  });

  test("keeps ids beyond 2^53 apart (IN-09)", () => {
    const { topic, body } = subject.order("@@");
    const orderOf = (id: string) => {
      const reading = read(topic, Buffer.from(JSON.stringify(body).replace('"@@"', id)));
      return reading.kind === "facts" ? new Set(reading.facts.map((fact) => fact.order)) : reading;
    };
    const written = subject.platform === "standard" ? (id: string) => `"${id}"` : (id: string) => id;
    expect(orderOf(written("820982911946154508"))).toEqual(new Set(["820982911946154508"]));
    expect(orderOf(written("820982911946154507"))).toEqual(new Set(["820982911946154507"]));
  });

  test("never crashes, and is never taken for an order, whatever JSON it holds (IN-14)", () => {
    expect(jsonFiles.length).toBe(159);
    for (const { name, body } of jsonFiles) {
      const request = subject.sign(orderTopic, body);
      expect(verify(request), name).toEqual({ kind: "genuine" });
      adapter.identify(request);
      expect(adapter.read(request).kind, name).toBe("unreadable");
    }
  });

  test("nested 10,000 deep in a field that nobody reads goes to quarantine (IN-14)", () => {
    const { topic, body } = subject.order("1001");
    const deep = (depth: number) => JSON.stringify(body).replace(/}$/, `,"note_attributes":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(read(topic, Buffer.from(deep(63))).kind).toBe("facts");
    expect(read(topic, Buffer.from(deep(64)))).toMatchObject({ kind: "unreadable", pointer: "" });
    expect(read(topic, Buffer.from(deep(10_000)))).toMatchObject({ kind: "unreadable", pointer: "" });
  });

  test("with `__proto__` for a key says what it says without, and changes no prototype (IN-14)", () => {
    const { topic, body } = subject.order("1001");
    const poisoned = JSON.stringify(body)
      .replaceAll("{", '{"__proto__":{"test":true,"paidAt":"2020-01-01T00:00:00Z","polluted":1},')
      .replaceAll(",}", "}");
    expect(read(topic, Buffer.from(poisoned))).toEqual(adapter.read(genuine));
    expect("polluted" in {}).toBe(false);
  });

  test("takes NUL and lone surrogates out of prose, which the database would refuse (IN-14)", () => {
    const { topic, body } = subject.order("1001");
    const reading = adapter.read(deliver(subject, { topic, body: changed(body, { [subject.titleField]: "a\0b\ud800c\udc00" }) }));
    expect(titlesOf(reading)[0]).toBe("ab\ufffdc\ufffd");
  });

  test("refuses NUL and lone surrogates in ids, where cleaning could make two orders one (IN-14)", () => {
    for (const id of ["1\0", "1\ud800", "", "1".repeat(201), "1\n"]) {
      expect(adapter.read(deliver(subject, subject.order(id))), JSON.stringify(id)).toMatchObject({ kind: "unreadable" });
    }
  });

  test("is read whatever people wrote into its prose", () => {
    const { topic, body } = subject.order("1001");
    for (const text of naughty) {
      const reading = adapter.read(
        deliver(subject, { topic, body: changed(body, Object.fromEntries(subject.textFields.map((at) => [at, subject.prose(text)]))) }),
      );
      expect(reading.kind, text).toBe("facts");
      for (const fact of factsOf(reading)) expectCanonical(fact);
      if (text.trim() !== "") expect(titlesOf(reading)[0]?.trim()).toBe(text.trim());
    }
  });

  test("never throws and never says a malformed fact, whatever value any of its fields holds", () => {
    const messages = [subject.order("1001"), ...subject.seven, ...subject.others];
    const place = fc
      .constantFrom(...messages)
      .chain((message) => fc.record({ message: fc.constant(message), pointer: fc.constantFrom(...leavesOf(message.body)) }));
    const value = fc.oneof(
      fc.constantFrom(
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30T00:00:00Z",
        "javascript:alert(1)",
        "-0",
        "1e400",
        "NaN",
        "\0",
        "\ud800",
      ),
      fc.string({ unit: "binary" }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(place, value, ({ message, pointer }, replacement) => {
        const reading = adapter.read(deliver(subject, { topic: message.topic, body: changed(message.body, { [pointer]: replacement }) }));
        if (reading.kind === "facts") for (const fact of reading.facts) expectCanonical(fact);
        else expect(reading.reason).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });

  test("says canonical facts, in every kind of message", () => {
    for (const message of [subject.order("1001"), ...subject.seven]) {
      const reading = adapter.read(deliver(subject, message));
      expect(factsOf(reading).length, message.topic).toBeGreaterThan(0);
      for (const fact of factsOf(reading)) expectCanonical(fact);
    }
  });
});

function factsOf(reading: Reading): readonly Fact[] {
  return reading.kind === "facts" ? reading.facts : [];
}

function titlesOf(reading: Reading): readonly string[] {
  return factsOf(reading).flatMap(({ says }) => (says.kind === "items" ? says.items.map((item) => item.title) : []));
}
