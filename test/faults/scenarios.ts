import type { Scenario } from "./scenario.ts";
import { clockMoves, summerTime, weeksOff } from "./scenarios/clock.ts";
import { killedWeb, killedWorkers } from "./scenarios/kills.ts";
import { partedNetwork } from "./scenarios/network.ts";
import { restoredDump, rollingDeploy } from "./scenarios/operations.ts";
import { exactPoints } from "./scenarios/points.ts";
import { poison } from "./scenarios/poison.ts";
import { fullDisk, lostPostgres } from "./scenarios/postgres.ts";
import { lostRedis } from "./scenarios/redis.ts";
import { fickleServer } from "./scenarios/smtp.ts";
import { oneFaultAtATime } from "./scenarios/smtp-rows.ts";
import { soak } from "./scenarios/soak.ts";
import { brokenTemplates } from "./scenarios/templates.ts";
import { racingUnsubscribes } from "./scenarios/unsubscribes.ts";
import { repeatedWebhooks } from "./scenarios/webhooks.ts";
import { sameWorkTwice, sleepingWorker } from "./scenarios/workers.ts";

/** All of them, in the order of standards 5.3. */
export const scenarios: readonly Scenario[] = [
  killedWorkers,
  killedWeb,
  exactPoints,
  lostRedis,
  lostPostgres,
  fullDisk,
  oneFaultAtATime,
  fickleServer,
  partedNetwork,
  clockMoves,
  summerTime,
  weeksOff,
  repeatedWebhooks,
  sleepingWorker,
  sameWorkTwice,
  poison,
  brokenTemplates,
  rollingDeploy,
  restoredDump,
  soak,
  racingUnsubscribes,
];
