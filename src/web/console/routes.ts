import { account, changeMyPassword, home, prefer, renameMyself } from "./account.ts";
import { buyerActs } from "./buyers/acts.ts";
import { buyerPage } from "./buyers/buyer.ts";
import { buyerList, buyerLookUp } from "./buyers/list.ts";
import { makeShop, newShopForm } from "./first-run/new-shop.ts";
import { messageCsv } from "./messages/csv.ts";
import { messageList } from "./messages/list.ts";
import { messageMail, messagePage } from "./messages/message.ts";
import { moveRoutes } from "./messages/moves.ts";
import { orderList } from "./orders/list.ts";
import { orderPage } from "./orders/order.ts";
import type { Route } from "./route.ts";
import { checkDraft, editDraft } from "./schedule/edit.ts";
import { schedulePage } from "./schedule/page.ts";
import { askPublication, publishDraft } from "./schedule/publication.ts";
import { simulateDraft } from "./schedule/simulation.ts";
import { versionPage } from "./schedule/version.ts";
import { yamlDraft, yamlFile, yamlPage } from "./schedule/yaml.ts";
import { taskList, taskResolve } from "./tasks/list.ts";
import { today } from "./today/page.ts";

/**
 * Every address of the console, with the least role that may: `test/web/console/routes.test.ts` holds the same table and tries each with
 * every role. How to add one: see the top of `route.ts`.
 */
export const routes: readonly Route[] = [
  home,
  account,
  renameMyself,
  changeMyPassword,
  prefer,
  newShopForm,
  makeShop,
  today,
  orderList,
  orderPage,
  messageList,
  messageCsv,
  messagePage,
  messageMail,
  ...moveRoutes,
  taskList,
  taskResolve,
  buyerList,
  buyerLookUp,
  buyerPage,
  ...buyerActs,
  schedulePage,
  editDraft,
  checkDraft,
  yamlPage,
  yamlFile,
  yamlDraft,
  simulateDraft,
  askPublication,
  publishDraft,
  versionPage,
];
