import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { connectShop, type Json, standardOrder, startService } from "../support/service.ts";
import { commandsFor, nobodyThere, run } from "./set-up.ts";

const noon = "2026-01-20T12:00:00Z";
const service = await startService({ start: noon });
const shop = await connectShop(service, { name: "Lantern & Söhne 灯笼" });
await shop.event(
  "order.placed",
  "2026-01-19T10:00:00Z",
  { order: standardOrder({ buyer: { email: "maya@buyer.example", name: "Maya\u001b[31m" } }) },
  noon,
);
const dispatchedAt = "2026-01-20T08:00:00Z";
await shop.event(
  "shipment.dispatched",
  dispatchedAt,
  { order: { id: "o-1" }, shipment: { id: "s-1", carrier: "EMS", dispatchedAt } },
  noon,
);
await service.moveTo(noon);
const { says, json, env, run: runHere } = commandsFor(service);

describe("shops", () => {
  test("are made, shown, changed and listed", async () => {
    const made = await json(
      ...["shop", "create", "--name", "Second", "--time-zone", "Europe/Berlin", "--locale", "de", "--country", "DE"],
      ...["--from", '"Second, Inc" <hi@second.example>', "--sending", "off"],
    );
    expect(made).toMatchObject({ name: "Second", from: { name: "Second, Inc", address: "hi@second.example" }, sending: false });
    const changed = await json(
      "shop",
      "set",
      "second",
      "--sending",
      "on",
      "--redirect-to",
      "me@test.example",
      "--postal-address",
      "Weg 1, Berlin",
    );
    expect(changed).toMatchObject({ id: made.id, sending: true, redirectTo: "me@test.example", postalAddress: "Weg 1, Berlin" });
    expect(await json("shop", "set", made.id, "--redirect-to", "none")).toMatchObject({ redirectTo: null, postalAddress: "Weg 1, Berlin" });
    expect(await says("shop", "show", "SECOND")).toMatch(/^name +Second$/m);
    expect((await json("shop", "list")).shops.map((one: Json) => one.name)).toContain("Second");
  });

  test("are asked for by name when there are several, and all fields that are wrong are named", async () => {
    const which = await runHere("schedule", "show");
    expect([which.code, which.out]).toEqual([2, ""]);
    expect(which.err).toMatch(/^afterword: there are 2 shops; say which with --shop/);
    for (const name of ["Second", "Lantern & Söhne 灯笼"]) expect(which.err).toMatch(new RegExp(`^  [0-9a-f-]{36}  ${name}$`, "m"));
    expect((await runHere("schedule", "show", "--shop", "Third")).err).toContain('no shop is called "Third"');
    const wrong = await runHere("shop", "set", "Second", "--color", "red", "--country", "Germany", "--live-from", "today");
    expect([wrong.code, wrong.err.match(/^ {2}(\w+): /gm)]).toEqual([1, ["  country: ", "  color: ", "  liveFrom: "]]);
  });
});

describe("orders", () => {
  test("are explained step by step, with the reasons", async () => {
    const text = await says("order", "timetable", "#1001", "--shop", shop.shopId);
    expect(text).toMatch(/^Order 1001, Maya {2}schedule version 1, times in Asia\/Shanghai$/m);
    for (const row of [
      /^dispatch-notice +shipment s-1 +sent +Tue 2026-01-20 20:00$/m,
      /^check-in +order +planned +\w{3} 2026-01-3\d \d\d:\d\d$/m,
      /^feedback-reminder +order +waiting +about \w{3} 2026-02-\d\d \d\d:\d\d +prior-not-sent-yet$/m,
      /^ {4}wait +10 days after parcel s-1 was dispatched on 2026-01-20 → 2026-01-30$/m,
      /^holiday-delay +order +excluded +no-closure$/m,
    ]) {
      expect(text).toMatch(row);
    }
    const { order, entries } = await json("order", "timetable", "1001", "--shop", shop.shopId);
    expect([order.number, entries.length]).toEqual(["1001", defaultSchedule.steps.length]);
    expect(await says("order", "timetable", order.id)).toBe(text);
  });

  test("are listed and found by number; what a buyer calls himself can't colour the terminal", async () => {
    const list = await says("order", "list", "--shop", shop.shopId);
    expect(list).toMatch(/^1001 +Sun 2026-01-18 18:00 +Maya +US +v1 +[0-9a-f-]{36}$/m);
    expect(list).not.toContain("\u001b");
    expect(await says("order", "list", "--shop", shop.shopId, "--number", "4711")).toContain("has no such order");
    const unknown = await runHere("order", "show", "4711", "--shop", shop.shopId);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringMatching(/has no order 4711\.\n`npx afterword order list`/)]);
    expect(await says("order", "show", "1001", "--shop", shop.shopId)).toMatch(/^buyer +Maya <maya@buyer\.example>$/m);
  });
});

