import { type Instant, plus } from "../../../core/instant.ts";
import type { SourceHealth } from "../../../store/source-health.ts";
import type { Html } from "../../html.ts";
import { silentMs } from "../frame-state.ts";
import { mark } from "../parts/badge.ts";
import type { Visit } from "../route.ts";
import { platformNames, sourceWords } from "./words.ts";

export type Health = "well" | "silent" | "fresh" | "trouble";

/** How a source is, the worst first. */
export function healthOf({ lastDeliveryAt, quarantined }: SourceHealth, now: Instant): Health {
  if (quarantined > 0) return "trouble";
  if (lastDeliveryAt === null) return "fresh";
  return lastDeliveryAt < plus(now, -silentMs) ? "silent" : "well";
}

export function healthMark(visit: Pick<Visit, "say" | "now">, source: SourceHealth): Html {
  const health = healthOf(source, visit.now);
  const tone = { well: "good", silent: "warn", fresh: "quiet", trouble: "warn" } as const;
  return mark(tone[health], visit.say(sourceWords)[health]);
}

/** What people call it: its platform, and its domain when it has one. */
export function nameOf({ platform, domain }: Pick<SourceHealth, "platform" | "domain">): string {
  const name = platformNames[platform] ?? platform;
  return domain === null ? name : `${name} · ${domain}`;
}
