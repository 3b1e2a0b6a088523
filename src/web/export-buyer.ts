import { type Instant, iso } from "../core/instant.ts";
import { type BuyerData, buyerData } from "../store/buyer-export.ts";
import type { WebDeps } from "./deps.ts";

/** Everything that is kept about a buyer of a shop, by address, as JSON: times in ISO 8601, the subjects of the mails that went out. Changes nothing. */
export async function exportBuyer(deps: Pick<WebDeps, "db" | "keys" | "now" | "sent">, shopId: string, address: string) {
  const data = await buyerData(deps.db, deps.keys, shopId, address);
  return { shopId, address, exportedAt: iso(deps.now()), ...view(data, await subjectsOf(deps, data)) };
}

/** Subjects of the mails that went out, by message, as far as what they were made from is kept. */
async function subjectsOf(deps: Pick<WebDeps, "sent">, { orders }: BuyerData): Promise<ReadonlyMap<string, string>> {
  const subjects = new Map<string, string>();
  for (const { id, sentAt } of orders.flatMap(({ messages }) => messages)) {
    const mail = sentAt === null ? null : await deps.sent(id);
    if (mail !== null) subjects.set(id, mail.subject);
  }
  return subjects;
}

function view({ orders, consents, suppressions }: BuyerData, subjects: ReadonlyMap<string, string>) {
  return {
    orders: orders.map(({ firstSeen, closedAt, facts, messages, tasks, ...order }) => ({
      ...order,
      firstSeen: iso(firstSeen),
      closedAt: maybeIso(closedAt),
      facts: facts.map(({ at, ...fact }) => ({ ...fact, at: iso(at) })),
      messages: messages.map(({ dueAt, sentAt, ...message }) => ({
        ...message,
        dueAt: iso(dueAt),
        sentAt: maybeIso(sentAt),
        subject: subjects.get(message.id) ?? null,
      })),
      tasks: tasks.map(({ openedAt, resolvedAt, ...task }) => ({ ...task, openedAt: iso(openedAt), resolvedAt: maybeIso(resolvedAt) })),
    })),
    consents: consents.map(({ at, withdrawnAt, ...consent }) => ({ ...consent, at: iso(at), withdrawnAt: maybeIso(withdrawnAt) })),
    suppressions: suppressions.map(({ createdAt, ...suppression }) => ({ ...suppression, createdAt: iso(createdAt) })),
  };
}

function maybeIso(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