describe("messages", () => {
  test("are held, released, shown and cancelled; what can't be done is said with the state", async () => {
    const { messages } = await json("message", "list", "--shop", shop.shopId, "--order", "1001");
    const id = messages.find((message: Json) => message.step === "check-in").id;
    expect(await says("message", "hold", id)).toMatch(/^state +held$/m);
    expect((await json("message", "list", "--shop", shop.shopId, "--state", "held")).messages).toHaveLength(1);
    expect(await says("message", "list", "--shop", shop.shopId, "--state", "held")).toMatch(/^1001 +check-in +held +/m);
    const again = await runHere("message", "hold", id);
    expect([again.code, again.out, again.err]).toEqual([
      1,
      "",
      expect.stringContaining("is held (operator-held); hold is possible when it is planned"),
    ]);
    expect(await says("message", "release", id)).toMatch(/^state +planned$/m);
    expect(await says("message", "preview", id)).toMatch(/^Subject +.*1001.*\n\n/m);
    expect((await json("message", "cancel", id)).reason).toBe("operator-cancelled");
    expect(await says("message", "show", id)).toMatch(/^reason +operator-cancelled$/m);
  });

  test.each(["show", "hold", "release", "cancel", "send-now", "preview"])("%s wants an id", async (verb) => {
    const wrong = await runHere("message", verb, "check-in");
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('"check-in" is not an id')]);
  });
});

describe("sources", () => {
  test("are connected, rotated and listed, and a secret is shown once", async () => {
    const text = await says("source", "add", "standard", "--shop", shop.shopId);
    const id = /^id +(\S+)$/m.exec(text)?.[1] ?? "";
    const secret = /^secret +(whsec_\S+) {2}\(shown this once\)$/m.exec(text)?.[1] ?? "";
    expect(secret).not.toBe("");
    const list = await says("source", "list", "--shop", shop.shopId);
    expect(list).toMatch(new RegExp(`^${id} +standard +never$`, "m"));
    expect(list).not.toContain("whsec_");
    const rotated = await json("source", "rotate", id);
    expect(rotated.secret).not.toBe(secret);
    expect(await says("source", "rotate", id, "--end")).toContain("Only the new secret");
    const shopify = await says("source", "add", "shopify", "--shop", shop.shopId, "--secret", "s3cret");
    expect(shopify).not.toContain("s3cret");
  });

  test("are tested over their own hook, and what is in the way is said", async () => {
    const other = await startService({ start: noon, env: { PUBLIC_URL: await nobodyThere() } });
    const { shopId } = await connectShop(other);
    const commands = commandsFor(other);
    const { sources } = await commands.json("source", "list");
    const failed = await commands.run("source", "test", sources[0].id);
    expect([failed.code, failed.out, failed.err]).toEqual([
      1,
      expect.stringMatching(/^fails {2}nobody answers at http:\/\/127\.0\.0\.1:\d+\/hooks\//),
      "",
    ]);
    const elsewhere = commandsFor(service);
    expect((await elsewhere.run("source", "test", shopId)).err).toContain("there is nothing of that id here");
  });

  test.each(["shopify", "standard"])("a test of a %s source goes the way its webhooks go", async (platform) => {
    const { sources } = await json("source", "list", "--shop", shop.shopId);
    const source = sources.find((one: Json) => one.platform === platform);
    // PUBLIC_URL is not set, so the hook is where the service listens.
    const tested = await json("source", "test", source.id);
    expect(tested).toMatchObject({ ok: true, status: 202, state: "ignored", hookUrl: source.hookUrl });
  });
});

describe("users", () => {
  test("are let in with a link, listed, given a password from a file, and kept out", async () => {
    const made = await json("user", "add", "mei@lantern.example", "Mei Lin", "--role", "viewer");
    expect(made.link).toMatch(/\/console\/password\/[\w-]{62}$/);
    expect(await says("user", "list")).toMatch(/^mei@lantern\.example +Mei Lin +viewer +has not chosen a password +never/m);
    const file = join(await mkdtemp(join(tmpdir(), "afterword-user-")), "password");
    await writeFile(file, "a lantern in the window\n");
    expect(await says("user", "set-password", "MEI@lantern.example", "--password-file", file)).toBe("Mei Lin has a new password.\n");
    expect(await says("user", "list")).toMatch(/^mei@lantern\.example +Mei Lin +viewer +active/m);
    expect(await says("user", "reset-link", made.id)).toMatch(/\/console\/password\/[\w-]{62}/);
    expect(await says("user", "disable", "mei@lantern.example")).toContain("may not sign in any more");
    expect(await says("user", "list")).toMatch(/may not sign in/);
    const unknown = await run(["user", "disable", "nobody@lantern.example"], env);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("there is no user nobody@lantern.example")]);
  });
});

