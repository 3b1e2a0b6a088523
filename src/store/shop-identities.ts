import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Loads how shops present themselves to their buyers, by id. */
export async function shopIdentities(db: Kysely<Schema>, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Identity>();
  const rows = await db.selectFrom("shops").selectAll().where("id", "in", ids).execute();
  return new Map(
    rows.map((row): [string, Identity] => [
      row.id,
      {
        id: row.id,
        name: row.name,
        timeZone: row.time_zone,
        locale: row.locale,
        country: row.country,
        from: { name: row.from_name, address: row.from_address },
        replyTo: row.reply_to,
        postalAddress: row.postal_address,
        website: row.website,
        logoUrl: row.logo_url,
        color: row.color,
        reviewUrl: row.review_url,
        signedBy: row.signed_by,
        redirectTo: row.redirect_to,
      },
    ]),
  );
}

interface Identity {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly country: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly postalAddress: string | null;
  readonly website: string | null;
  readonly logoUrl: string | null;
  readonly color: string | null;
  readonly reviewUrl: string | null;
  readonly signedBy: string | null;
  readonly redirectTo: string | null;
}
