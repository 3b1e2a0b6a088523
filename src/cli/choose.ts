import { isId } from "../core/ids.ts";
import type { OrderAnswer, ShopAnswer } from "./answers.ts";
import { Failure } from "./failure.ts";
import type { ServiceClient } from "./service-client.ts";

/** The shop that `named` means: its id, or its name however it is capitalised; when absent, the only one there is. */
export async function chooseShop(service: ServiceClient, named: string | undefined): Promise<ShopAnswer> {
  if (named !== undefined && isId(named)) return service.call("GET", `/shops/${named}`);
  const shops = await service.list<ShopAnswer>("/shops", "shops");
  const fitting = named === undefined ? shops : shops.filter(({ name }) => name.toLowerCase() === named.trim().toLowerCase());
  const [shop, second] = fitting;
  if (shop !== undefined && second === undefined) return shop;
  const names = shops.map(({ id, name }) => `\n  ${id}  ${name}`).join("");
  if (shops.length === 0) throw new Failure("there is no shop yet", { next: "make one with `npx afterword shop create --help`" });
  if (named === undefined) throw new Failure(`there are ${shops.length} shops; say which with --shop, by name or id:${names}`, { code: 2 });
  if (shop === undefined) throw new Failure(`no shop is called ${JSON.stringify(named)}; there are:${names}`);
  throw new Failure(`${fitting.length} shops are called ${JSON.stringify(named)}; name one by its id:${names}`, { code: 2 });
}

/** The order that `named` means: its id here, or its number in the shop. */
export async function chooseOrder(service: ServiceClient, named: string, shop: string | undefined): Promise<string> {
  if (isId(named)) return named;
  const { id, name } = await chooseShop(service, shop);
  const number = named.replace(/^#/, "");
  const [order, second] = await service.list<OrderAnswer>(`/shops/${id}/orders?number=${encodeURIComponent(number)}`, "orders", 2);
  if (order === undefined) {
    throw new Failure(`${name} has no order ${number}`, {
      next: "`npx afterword order list` shows the newest; one that can't be read is in its source's quarantine",
    });
  }
  if (second !== undefined)
    throw new Failure(`several orders of ${name} have the number ${number}; name one by its id, which \`order list --number\` shows`, {
      code: 2,
    });
  return order.id;
}
