import { countOpenOrders } from "../../store/planning.ts";
import { askErrand } from "../errands.ts";
import { number } from "./parts/time.ts";
import { go, type Reply, type ShopVisit, type Toast } from "./route.ts";
import { actorOf } from "./work/one.ts";
import { workWords } from "./work/words.ts";

/** So many orders are planned while somebody waits: some seconds. */
const atOnce = 2_000;

/** Whether planning all open orders of this shop anew takes longer than a page may. */
export async function isLong({ deps, shop }: ShopVisit): Promise<boolean> {
  return (await countOpenOrders(deps.db, shop.id)) > atOnce;
}

/**
 * Plans all open orders of the shop anew after a change, and goes on to `to`, which says what it did to queued mail; in a large shop it is long work, whose page
 * is gone to instead.
 */
export async function planAnew(visit: ShopVisit, because: string, to: string, toast: Toast): Promise<Reply> {
  const w = visit.say(workWords);
  const { deps, shop } = visit;
  if (await isLong(visit)) {
    const id = await askErrand(deps, { shopId: shop.id, asked: { kind: "plan-shop", because }, actor: actorOf(visit) });
    return go(visit.link(`/work/${id}`), { ...toast, text: `${toast.text} ${w.planning}` });
  }
  const { added, retimed, cancelled } = await deps.replanShop(shop.id);
  const changes = [
    ...(retimed === 0 ? [] : [w.counts["retimed"]?.(number(visit, retimed)) ?? ""]),
    ...(added === 0 ? [] : [w.counts["added"]?.(number(visit, added)) ?? ""]),
    ...(cancelled === 0 ? [] : [w.counts["cancelled"]?.(number(visit, cancelled)) ?? ""]),
  ];
  return go(to, { ...toast, text: `${toast.text} ${changes.length === 0 ? w.noMailMoved : w.queuedMail(changes.join(", "))}` });
}
