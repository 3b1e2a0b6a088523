import type { Kysely } from "kysely";
import type { ShopIdentity } from "../core/letter.ts";
import type { Schema } from "./schema.ts";

/** Loads how shops present themselves to their buyers, by id. */
export async function shopIdentities(db: Kysely<Schema>, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, ShopIdentity>();
  const rows = await db.selectFrom("shops").selectAll().where("id", "in", ids).execute();
  return new Map(
    rows.map((row): [string, ShopIdentity] => [
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
        templateVersions: row.template_versions,
      },
    ]),
  );
}
