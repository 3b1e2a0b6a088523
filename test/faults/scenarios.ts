import type { Scenario } from "./scenario.ts";
import { brokenTemplates, poison, racingUnsubscribes, repeatedWebhooks } from "./scenarios/events.ts";
import { killedWeb, killedWorkers } from "./scenarios/kills.ts";
import { restoredDump, rollingDeploy } from "./scenarios/operations.ts";
import { exactPoints } from "./scenarios/points.ts";
import { lostPostgres, lostRedis, partedNetwork, sleepingWorker } from "./scenarios/servers.ts";
import { fickleServer, refusedForGood } from "./scenarios/smtp.ts";

/** All of them, in the order of standards 5.3. */
export const scenarios: readonly Scenario[] = [
  killedWorkers,
  killedWeb,
  exactPoints,
  lostRedis,
  lostPostgres,
  fickleServer,
  refusedForGood,
  partedNetwork,
  repeatedWebhooks,
  sleepingWorker,
  poison,
  brokenTemplates,
  rollingDeploy,
  restoredDump,
  racingUnsubscribes,
];
