import { retryingConflicts } from "../src/store/conflicts.ts";
import { lockStored, type StoredDelivery, settleDeliveries } from "../src/store/deliveries.ts";
import { closeSource, eraseBuyer, eraseSourceOrders, type SourceEnd } from "../src/store/erasure.ts";
import { touchOrders } from "../src/store/facts.ts";
import type { Deps } from "./deps.ts";

/** What a platform asks for on behalf of a buyer or the shop (IN-18), as readers say it. Ids are the sender's; orders may be unknown here. */
export type SourceRequest =
  | BuyerErasure
  | { readonly type: "export-buyer" }
  | { readonly type: "erase-shop" }
  | { readonly type: "uninstalled" };

interface BuyerErasure {
  readonly type: "erase-buyer";
  readonly buyerId: string | null;
  readonly email: string | null;
  readonly orders: readonly string[];
}

/** A request that needs nobody's help, with the delivery that brought it. */
export interface Wish {
  readonly delivery: StoredDelivery;
  readonly request: Exclude<SourceRequest, { readonly type: "export-buyer" }>;
}

/**
 * The wish in a delivery; `null` where there is none, or where a person must see to it: a buyer's data are handed over by people, and the end of a source
 * that only adds to another's orders says nothing about those.
 */
export function wishOf(delivery: StoredDelivery, request: SourceRequest | undefined): Wish | null {
  if (request === undefined || request.type === "export-buyer") return null;
  if (delivery.augments && request.type !== "erase-buyer") return null;
  return { delivery, request };
}

type Work = Pick<Deps, "db" | "keys" | "now" | "log" | "counters" | "wake">;

/**
 * Does what was asked for, and settles the delivery as taken; all at once, but for the data of a whole shop, which go in batches.
 *
 * Stops mail before it answers, and waits for nothing: what is being handed over ends, and nothing more begins. Harmless to repeat, in two processes at
 * once as well; after a crash it is done again from the start.
 */
export async function grant(deps: Work, { delivery, request }: Wish): Promise<void> {
  const end: SourceEnd = { shopId: delivery.shopId, sourceId: delivery.sourceId, until: delivery.id };
  switch (request.type) {
    case "erase-buyer":
      await settling(deps, delivery, (tx) => eraseAsked(tx, deps, delivery, request));
      deps.wake("plan");
      return;
    case "uninstalled":
      return settling(deps, delivery, (tx) => closeSource(tx, end, deps.now()));
    case "erase-shop":
      await retryingConflicts(() => deps.db.transaction().execute((tx) => closeSource(tx, end, deps.now())));
      await eraseAll(deps, end);
      return settling(deps, delivery, (tx) => closeSource(tx, end, deps.now()));
  }
}

/** Runs `act` together with the delivery's settling, unless somebody else has it in hand or has settled it. */
async function settling(deps: Work, { id }: StoredDelivery, act: (tx: Deps["db"]) => Promise<Done>): Promise<void> {
  const done = await retryingConflicts(() =>
    deps.db.transaction().execute(async (tx) => {
      const [held] = await lockStored(tx, { limit: 1, maxBytes: 0, only: [id] });
      if (held === undefined) return null;
      const did = await act(tx);
      await settleDeliveries(tx, [{ id, state: "taken", reason: null, pointer: null, waitsFor: null }], deps.now());
      return did;
    }),
  );
  if (done === null) return;
  deps.counters.deliveryTaken("taken");
  deps.log.info({ deliveryId: id, ...done }, "a platform asked to stop mail");
}

interface Done {
  readonly orders: number;
  readonly cancelled: number;
}

/** Also orders that never came are kept as closed ones: their webhooks may be late, and must bring nothing back. */
async function eraseAsked(tx: Deps["db"], deps: Work, delivery: StoredDelivery, request: BuyerErasure): Promise<Done> {
  const { shopId, ordersOf } = delivery;
  const listed = delivery.augments ? [] : request.orders.map((externalId) => ({ shopId, sourceId: ordersOf, externalId, number: null }));
  const known = await touchOrders(tx, listed, deps.now());
  const buyer = request.buyerId === null ? null : { ordersOf, id: request.buyerId };
  const wanted = { shopId, address: request.email, buyer, orderIds: known.map(({ id }) => id) };
  const { orderIds, cancelled } = await eraseBuyer(tx, deps.keys, wanted, deps.now());
  return { orders: orderIds.length, cancelled };
}

const batch = 500;

async function eraseAll(deps: Work, end: SourceEnd): Promise<void> {
  let after: string | null = "";
  while (after !== null) {
    const from: string = after;
    after = await retryingConflicts(() =>
      deps.db.transaction().execute((tx) => eraseSourceOrders(tx, deps.keys, end, { after: from, limit: batch }, deps.now())),
    );
  }
}
