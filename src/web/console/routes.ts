import { account, changeMyPassword, home, prefer, renameMyself } from "./account.ts";
import { buyerActs } from "./buyers/acts.ts";
import { buyerPage } from "./buyers/buyer.ts";
import { buyerList, buyerLookUp } from "./buyers/list.ts";
import { checkClosure, declareClosure, dismissSuggestion, removeClosure } from "./calendar/closures.ts";
import { checkDisruption, declareDisruption, endDisruption } from "./calendar/disruptions.ts";
import { addOwnDay, removeOwnDay } from "./calendar/own-days.ts";
import { calendarPage } from "./calendar/page.ts";
import { makeShop, newShopForm } from "./first-run/new-shop.ts";
import { firstRun, firstRunNow, firstSource } from "./first-run/page.ts";
import { messageCsv } from "./messages/csv.ts";
import { messageList } from "./messages/list.ts";
import { countMatching, matchingRoutes } from "./messages/matching.ts";
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
import { auditPage } from "./settings/audit.ts";
import { rulesPage, saveCaps, saveNotice } from "./settings/rules.ts";
import { saveShop, shopSettings, switchSending } from "./settings/shop.ts";
import { makeToken, revokeToken, tokenList } from "./settings/tokens.ts";
import { checkTransit, removeTransit, saveTransit, transitPage } from "./settings/transit.ts";
import { addSomebody, changeSomebody, relinkSomebody, userList } from "./settings/users.ts";
import { workPage } from "./settings/work.ts";
import { deliveryPage, retryOne } from "./sources/delivery.ts";
import { makeSource, newSource, sourceList } from "./sources/list.ts";
import { dropSecret, retryAll, rotate, sourcePage, testSource } from "./sources/source.ts";
import { taskList, taskResolve } from "./tasks/list.ts";
import { publishSheet, revertTemplate, testSheet } from "./templates/acts.ts";
import { checkTemplate, editTemplate } from "./templates/edit.ts";
import { templateGallery, templateMail } from "./templates/gallery.ts";
import { draftFrame } from "./templates/preview.ts";
import { templatePage } from "./templates/template.ts";
import { templateVersions } from "./templates/versions.ts";
import { todayLive } from "./today/live.ts";
import { today, todayNow } from "./today/page.ts";
import { workList } from "./work/list.ts";
import { cancelWork, undoWork, workOne } from "./work/one.ts";

const house: readonly Route[] = [home, account, renameMyself, changeMyPassword, prefer, newShopForm, makeShop];

/** By section, in the order of the navigation. Within one a fixed name comes before `:id`. */
const ofShop: Readonly<Record<string, readonly Route[]>> = {
  firstRun: [firstRun, firstSource, firstRunNow],
  today: [today, todayNow, todayLive],
  orders: [orderList, orderPage],
  schedule: [schedulePage, editDraft, checkDraft, yamlPage, yamlFile, yamlDraft, simulateDraft, askPublication, publishDraft, versionPage],
  messages: [messageList, messageCsv, countMatching, messagePage, messageMail, ...moveRoutes, ...matchingRoutes],
  work: [workList, workOne, cancelWork, undoWork],
  calendar: [
    calendarPage,
    checkDisruption,
    declareDisruption,
    endDisruption,
    checkClosure,
    declareClosure,
    removeClosure,
    dismissSuggestion,
    addOwnDay,
    removeOwnDay,
  ],
  templates: [
    templateGallery,
    templateMail,
    templatePage,
    editTemplate,
    checkTemplate,
    draftFrame,
    publishSheet,
    testSheet,
    templateVersions,
    revertTemplate,
  ],
  buyers: [buyerList, buyerLookUp, buyerPage, ...buyerActs],
  tasks: [taskList, taskResolve],
  sources: [sourceList, newSource, makeSource, sourcePage, rotate, dropSecret, testSource, retryAll, deliveryPage, retryOne],
  settings: [shopSettings, saveShop, switchSending],
  rules: [rulesPage, saveCaps, saveNotice],
  transit: [transitPage, checkTransit, saveTransit, removeTransit],
  users: [userList, addSomebody, changeSomebody, relinkSomebody],
  tokens: [tokenList, makeToken, revokeToken],
  record: [auditPage, workPage],
};

/**
 * Every address of the console, with the least role that may: `test/web/console/routes.test.ts` holds the same table and tries each with
 * every role. How to add one: see the top of `route.ts`.
 */
export const routes: readonly Route[] = [...house, ...Object.values(ofShop).flat()];
