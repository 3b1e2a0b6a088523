import { account, changeMyPassword, home, prefer, renameMyself } from "./account.ts";
import { makeShop, newShopForm } from "./first-run/new-shop.ts";
import type { Route } from "./route.ts";
import { today } from "./today/page.ts";

/**
 * Every address of the console, with the least role that may: `test/web/console/routes.test.ts` holds the same table and tries each with
 * every role. How to add one: see the top of `route.ts`.
 */
export const routes: readonly Route[] = [home, account, renameMyself, changeMyPassword, prefer, newShopForm, makeShop, today];
