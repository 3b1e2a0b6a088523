import { expect, test } from "vitest";
import { connectShop, startService } from "../../support/service.ts";
import { password, Visitor } from "./set-up.ts";

test("a start without accounts logs the link to the first one once, the next start the same link, and none once it was used", async () => {
  const first = await startService();
  const links = first.logged.flatMap((line) => /\/setup\/[\w-]+/.exec(line)?.[0] ?? []);
  expect(links).toHaveLength(1);
  await first.stop();
  const second = await startService({ databaseUrl: first.databaseUrl, sink: first.sink });
  expect(second.logged.join("\n").split(links[0] ?? "-")).toHaveLength(2);
  const visitor = new Visitor(second);
  await visitor.get(links[0] ?? "");
  await visitor.post(links[0] ?? "", { name: "Lin", email: "lin@lantern.example", password, again: password });
  const { shopId } = await connectShop(second);

  // A page that listens is told that the service ends, instead of being cut off: the stream ends without an error.
  const cookie = visitor.cookie;
  const live = await fetch(`${second.url}/console/shops/${shopId}/today/live`, { headers: { cookie } });
  expect(live.headers.get("content-type")).toBe("text/event-stream");
  const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain(": hello");
  const [rest] = await Promise.all([reader?.read(), second.stop()]);
  expect(rest?.done).toBe(true);
  const third = await startService({ databaseUrl: first.databaseUrl, sink: first.sink });
  expect(third.logged.join("\n")).not.toContain("/setup/");
});
