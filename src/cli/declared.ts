import type { ShopAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { openService, type ServiceClient } from "./service-client.ts";
import type { Cli, CommonOptions } from "./verb.ts";

/** What commands about one shop's declarations (closures, disruptions) have in common. */
export interface ShopOption extends CommonOptions {
  readonly shop?: string;
}

export const shopFlag = ["-s, --shop <shop>", "name or id; needed when there are several"] as const;

/** The orders whose buyers would be told. */
export interface ToldAnswer {
  readonly orders: readonly { readonly id: string; readonly number: string | null }[];
}

export async function openShop(
  cli: Cli,
  { shop }: { readonly shop?: string | undefined },
): Promise<{ service: ServiceClient; shop: ShopAnswer }> {
  const service = await openService(cli.env);
  return { service, shop: await chooseShop(service, shop) };
}

export function toldText({ orders }: ToldAnswer): string {
  if (orders.length === 0) return "No open order would be told.\n";
  return `${orders.length} would be told: ${orders.map(({ number, id }) => number ?? id).join(", ")}\n`;
}

/** Names parted by commas. */
export function readNames(text: string): readonly string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
