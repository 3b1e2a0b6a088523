import { errands } from "./errands.ts";
import type { Job } from "./job.ts";
import { plan } from "./plan.ts";
import { prune } from "./prune.ts";
import { release } from "./release.ts";
import { rescue } from "./rescue.ts";
import { send } from "./send.ts";
import { takeIn } from "./take-in.ts";
import { watch } from "./watch.ts";

/**
 * Every background duty.
 *
 * | job | woken by | by itself |
 * |---|---|---|
 * | take-in | a stored delivery | every 5 s |
 * | plan | dirty orders | every 5 s |
 * | release | newly planned messages, a batch that was sent | every second |
 * | send | release | – |
 * | rescue | – | every 15 s |
 * | watch | – | every minute |
 * | prune | – | every 24 h |
 * | errands | long work that somebody asked for | every 5 s |
 */
export const jobs: readonly Job[] = [takeIn, plan, release, send, rescue, watch, prune, errands];
