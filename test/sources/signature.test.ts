import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { instant, instantOf } from "../../src/core/instant.ts";
import { adapters } from "../../src/sources/registry.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";

describe("Shopify", () => {
  const request = (signature: string, domain = "jsmith.myshopify.com") => ({
    headers: { "x-shopify-hmac-sha256": signature, "x-shopify-shop-domain": domain },
    body: Buffer.from('{"foo": "bar"}'),
  });
  const verify = (signature: string, sender?: string, domain: string | null = null) =>
    adapters.shopify.verify(request(signature, sender), { secrets: ["test_secret_key"], domain }, instant(0));
  const published = "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=";

  test("the published vector is genuine", () => {
    expect(verify(published)).toEqual({ kind: "genuine" });
  });

  test("another shop's webhook is refused, signed or not (IN-02)", () => {
    expect(verify(published, "other.myshopify.com", "jsmith.myshopify.com")).toEqual({ kind: "refused", reason: "wrong-shop" });
    expect(verify(published, "", "jsmith.myshopify.com")).toEqual({ kind: "refused", reason: "wrong-shop" });
    expect(verify(published, "jsmith.myshopify.com.evil.example", "jsmith.myshopify.com").kind).toBe("refused");
  });

  test("a shop's domain counts in whatever capitals, and as people copy it from the address bar", () => {
    expect(verify(published, "JSmith.MyShopify.com", "jsmith.myshopify.com")).toEqual({ kind: "genuine" });
    expect(verify(published, "jsmith.myshopify.com", "https://JSMITH.myshopify.com/admin")).toEqual({ kind: "genuine" });
  });

  test("whose shop it is is not even looked at before the signature is right (IN-02)", () => {
    expect(verify(`${"A".repeat(43)}=`, "other.myshopify.com", "jsmith.myshopify.com")).toEqual({
      kind: "refused",
      reason: "wrong-signature",
    });
  });

  test("without a Webhook-Id the bytes tell a repeat from a new delivery, within their topic (IN-05)", () => {
    const key = (topic: string, body: string) =>
      adapters.shopify.identify({ headers: { "x-shopify-topic": topic }, body: Buffer.from(body) }).key;
    expect(key("orders/paid", "{}")).toBe(key("orders/paid", "{}"));
    expect(key("orders/paid", "{}")).not.toBe(key("orders/paid", "{ }"));
    expect(key("orders/paid", "{}")).not.toBe(key("orders/updated", "{}"));
  });

  test("two topics of one merchant's action are two deliveries (IN-05)", () => {
    const key = (topic: string, id: string) =>
      adapters.shopify.identify({
        headers: { "x-shopify-topic": topic, "x-shopify-webhook-id": id, "x-shopify-event-id": "98880550-7158-44d4-b7cd-2c97c8a091b5" },
        body: Buffer.from("{}"),
      }).key;
    expect(key("orders/paid", "w-1")).not.toBe(key("orders/updated", "w-2"));
  });
});