describe("tokens", () => {
  test("are made, used, listed and revoked", async () => {
    const made = await json("token", "create", "nightly export", "--role", "viewer");
    const asViewer = { ...env, AFTERWORD_TOKEN: made.token };
    expect((await run(["shop", "list"], asViewer)).code).toBe(0);
    const refused = await run(["shop", "set", "Second", "--name", "Mine"], asViewer);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("takes an operator's token; the one given is a viewer's")]);
    expect(await says("token", "list")).toMatch(new RegExp(`^${made.id} +nightly export +viewer +`, "m"));
    await says("token", "revoke", made.id);
    const ended = await run(["shop", "list"], asViewer);
    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/not valid.*\nSet AFTERWORD_TOKEN/)]);
  });
});

describe("what was not asked as it should be ends with 2 and says how", () => {
  test.each([
    [["bogus"], "unknown command 'bogus'"],
    [["shop", "lst"], "Did you mean list?"],
    [["shop", "create"], "required option '--name <name>'"],
    [["shop", "create", "--from", "nobody"], 'It looks like "Lantern <hello@lantern.example>"'],
    [["shop", "set", "--sending", "maybe"], "It is on or off"],
    [["shop", "set"], "nothing to change was named"],
    [["order", "list", "--limit", "0"], "It is a number from 1 to 10000"],
    [["message", "list", "--state", "gone"], "Allowed choices are planned"],
    [["schedule", "publish", "x.yaml"], "required option '--queued <what>'"],
    [["schedule", "validate", "/no/such.yaml"], "/no/such.yaml can't be read"],
    [["token", "create", "x", "--role", "king"], "Allowed choices are viewer, operator, owner"],
    [["template", "preview"], "name one template, or --all of them"],
    [["template", "preview", "--all"], "--all needs --out"],
    [["template", "preview", "poem"], 'there is no template "poem"; there are check-in,'],
    [["import", "/no/such.ndjson", "--shop", "Second"], "/no/such.ndjson can't be read"],
    [["completion", "tcsh"], "only for bash, zsh, fish"],
    [["order", "show"], "missing required argument 'order'"],
  ])("%j", async (args, said) => {
    const { code, out, err } = await run(args, env);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(said)]);
  });
});

describe("help", () => {
  const paths = [
    "shop create",
    "source test",
    "schedule simulate",
    "order timetable",
    "message send-now",
    "template preview",
    "import",
    "token create",
    "doctor",
    "start",
    "migrate",
  ];
  test.each(paths)("%s --help says what it does, has --json and an example", async (path) => {
    const { code, out, err } = await run([...path.split(" "), "--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("--json");
    expect(out).toMatch(new RegExp(`\\nExample:\\n +\\$ afterword ${path}`));
  });

  test("a group named alone shows its commands, and ends with 2 for nothing was asked", async () => {
    const { code, out, err } = await run(["schedule"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/validate .*\n[\s\S]*simulate /);
  });
});

test("no service: one sentence that says how to start one, and exit 1", async () => {
  const url = await nobodyThere();
  const { code, out, err } = await run(["shop", "list"], { AFTERWORD_URL: url, AFTERWORD_TOKEN: "x" });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toBe(
    `afterword: no service answers at ${url}.\nStart it with \`npx afterword start\`, or set AFTERWORD_URL to where it runs.\n`,
  );
});

test("an address that is none ends with 2, and another server is told apart", async () => {
  expect((await run(["shop", "list"], { AFTERWORD_URL: "localhost" })).code).toBe(2);
  const other = await run(["shop", "list"], { AFTERWORD_URL: `${service.url}/elsewhere`, AFTERWORD_TOKEN: "x" });
  expect([other.code, other.err]).toEqual([1, expect.stringMatching(/AFTERWORD_URL|nothing at this address/)]);
});

test("the key of the machine is enough beside the service, and goes to no other machine", async () => {
  const secret = { SECRET_KEY: "a secret key for tests, 32 long.." };
  expect((await run(["shop", "list"], { AFTERWORD_URL: service.url, ...secret })).code).toBe(0);
  const stranger = await run(["shop", "list"], { AFTERWORD_URL: service.url, SECRET_KEY: "another secret key, 32 long......" });
  expect([stranger.code, stranger.err]).toEqual([1, expect.stringContaining("not valid")]);
  const nothing = await run(["shop", "list"], { AFTERWORD_URL: service.url, DATA_DIR: "/no/such/folder" });
  expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("wants a token, and there is none here")]);
});
