import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { instant } from "../../src/core/instant.ts";
import { addressHash, deriveKeys, linkToken, readLinkToken, seal, unseal } from "../../src/core/keys.ts";

const keys = deriveKeys("a secret key for tests, 32 long..");
const others = deriveKeys("another secret key, also 32 long.");
const id = newId(instant(1_700_000_000_000));

describe("a sealed secret", () => {
  test("opens to what it was, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (secret) => {
        expect(unseal(keys, seal(keys, secret))).toBe(Buffer.from(secret, "utf8").toString("utf8"));
      }),
    );
  });

  test("looks different each time, and never holds the text (SEC-08)", () => {
    const first = seal(keys, "whsec_abcdef");
    expect(seal(keys, "whsec_abcdef").equals(first)).toBe(false);
    expect(first.includes("whsec_abcdef")).toBe(false);
  });

  test("does not open when any one byte was changed", () => {
    const sealed = seal(keys, "whsec_abcdef");
    for (let index = 0; index < sealed.length; index += 1) {
      const bent = Buffer.from(sealed);
      bent[index] = (bent[index] ?? 0) ^ 0x01;
      expect(() => unseal(keys, bent), `byte ${index}`).toThrow();
    }
  });

  test("does not open when it was cut short, at any length", () => {
    const sealed = seal(keys, "whsec_abcdef");
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unseal(keys, sealed.subarray(0, length)), `${length} bytes`).toThrow();
    }
  });

  test("does not open under another SECRET_KEY", () => {
    expect(() => unseal(others, seal(keys, "whsec_abcdef"))).toThrow();
  });
});

describe("keys", () => {
  test("are the same for good: a new release reads what an old one stored", () => {
    // Computed once by `openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt key:… -kdfopt salt:afterword -kdfopt info:… HKDF`.
    expect(keys.seal.toString("hex")).toBe("1527232e1a2b2ca0253441769563a389587a578492c5ec423041bde5bb9f795a");
    expect(keys.link.toString("hex")).toBe("e7574893ad219b9f626853a194cb296ba322340a7f22a45ce24540b276d47c0e");
    expect(keys.address.toString("hex")).toBe("96dc64260350e375e33cc3a1f41a3cc95800941a9921bba4b90d2384a6858c41");
  });
});

describe("the hash of an address", () => {
  test("is one for two spellings of a mailbox, so that whoever unsubscribed stays so", () => {
    const hash = addressHash(keys, "shop", "Maya.O@Buyer.EXAMPLE");
    expect(addressHash(keys, "shop", " maya.o@buyer.example ").equals(hash)).toBe(true);
    expect(hash).toHaveLength(32);
  });

  test("is another one in another shop, for another mailbox, and under another SECRET_KEY (SEC-07)", () => {
    const hash = addressHash(keys, "shop", "maya@buyer.example");
    expect(addressHash(keys, "shop2", "maya@buyer.example").equals(hash)).toBe(false);
    expect(addressHash(keys, "shop", "maya2@buyer.example").equals(hash)).toBe(false);
    expect(addressHash(others, "shop", "maya@buyer.example").equals(hash)).toBe(false);
  });
});

describe("the token of a link", () => {
  test.each(["unsubscribe", "buyer"] as const)("of kind %s gives its id back and needs no escaping in a URL (OUT-05)", (kind) => {
    const token = linkToken(keys, kind, id);
    expect(token).toMatch(/^[A-Za-z0-9_-]{44}$/);
    expect(readLinkToken(keys, kind, token)).toBe(id);
  });

  test("of one kind is nothing as the other kind", () => {
    expect(readLinkToken(keys, "buyer", linkToken(keys, "unsubscribe", id))).toBeNull();
    expect(readLinkToken(keys, "unsubscribe", linkToken(keys, "buyer", id))).toBeNull();
  });

  test("is nothing after any one character was changed", () => {
    const token = linkToken(keys, "unsubscribe", id);
    for (let index = 0; index < token.length; index += 1) {
      const bent = `${token.slice(0, index)}${token[index] === "A" ? "B" : "A"}${token.slice(index + 1)}`;
      expect(readLinkToken(keys, "unsubscribe", bent), `character ${index}`).toBeNull();
    }
  });

  test("is nothing under another SECRET_KEY", () => {
    expect(readLinkToken(others, "unsubscribe", linkToken(keys, "unsubscribe", id))).toBeNull();
  });

  test.each(["", "x", "A".repeat(44), "=".repeat(44), "../../etc/passwd", `${"A".repeat(43)}\n`, "🙂".repeat(44)])(
    "is not %j, and reading that does not throw",
    (text) => {
      expect(readLinkToken(keys, "unsubscribe", text)).toBeNull();
    },
  );

  test("with something in front or behind is nothing", () => {
    const token = linkToken(keys, "unsubscribe", id);
    for (const text of [` ${token}`, `${token} `, `${token}\n`, `${token}=`]) {
      expect(readLinkToken(keys, "unsubscribe", text)).toBeNull();
    }
  });
});