describe("Standard Webhooks 1.0 (IN-11)", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  const at = instant(1_614_265_330_000);
  const body = '{"test": 2432232314}';
  const genuine = signStandard(secret, id, at, body);
  const verify = (changes: Readonly<Record<string, string>> = {}, now = at, secrets: readonly string[] = [secret]) =>
    adapters.standard.verify({ headers: { ...genuine, ...changes }, body: Buffer.from(body) }, { secrets, domain: null }, now);
  const signature = genuine["webhook-signature"] ?? "";

  beforeEach(() => vi.useFakeTimers({ now: at }));
  afterEach(() => vi.useRealTimers());

  test("the published vector is what we sign, and genuine", () => {
    expect(genuine).toEqual({
      "webhook-id": id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
    expect(verify()).toEqual({ kind: "genuine" });
  });

  test("the published library believes what we sign, and we what it signs", () => {
    for (const text of [body, "", '{"name":"Zoë \\/ 用户"}']) {
      const sent = signStandard(secret, id, at, text);
      expect(() => new Webhook(secret).verify(text, sent, { jsonParse: false })).not.toThrow();
      const theirs = new Webhook(secret).sign(id, new Date(at), text);
      expect(theirs).toBe(sent["webhook-signature"]);
    }
  });

  test.each([
    ["", "webhook-id", "malformed-id"],
    ["msg.1", "webhook-id", "malformed-id"],
    ["", "webhook-timestamp", "malformed-timestamp"],
    ["-1614265330", "webhook-timestamp", "malformed-timestamp"],
    ["1614265330.5", "webhook-timestamp", "malformed-timestamp"],
    ["1614265330abc", "webhook-timestamp", "malformed-timestamp"],
    ["hello", "webhook-timestamp", "malformed-timestamp"],
    ["9".repeat(400), "webhook-timestamp", "malformed-timestamp"],
    ["", "webhook-signature", "no-signature"],
    ["v1,", "webhook-signature", "malformed-signature"],
    [`v2,${signature.slice(3)}`, "webhook-signature", "malformed-signature"],
    [signature.slice(3), "webhook-signature", "malformed-signature"],
    [signature.slice(0, -8), "webhook-signature", "malformed-signature"],
  ])("%j as %s is refused as %s", (value, header, reason) => {
    expect(verify({ [header]: value })).toEqual({ kind: "refused", reason });
  });

  test("a signed text cannot be cut otherwise into id, time stamp and body", () => {
    const moved = signStandard(secret, "msg_1", at, `1614265330.${body}`);
    const headers = { ...moved, "webhook-id": "msg_1.1614265330" };
    expect(adapters.standard.verify({ headers, body: Buffer.from(body) }, { secrets: [secret], domain: null }, at).kind).toBe("refused");
  });

  test("every v1 signature is tried, other versions are passed over", () => {
    const wrong = signStandard(other, id, at, body)["webhook-signature"];
    expect(verify({ "webhook-signature": `v1a,${"A".repeat(86)}== v2,x ${wrong} ${signature}` })).toEqual({ kind: "genuine" });
    expect(verify({ "webhook-signature": `${wrong} v1a,x` })).toEqual({ kind: "refused", reason: "wrong-signature" });
  });

  test("a time stamp may be five minutes off the given clock, both ways, and no second more", () => {
    const seconds = (offset: number) => instant(at + offset * 1000);
    for (const offset of [-300, 0, 300]) expect(verify({}, seconds(offset)), `${offset}`).toEqual({ kind: "genuine" });
    for (const offset of [-301, 301, 86_400]) {
      expect(verify({}, seconds(offset)), `${offset}`).toEqual({ kind: "refused", reason: "stale-timestamp" });
    }
  });

  test("a retry has another time stamp and signature, and the same key", () => {
    const retry = signStandard(secret, id, instantOf("2021-02-26T15:00:00Z"), body);
    const key = (headers: Record<string, string>) => adapters.standard.identify({ headers, body: Buffer.from(body) }).key;
    expect(retry).not.toEqual(genuine);
    expect(key(retry)).toBe(key(genuine));
  });

  test("a secret counts with and without its prefix; one that is not base64 never does", () => {
    expect(verify({}, at, [secret.slice(6)])).toEqual({ kind: "genuine" });
    expect(verify({}, at, ["whsec_", "whsec_not base64!"])).toEqual({ kind: "refused", reason: "no-secret" });
    expect(() => signStandard("whsec_", id, at, body)).toThrow(TypeError);
  });

  test("whether it is genuine depends on the given clock alone", () => {
    vi.setSystemTime(new Date("2031-01-01T00:00:00Z"));
    expect(verify()).toEqual({ kind: "genuine" });
  });
});

describe("WooCommerce", () => {
  const body = Buffer.from('{"id":727}');
  const signatureOf = (secret: string, bytes: Buffer = body) => createHmac("sha256", secret).update(bytes).digest("base64");
  const verify = (
    changes: Readonly<Record<string, string>> = {},
    bytes = body,
    { secrets = ["a secret"], domain = null }: { secrets?: readonly string[]; domain?: string | null } = {},
  ) =>
    adapters.woocommerce.verify(
      {
        headers: {
          "x-wc-webhook-source": "https://shop.example/",
          "x-wc-webhook-topic": "order.deleted",
          "x-wc-webhook-signature": signatureOf("a secret"),
          ...changes,
        },
        body: bytes,
      },
      { secrets, domain },
      instant(0),
    );
  const ping = (text: string, headers: Record<string, string> = {}, secrets: readonly string[] = ["a secret"]) =>
    adapters.woocommerce.verify({ headers, body: Buffer.from(text) }, { secrets, domain: "shop.example" }, instant(0));

  test("the ping of a new webhook, an unsigned form, is told from everything else (IN-10)", () => {
    for (const text of ["webhook_id=3", "webhook_id=12345678901234567890", "webhook_id=3\r\n"])
      expect(ping(text), text).toEqual({ kind: "ping" });
    expect(ping("webhook_id=3", { "content-type": "application/x-www-form-urlencoded" }, [])).toEqual({ kind: "ping" });
    for (const text of [
      "webhook_id=",
      "webhook_id=3&id=727",
      "webhook_id=3x",
      'webhook_id=3{"id":727}',
      "id=3",
      `webhook_id=${"1".repeat(1_000)}`,
      "",
    ]) {
      expect(ping(text), text).toEqual({ kind: "refused", reason: "no-signature" });
    }
    expect(ping("webhook_id=3", { "x-wc-webhook-signature": signatureOf("wrong") })).toEqual({
      kind: "refused",
      reason: "wrong-signature",
    });
  });

  test("the signature is over the body without white space around it", () => {
    for (const around of [" \r\n", "\t\n\0\v "]) {
      const padded = Buffer.from(`${around}{"id":727}${around}`);
      expect(verify({}, padded)).toEqual({ kind: "genuine" });
      expect(verify({ "x-wc-webhook-signature": signatureOf("a secret", padded) }, padded)).toEqual({ kind: "genuine" });
    }
    expect(verify({}, Buffer.from('{"id": 727}'))).toEqual({ kind: "refused", reason: "wrong-signature" });
  });

  test.each([
    ["a&amp;b", "a&b"],
    ["&lt;b&gt;", "<b>"],
    ["&quot;x&#039;&#39;&#x27;", "\"x'''"],
    ["&#034;&#38;&#060;&#62;&#x26;", '"&<>&'],
    ["&amp;lt;", "&lt;"],
    ["&copy;", "&copy;"],
    ["a secret", "a secret"],
  ])("the secret %s signs as %s, whichever of the two an operator copied", (stored, plain) => {
    expect(verify({ "x-wc-webhook-signature": signatureOf(plain) }, body, { secrets: [stored] })).toEqual({ kind: "genuine" });
    expect(verify({ "x-wc-webhook-signature": signatureOf(stored) }, body, { secrets: [stored] })).toEqual({ kind: "genuine" });
    expect(verify({ "x-wc-webhook-signature": signatureOf(`${plain} `) }, body, { secrets: [stored] }).kind).toBe("refused");
  });

  test("another shop's webhook is refused, however right its signature (IN-02)", () => {
    for (const domain of ["shop.example", "https://shop.example/", "www.shop.example", "SHOP.example"]) {
      expect(verify({}, body, { domain }), domain).toEqual({ kind: "genuine" });
    }
    expect(verify({ "x-wc-webhook-source": "https://www.shop.example/de/" }, body, { domain: "shop.example" })).toEqual({
      kind: "genuine",
    });
    for (const source of [
      "https://other.example/",
      "https://shop.example.evil.example/",
      "https://evil.example/?https://shop.example",
      "",
    ]) {
      expect(verify({ "x-wc-webhook-source": source }, body, { domain: "shop.example" }), source).toEqual({
        kind: "refused",
        reason: "wrong-shop",
      });
    }
    expect(verify({ "x-wc-webhook-signature": signatureOf("wrong"), "x-wc-webhook-source": "" }, body, { domain: "shop.example" })).toEqual(
      {
        kind: "refused",
        reason: "wrong-signature",
      },
    );
  });

  test("two orders that share a Delivery-ID are two, and one body is one under any (IN-05)", () => {
    const key = (topic: string, text: string, delivery: string) =>
      adapters.woocommerce.identify({
        headers: { "x-wc-webhook-topic": topic, "x-wc-webhook-delivery-id": delivery },
        body: Buffer.from(text),
      }).key;
    expect(key("order.updated", '{"id":1}', "same")).not.toBe(key("order.updated", '{"id":2}', "same"));
    expect(key("order.updated", '{"id":1}', "one")).toBe(key("order.updated", '{"id":1}', "other"));
    expect(key("order.updated", '{"id":1}', "same")).not.toBe(key("order.deleted", '{"id":1}', "same"));
  });
});
