import { expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import type { ReceivedMail } from "../support/smtp-sink.ts";
import { daysLater, dispatchDay, maya, nextSummer, type Story, stand, tell, tellDispatched } from "./story.ts";

/** The links of a mail to the buyer's page whose address holds `part`. */
function linkIn(mail: ReceivedMail | undefined, part: string): URL {
  const links = [...(mail?.html ?? "").matchAll(/href="([^"]*\/b\/[^"]*)"/g)].map((match) =>
    (match[1] ?? "").replaceAll("&amp;", "&").replaceAll("&#x3D;", "="),
  );
  const found = links.find((link) => link.includes(part));
  if (found === undefined) throw new Error(`no link with ${part} in ${JSON.stringify(links)}`);
  return new URL(found);
}

/** Opens a page as a buyer does, fills in its form for `part` and sends it; answers the page that follows. */
async function send(story: Story, link: URL, part: string, changes: Readonly<Record<string, string>>): Promise<string> {
  const at = (url: URL | string) =>
    new URL(new URL(url, story.service.url).pathname + new URL(url, story.service.url).search, story.service.url);
  const html = await (await fetch(at(link))).text();
  const forms = [...html.matchAll(/<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/g)].filter((match) =>
    match[1]?.includes(`/${part}`),
  );
  const wanted = forms.find((match) => changes["topic"] === undefined || match[2]?.includes(`value="${changes["topic"]}"`));
  const hidden = [...(wanted?.[2] ?? "").matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((match) => [match[1], match[2]]);
  const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...changes });
  const posted = await fetch(at(wanted?.[1] ?? ""), { method: "POST", body, redirect: "manual" });
  expect(posted.status).toBe(303);
  return (await fetch(at(posted.headers.get("location") ?? ""))).text();
}

async function tasks(story: Story, state = "open"): Promise<Json[]> {
  return (await story.service.ok("GET", `/shops/${story.shopId}/tasks?state=${state}`)).tasks;
}

test("a late parcel: the mail offers a choice, the buyer makes it on the page, the shop refunds, and the buyer is asked nothing more", async () => {
  const story = await tell();
  const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
  const late = { key: "late", template: "delivery-late", category: "order", on: "shipment.overdue", per: "shipment" };
  const steps = [...schedule.steps.filter(({ key }: { key: string }) => key !== "delivery-late"), late];
  await story.service.ok("PUT", `/shops/${story.shopId}/schedule`, { schedule: { ...schedule, steps }, queued: "retime" });
  await story.places();
  await story.dispatches();
  await story.scans("in_transit");
  await story.until(daysLater(dispatchDay, 20));
  const mail = story.mails(maya).find(({ subject }) => subject.includes("late"));
  const page = await send(story, linkIn(mail, "choice=refund"), "choice", { choice: "refund", note: "" });
  expect(page).toContain("Pay me back");
  expect(await tasks(story)).toMatchObject([{ kind: "delivery-late", choice: "refund", orderNumber: "1001" }]);
  await story.says("order.refunded", { order: { id: "o-1" }, refund: { id: "f-1", amount: "49.90" } });
  await story.until(story.now());
  expect(await tasks(story)).toEqual([]);
  expect(await tasks(story, "resolved")).toMatchObject([{ kind: "delivery-late", resolution: "refunded" }]);
  await story.until(nextSummer);
  expect(story.steps(maya)).not.toContain("feedback-reminder");
});

test("'it has not arrived', by the check-in's link: no reminder while the shop owes an answer, and one after it", async () => {
  const story = await tellDispatched();
  await story.until(daysLater(dispatchDay, 11));
  expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
  const page = await send(story, linkIn(story.mails()[1], "topic=not-arrived"), "report", { topic: "not-arrived", text: "" });
  expect(page).toContain("Thank you for telling us.");
  await story.until(daysLater(dispatchDay, 40));
  expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
  expect(stand(await story.entry("feedback-reminder"))[1]).toBe("buyer-waiting");
  const [task] = await tasks(story);
  await story.service.ok("POST", `/tasks/${task.id}/resolve`, { resolution: "answered" });
  await story.until(nextSummer);
  expect(story.steps()).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
});
