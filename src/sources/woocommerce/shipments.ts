import { z } from "zod";
import type { Saying, ShipmentSaying } from "../../core/facts.ts";
import { hour, instantOf, iso } from "../../core/instant.ts";
import { identifier, orNull, readWebUrl } from "../fields.ts";
import { readJson } from "../json.ts";
import { contentsOf, indexOf, type LineIndex } from "./contents.ts";
import { metaOf, type OrderPayload } from "./payloads.ts";
import { id, soft, text } from "./php.ts";

/**
 * Reads what an order tells of its parcels: the entries of a tracking plugin, and that it was completed, which stands for a parcel as
 * long as no entry does.
 *
 * Shipment Tracking and Advanced Shipment Tracking keep theirs under one key. People correct an entry by deleting it and making another, so
 * entries are a list: what is named no more is taken back.
 */
export function shipmentSayings(order: OrderPayload, status: string, seen: string, nothingShips: boolean): readonly Saying[] {
  const completedAt = open.has(status) ? null : (order.date_completed_gmt ?? (status === "completed" ? seen : null));
  const lines = indexOf(order.line_items ?? []);
  const parcels = entriesOf(order).map((entry) => parcelOf(entry, lines, completedAt, seen));
  if (completedAt !== null && !nothingShips) parcels.push({ ...unknownParcel, id: "completed", dispatchedAt: completedAt, standIn: true });
  const byId = new Map(parcels.map((parcel) => [parcel.id, parcel]));
  const list: Saying[] = order.meta_data == null ? [] : [{ kind: "list", of: "shipments", ids: [...byId.keys()] }];
  return [...byId.values(), ...list];
}

/** `date_completed` is kept when an order is reopened. */
const open: ReadonlySet<string> = new Set(["pending", "processing", "on-hold", "failed", "cancelled", "trash"]);

const unknownParcel = {
  kind: "shipment",
  dispatchedAt: null,
  void: false,
  carrier: null,
  service: null,
  trackingNumber: null,
  trackingUrl: null,
  items: null,
  listed: true,
} as const;

const entrySchema = z.object({
  tracking_id: soft(id),
  tracking_number: soft(text),
  tracking_provider: soft(text),
  custom_tracking_provider: soft(text),
  formatted_tracking_provider: soft(text),
  custom_tracking_link: soft(text),
  ast_tracking_link: soft(text),
  formatted_tracking_link: soft(text),
  date_shipped: z.unknown().optional(),
  products_list: z.unknown().optional(),
});

type Entry = z.output<typeof entrySchema> & { readonly id: string };

/** The entries with a name of their own: the plugin's id, else the tracking number. */
function entriesOf(order: OrderPayload): readonly Entry[] {
  return listIn(metaOf(order, "_wc_shipment_tracking_items")).flatMap((value) => {
    const entry = entrySchema.safeParse(value);
    if (!entry.success) return [];
    const id = entry.data.tracking_id ?? identifier.safeParse(entry.data.tracking_number?.trim()).data;
    return id === undefined ? [] : { ...entry.data, id };
  });
}

/** A list, as such, as an object with numbers for names, or as either in JSON; empty for anything else. */
function listIn(value: unknown): readonly unknown[] {
  if (typeof value === "object" && value !== null) return Object.values(value);
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return [];
  const json = readJson(Buffer.from(value));
  return json.kind === "json" && typeof json.value === "object" && json.value !== null ? Object.values(json.value) : [];
}

function parcelOf(entry: Entry, lines: LineIndex, completedAt: string | null, seen: string): ShipmentSaying {
  return {
    ...unknownParcel,
    id: entry.id,
    dispatchedAt: shippedAt(entry.date_shipped, seen) ?? completedAt,
    carrier: carrierOf(entry),
    trackingNumber: orNull(entry.tracking_number),
    trackingUrl: readWebUrl(entry.custom_tracking_link) ?? readWebUrl(entry.ast_tracking_link) ?? readWebUrl(entry.formatted_tracking_link),
    items: contentsOf(entry.products_list, lines),
  };
}

/** A provider of the plugin's list is told by its slug: `australia-post`. */
function carrierOf(entry: Entry): string | null {
  const named = orNull(entry.custom_tracking_provider) ?? orNull(entry.formatted_tracking_provider);
  if (named !== null) return named;
  const slug = orNull(entry.tracking_provider);
  if (slug === null || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(slug)) return slug;
  return slug.replaceAll("-", " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * When a parcel left: seconds since 1970, or a date. ISO 8601 UTC, or `null` when it can't be read.
 *
 * A day, which the plugins keep as its first second in UTC, is taken for noon, which is the same day nearly everywhere, but not
 * for later than `seen`: what is told has happened.
 */
function shippedAt(value: unknown, seen: string): string | null {
  const ms = millisecondsOf(value);
  if (ms === null) return null;
  if (ms % (24 * hour) !== 0) return iso(instantOf(new Date(ms).toISOString()));
  const noon = new Date(ms + 12 * hour).toISOString();
  const day = new Date(ms).toISOString();
  if (noon <= seen) return noon;
  return seen > day ? seen : day;
}

const year2000 = 946_684_800;
const year3000 = 32_503_680_000;

function millisecondsOf(value: unknown): number | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (/^\d{1,11}$/.test(text)) {
    const seconds = Number(text);
    return seconds >= year2000 && seconds < year3000 ? seconds * 1_000 : null;
  }
  if (!/^[2-9]\d{3}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(text)) return null;
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(" ", "T")}Z`);
  return Number.isFinite(ms) && ms < year3000 * 1_000 ? ms : null;
}
