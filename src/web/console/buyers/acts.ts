import { z } from "zod";
import { liftSuppression, suppress } from "../../../store/suppressions.ts";
import { eraseBuyerNow } from "../../erase-buyer.ts";
import { exportBuyer } from "../../export-buyer.ts";
import { readForm } from "../parts/form.ts";
import { go, missing, type Reply, type Route, type ShopVisit, shopRoute } from "../route.ts";
import { type BuyerView, scopes, viewBuyer } from "./buyer.ts";
import { buyerPath, hashOfPath } from "./path.ts";
import { buyerWords } from "./words.ts";

/** What can be done about one buyer. */
export const buyerActs: readonly Route[] = [
  act("stop", "operator", async (visit, { hash, address }, back) => {
    const reading = readForm(visit, z.object({ scope: z.enum(scopes), reason: z.string().trim().max(200) }));
    if (!reading.ok) return go(back, { text: Object.values(reading.errors)[0] ?? "" });
    const { scope, reason } = reading.value;
    await suppress(visit.deps.db, { shopId: visit.shop.id, addressHash: hash, address, scopes: [scope], reason }, visit.deps.now);
    await noted(visit, "suppression.made", { scope, reason });
    visit.deps.wake("plan");
    return go(back, { text: visit.say(buyerWords).one.stopped });
  }),
  act("lift", "operator", async (visit, { suppressions }, back) => {
    const suppression = suppressions.find(({ id }) => id === visit.form.get("id"));
    if (suppression === undefined) return missing();
    const { id, scope, reason } = suppression;
    if (await liftSuppression(visit.deps.db, visit.shop.id, id)) await noted(visit, "suppression.lifted", { scope, reason });
    visit.deps.wake("plan");
    return go(back, { text: visit.say(buyerWords).one.lifted });
  }),
  act("export", "owner", async (visit, { address }) => {
    if (address === null) return missing();
    const data = await exportBuyer(visit.deps, visit.shop.id, address);
    await noted(visit, "buyer.exported", { orders: data.orders.length });
    const body = JSON.stringify(data, null, 2);
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="buyer.json"',
      "cache-control": "no-store",
    };
    return { kind: "response", response: new Response(body, { headers }) };
  }),
  act("erase", "owner", async (visit, { address }) => {
    if (address === null) return missing();
    const { orderIds, cancelled } = await eraseBuyerNow(visit.deps, visit.shop.id, address);
    await noted(visit, "buyer.erased", { orders: orderIds.length, cancelled });
    return go(visit.link("/buyers"), { text: visit.say(buyerWords).one.erased(orderIds.length, cancelled) });
  }),
];

function act(name: string, role: Route["role"], run: (visit: ShopVisit, buyer: BuyerView, back: string) => Promise<Reply>): Route {
  return shopRoute({
    method: "post",
    path: `/buyers/:token/${name}`,
    role,
    section: "buyers",
    async handle(visit) {
      const hash = hashOfPath(visit.params["token"] ?? "");
      if (hash === null) return missing();
      return run(visit, await viewBuyer(visit, hash), visit.link(buyerPath(hash)));
    },
  });
}

/** The log says that it was done, and never to whom: an erased address must not stay there. */
async function noted(visit: ShopVisit, action: string, after: object): Promise<void> {
  await visit.change(async () => ({ entry: { shopId: visit.shop.id, action, after }, result: undefined }));
}
