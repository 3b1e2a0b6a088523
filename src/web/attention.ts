import type { Found } from "../core/attention.ts";
import { attentionIn } from "../store/attention.ts";
import type { WebDeps } from "./deps.ts";

/** What needs a person's look in a shop now, the most pressing first; also what concerns the whole installation. */
export async function attentionOf(
  { db, now, instance }: Pick<WebDeps, "db" | "now" | "instance">,
  shopId: string,
): Promise<readonly Found[]> {
  const [standing, found] = await Promise.all([instance.standing(), attentionIn(db, [shopId], now())]);
  const held: readonly Found[] =
    standing.kind === "held" ? [{ kind: "sending-held", about: "", count: 1, since: null, note: standing.because }] : [];
  return [...held, ...found];
}
