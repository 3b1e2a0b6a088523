import type { ActionSaying } from "./action.ts";
import type { ChoiceSaying, ReportSaying } from "./choice.ts";
import type { CaseSaying, RefundSaying, ReviewSaying, Saying, ScanSaying, ShipmentSaying } from "./facts.ts";
import { type Instant, instantOf } from "./instant.ts";
import type { Address, BuyerChoice, Case, OperatorAction, Order, Refund, Report, Review, Scan, Shipment } from "./order.ts";
import type { DeletionSaying, ListSaying } from "./taken-back.ts";

/** A fact that holds: the one that won its slot by `beats`. */
export interface HeldFact {
  readonly says: Saying;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Puts the facts that hold together to what is known of an order.
 *
 * The same whatever order they are given in (P1): what is single fills its field, what adds up is sorted by time, then id. Scans of a
 * shipment that no fact has named yet wait unseen until one does (IN-08).
 */
export function foldFacts(id: { id: string; externalId: string }, facts: readonly HeldFact[]): Order {
  const order: Draft = { ...nothingKnown, ...id, reviews: [], cases: [], choices: [], actions: [], reports: [] };
  const apart: Apart = { shipments: [], scans: new Map(), refunds: [], lists: new Map(), deletion: null };
  let latest = "";
  for (const { says, at } of facts) {
    if (at > latest) latest = at;
    if (!setApart(apart, says)) take(order, says);
  }
  if (apart.deletion?.deleted === true) {
    // Whose time nobody knows happened after all that is known of the order.
    order.cancelled ??= { at: instantOf(apart.deletion.deletedAt ?? latest), reason: "deleted at the shop" };
  }
  return {
    ...order,
    shipments: standing(order, apart)
      .map((shipment) => shipmentOf(shipment, apart.scans.get(shipment.id) ?? []))
      .sort(byDispatch),
    refunds: refundsOf(apart).sort((a, b) => a.at - b.at || compare(a.id, b.id)),
    reviews: order.reviews.sort((a, b) => a.postedAt - b.postedAt || compare(a.id, b.id)),
    cases: order.cases.sort((a, b) => a.changedAt - b.changedAt || compare(a.id, b.id) || compare(a.type, b.type)),
    choices: order.choices.sort((a, b) => a.chosenAt - b.chosenAt || compare(a.of, b.of) || compare(a.about, b.about)),
    actions: order.actions.sort((a, b) => a.at - b.at || compare(a.id, b.id)),
    reports: order.reports.sort((a, b) => a.reportedAt - b.reportedAt || compare(a.id, b.id)),
  };
}

/** What can only be judged when all facts are in. */
interface Apart {
  readonly shipments: ShipmentSaying[];
  readonly scans: Map<string, ScanSaying[]>;
  readonly refunds: RefundSaying[];
  readonly lists: Map<ListSaying["of"], ReadonlySet<string>>;
  deletion: DeletionSaying | null;
}

type ApartSaying = ShipmentSaying | ScanSaying | RefundSaying | ListSaying | DeletionSaying;

function setApart(apart: Apart, says: Saying): says is ApartSaying {
  switch (says.kind) {
    case "shipment":
      apart.shipments.push(says);
      return true;
    case "scan": {
      const scans = apart.scans.get(says.shipment);
      if (scans === undefined) apart.scans.set(says.shipment, [says]);
      else scans.push(says);
      return true;
    }
    case "refund":
      apart.refunds.push(says);
      return true;
    case "list":
      apart.lists.set(says.of, new Set(says.ids));
      return true;
    case "deletion":
      apart.deletion = says;
      return true;
    default:
      return false;
  }
}

/**
 * The shipments that are parcels: not those taken back, not a stand-in beside a known one, and of an order of which nothing travels only
 * those with a tracking number (a till, a download and a pickup are "fulfilled" as well).
 */
function standing({ nothingShips }: Draft, { shipments, lists }: Apart): readonly ShipmentSaying[] {
  const parcels = shipments.filter(
    (shipment) =>
      !shipment.void &&
      isListed(shipment, lists.get("shipments")) &&
      (!nothingShips || shipment.trackingNumber !== null || shipment.trackingUrl !== null),
  );
  const known = parcels.filter((shipment) => shipment.standIn !== true);
  return known.length > 0 ? known : parcels;
}

/** Each refund once, as the earliest telling has it. */
function refundsOf({ refunds, lists }: Apart): Refund[] {
  const earliest = new Map<string, RefundSaying>();
  for (const refund of refunds) {
    if (!isListed(refund, lists.get("refunds"))) continue;
    const other = earliest.get(refund.id);
    if (other === undefined || refund.refundedAt < other.refundedAt) earliest.set(refund.id, refund);
  }
  return [...earliest.values()].map(refundOf);
}

function isListed({ id, listed }: { readonly id: string; readonly listed?: true }, list: ReadonlySet<string> | undefined): boolean {
  return listed !== true || list === undefined || list.has(id);
}

type Draft = { -readonly [Key in keyof Order]: Order[Key] } & {
  reviews: Review[];
  cases: Case[];
  choices: BuyerChoice[];
  actions: OperatorAction[];
  reports: Report[];
};

const nowhere: Address = { country: null, region: null, postalCode: null, city: null, latitude: null, longitude: null };

const nothingKnown: Omit<Order, "id" | "externalId"> = {
  known: false,
  number: "",
  placedAt: null,
  currency: "",
  total: "0",
  url: null,
  tags: [],
  promisedDispatchBy: null,
  test: false,
  nothingShips: false,
  buyer: { email: null, name: null, locale: null },
  address: nowhere,
  paidAt: null,
  cancelled: null,
  items: [],
  shipments: [],
  refunds: [],
  reviews: [],
  cases: [],
  choices: [],
  actions: [],
  reports: [],
  waitingSince: null,
  answeredAt: null,
};

function take(order: Draft, says: Exclude<Saying, ApartSaying>): void {
  switch (says.kind) {
    case "order":
      order.known = true;
      order.number = says.number;
      order.placedAt = instantOf(says.placedAt);
      order.currency = says.currency;
      order.total = says.total;
      order.url = says.url;
      order.tags = says.tags;
      order.promisedDispatchBy = maybeInstant(says.promisedDispatchBy);
      order.test = says.test;
      order.nothingShips = says.nothingShips;
      return;
    case "buyer":
      order.buyer = { email: says.email, name: says.name, locale: says.locale };
      return;
    case "address": {
      const { country, region, postalCode, city, latitude, longitude } = says;
      order.address = { country, region, postalCode, city, latitude, longitude };
      return;
    }
    case "payment":
      order.paidAt = maybeInstant(says.paidAt);
      return;
    case "cancellation":
      order.cancelled = says.cancelledAt === null ? null : { at: instantOf(says.cancelledAt), reason: says.reason };
      return;
    case "items":
      order.items = says.items;
      return;
    case "conversation":
      order.waitingSince = says.waiting ? instantOf(says.changedAt) : null;
      order.answeredAt = says.waiting ? null : instantOf(says.changedAt);
      return;
    case "review":
      order.reviews.push(reviewOf(says));
      return;
    case "case":
      order.cases.push(caseOf(says));
      return;
    case "choice":
      order.choices.push(choiceOf(says));
      return;
    case "action":
      order.actions.push(actionOf(says));
      return;
    case "report":
      order.reports.push(reportOf(says));
      return;
    case "consent":
      // Evidence belongs to the address, not to the order: the store keeps it (LAW-02) and hands it in as `Permission`.
      return;
  }
}

function shipmentOf(says: ShipmentSaying, scans: readonly ScanSaying[]): Shipment {
  const { id, carrier, service, trackingNumber, trackingUrl, items } = says;
  const own: Scan[] = scans
    .map(({ status, occurredAt, description, location }) => ({ status, at: instantOf(occurredAt), description, location }))
    .sort((a, b) => a.at - b.at || compare(a.status, b.status));
  return { id, dispatchedAt: maybeInstant(says.dispatchedAt), carrier, service, trackingNumber, trackingUrl, items, scans: own };
}

function refundOf({ id, refundedAt, amount, items }: RefundSaying): Refund {
  return { id, at: instantOf(refundedAt), amount, items };
}

function reviewOf({ id, postedAt, rating, removed, text, itemId, url }: ReviewSaying): Review {
  return { id, postedAt: instantOf(postedAt), rating: removed ? null : rating, removed, text, itemId, url };
}

function caseOf({ id, type, state, changedAt, reason, outcome }: CaseSaying): Case {
  return { id, type, state, changedAt: instantOf(changedAt), reason, outcome };
}

function choiceOf({ of, about, choice, note, chosenAt, settledAt }: ChoiceSaying): BuyerChoice {
  return { of, about, choice, note, chosenAt: instantOf(chosenAt), settledAt: maybeInstant(settledAt ?? null) };
}

function actionOf({ id, type, caseId, at, fields }: ActionSaying): OperatorAction {
  return { id, type, caseId, at: instantOf(at), fields };
}

function reportOf({ id, topic, text, reportedAt, answeredAt }: ReportSaying): Report {
  return { id, topic, text, reportedAt: instantOf(reportedAt), answeredAt: maybeInstant(answeredAt ?? null) };
}

function maybeInstant(iso: string | null): Instant | null {
  return iso === null ? null : instantOf(iso);
}

/** In the order of dispatch, announced ones last, then by id. */
function byDispatch(a: Shipment, b: Shipment): number {
  if (a.dispatchedAt !== b.dispatchedAt) {
    if (a.dispatchedAt === null) return 1;
    if (b.dispatchedAt === null) return -1;
    return a.dispatchedAt - b.dispatchedAt;
  }
  return compare(a.id, b.id);
}

/** By code units, so that no locale of the machine has a say. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
