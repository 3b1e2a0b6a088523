import { expect, test } from "vitest";
import { runCommand } from "../../src/cli/program.ts";
import { commandsFor } from "../cli/set-up.ts";
import { daysLater, stand, tell } from "./story.ts";

/*
 * A platform that sends dispatch notices itself: the buyer must not get two.
 */

const start = "2026-01-20T18:00:00Z";

test("what the platform sends is switched off for open orders too, said why, and comes back when it no longer does", async () => {
  const story = await tell({ start });
  const { service, shopId } = story;
  await story.places();
  await story.until(start);
  const made = await service.ok("POST", `/shops/${shopId}/sources`, {
    platform: "shopify",
    secret: "s3cret",
    platformSends: ["dispatch-notice", "holiday-delay", "dispatch-notice"],
  });
  expect(made.platformSends).toEqual(["dispatch-notice", "holiday-delay"]);
  expect(made.switched).toMatchObject({ off: ["dispatch-notice", "holiday-delay"], on: [], version: 2 });
  expect(made.switched.how).toContain("PATCH");
  await story.dispatches();
  await story.until(start);
  expect(story.steps()).toEqual([]);
  const entry = await story.entry("dispatch-notice");
  expect(stand(entry)).toEqual(["excluded", "step-off"]);
  expect(entry.because).toEqual([{ rule: "published", detail: expect.stringContaining("switched off") }]);

  const changed = await service.ok("PATCH", `/sources/${made.id}`, { platformSends: ["holiday-delay"] });
  expect(changed).toMatchObject({ platformSends: ["holiday-delay"], switched: { off: [], on: ["dispatch-notice"], version: 3 } });
  await story.until(start);
  expect(story.steps()).toEqual(["dispatch-notice"]);
  expect((await service.ok("PATCH", `/sources/${made.id}`, { platformSends: ["holiday-delay"] })).switched).toBeNull();
  const { sources } = await service.ok("GET", `/shops/${shopId}/sources`);
  expect(sources[0]).toMatchObject({ id: made.id, platformSends: ["holiday-delay"] });
});

test("a step that the operator switched off stays off, and one that another source's platform sends too", async () => {
  const { service, shopId } = await tell({ start });
  const path = `/shops/${shopId}/schedule`;
  const enabled = async (key: string) =>
    (await service.ok("GET", path)).schedule.steps.find((step: { key: string }) => step.key === key).enabled ?? true;
  const { schedule } = await service.ok("GET", path);
  const steps = schedule.steps.map((step: { key: string }) => (step.key === "check-in" ? { ...step, enabled: false } : step));
  await service.ok("PUT", path, { schedule: { ...schedule, steps }, queued: "keep" });
  const add = (platformSends: readonly string[]) =>
    service.ok("POST", `/shops/${shopId}/sources`, { platform: "woocommerce", secret: "s", platformSends });
  const first = await add(["check-in", "dispatch-notice"]);
  const second = await add(["dispatch-notice"]);
  expect([first.switched.off, second.switched]).toEqual([["dispatch-notice"], null]);
  await service.ok("PATCH", `/sources/${first.id}`, { platformSends: [] });
  expect([await enabled("check-in"), await enabled("dispatch-notice")]).toEqual([false, false]);
  const wrong = await service.api("PATCH", `/sources/${first.id}`, { platformSends: ["dispatch-notice", "birthday-wishes"] });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, "/platformSends/1"]);
});

test("the command asks at a terminal, suggests what the platform usually sends, and says how to undo it", async () => {
  const story = await tell({ start: daysLater(start, 1) });
  const { says, json, env } = commandsFor(story.service);
  const asked: string[] = [];
  const said: string[] = [];
  const terminal = {
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
    watched: true,
    colour: false,
    width: 120,
    ask: (question: string) => Promise.resolve(asked.push(question) > 1 ? "none" : ""),
  };
  const add = ["source", "add", "shopify", "--secret", "s3cret"];
  expect(await runCommand(add, { terminal, env })).toBe(0);
  expect(asked[0]).toMatch(/dispatch-notice; or a list, or none: $/);
  expect(said.join("")).toMatch(/^Switched off in the schedule: .*dispatch-notice/m);
  const undo = /npx afterword (source set \S+ --platform-sends none)/.exec(said.join(""))?.[1] ?? "";
  expect(await says(...undo.split(" "))).toMatch(/sends: none\.\nSwitched on again in the schedule: .*dispatch-notice/);
  expect(await runCommand(add, { terminal, env })).toBe(0);
  expect(asked).toHaveLength(2);
  const { version } = await json("schedule", "show");
  await json(...add, "--platform-sends", "dispatch-notice");
  expect((await json("schedule", "show")).version).toBe(version + 1);
});
