import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import { publishNext, standingSchedule } from "./schedules.ts";
import type { Schema } from "./schema.ts";

/** How things stand when it is said which mails a platform sends. */
export interface PlatformStanding {
  /** As the operator wrote it. */
  readonly schedule: unknown;
  /** Templates that other sources of the shop send. */
  readonly sentByOthers: readonly string[];
  /** Steps that were switched off for this source. */
  readonly switchedOff: readonly string[];
}

export interface PlatformSends {
  readonly templates: readonly string[];
  readonly switchedOff: readonly string[];
  /** The schedule to be published; `null`: it stays. */
  readonly publish: { readonly schedule: unknown; readonly stepKeys: readonly string[] } | null;
}

/**
 * Stores which mails a source's platform sends, and publishes the schedule that follows from it, for open orders too. Answers the new version;
 * `null` when the schedule stays. In a transaction, in which the shop's row is locked: two such calls at once lose neither.
 */
export async function setPlatformSends(
  trx: Kysely<Schema>,
  { sourceId, shopId, now }: { readonly sourceId: string; readonly shopId: string; readonly now: Instant },
  decide: (standing: PlatformStanding) => PlatformSends,
): Promise<number | null> {
  const standing = await standingSchedule(trx, shopId);
  if (standing === null) return null;
  const sources = await trx.selectFrom("sources").select(["id", "platform_sends", "switched_off"]).where("shop_id", "=", shopId).execute();
  const { templates, switchedOff, publish } = decide({
    schedule: standing.schedule,
    sentByOthers: sources.flatMap((source) => (source.id === sourceId ? [] : source.platform_sends)),
    switchedOff: sources.find(({ id }) => id === sourceId)?.switched_off ?? [],
  });
  await trx
    .updateTable("sources")
    .set({ platform_sends: [...templates], switched_off: [...switchedOff] })
    .where("shop_id", "=", shopId)
    .where("id", "=", sourceId)
    .execute();
  if (publish === null) return null;
  return publishNext(trx, { shopId, ...publish, queued: "retime", now });
}
