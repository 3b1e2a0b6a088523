import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { onEachServer, type Server } from "./servers.ts";
import { setUp, worksOn } from "./set-up.ts";

function addressed(server: () => Server): void {
  test("may carry a user, a password with any characters, and a database's number", async () => {
    const { hostname, port } = addressOf(server());
    const admin = new Redis({ host: hostname, port: Number(port) });
    await admin.acl("SETUSER", "mailer", "on", ">p@ss:w/rd#1", "~*", "&*", "+@all");
    await admin.acl("SETUSER", "default", "off");

    await worksOn({ kind: "redis", urls: [`redis://mailer:${encodeURIComponent("p@ss:w/rd#1")}@${hostname}:${port}/3`] });

    expect(await admin.dbsize()).toBe(0);
    await admin.select(3);
    expect(await admin.dbsize()).toBeGreaterThan(0);
    await admin.acl("SETUSER", "default", "on");
    await admin.quit();
  });

  test("with a wrong password leaves the queue closed, and says why without quoting it", async () => {
    const { hostname, port } = addressOf(server());
    const { process, lines } = setUp({ kind: "redis", urls: [`redis://mailer:sesame@${hostname}:${port}`] });
    const queue = await process();
    expect(await queue.wake("greet")).toBe(false);
    expect(await queue.check()).toMatchObject({ ok: false, reason: expect.stringContaining("WRONGPASS") });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain("WRONGPASS");
    expect(JSON.stringify(lines)).not.toContain("sesame");
  });
}

function addressOf({ backend }: Server): URL {
  if (backend.kind !== "redis") throw new Error("not a Redis");
  return new URL(backend.urls[0] ?? "");
}

onEachServer("An address of", addressed, "Redis");

test.each(["mailer:sesame@redis", "http://mailer:sesame@redis", "redis://mailer:sesame@redis/three"])(
  "an address that is none is refused without quoting its password: %s",
  async (url) => {
    const { process } = setUp({ kind: "redis", urls: [url] });
    await expect(process()).rejects.toThrow(/REDIS_URL/);
    await expect(process()).rejects.not.toThrow(/sesame/);
  },
);
