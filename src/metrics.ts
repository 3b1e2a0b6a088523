import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { attentionKinds } from "./core/attention.ts";
import type { Instant } from "./core/instant.ts";
import { messageStates } from "./core/timetable.ts";
import type { Log } from "./log.ts";
import { dueLag } from "./store/claims.ts";
import { messageCounts } from "./store/counts.ts";
import type { Database } from "./store/database.ts";
import { findingsByKind } from "./store/findings.ts";
import { countDirty } from "./store/planning.ts";
import { restingShops } from "./store/rests.ts";

/** What Prometheus reads, and what is counted for it. */
export interface Metrics {
  sent(category: string): void;
  sendSeconds(seconds: number): void;
  deliveryTaken(outcome: string): void;
  webhook(labels: { readonly platform: string; readonly outcome: string }): void;
  /** Prometheus text. What the database can't tell right now is left out. */
  text(): Promise<string>;
}

export interface MetricsParts {
  readonly db: Database;
  now(): Instant;
  readonly log: Log;
  /** Whether sending is held for the whole installation. */
  held(): Promise<boolean>;
}

/** Opens the metrics of this process. Figures about messages come from kept counters, so reading them is cheap however many there are. */
export function openMetrics({ db, now, log, held }: MetricsParts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers: [registry] });
  const counter = (name: string, help: string, labelNames: string[]) => new Counter({ name, help, labelNames, registers: [registry] });

  const messages = gauge("afterword_messages", "Messages in the ledger by state", ["state"]);
  const lag = gauge("afterword_due_lag_seconds", "How late the longest due message is");
  const dirty = gauge("afterword_orders_to_plan", "Orders that wait to be planned again, counted up to 10,000");
  const sendingHeld = gauge(
    "afterword_sending_held",
    "1 while this installation sends nothing because its database is a copy or an older state",
  );
  const resting = gauge("afterword_shops_resting", "Shops whose mail rests because servers refused too much of it for policy");
  const findings = gauge("afterword_findings", "What the watch found amiss in shops at its last look, by kind", ["kind"]);
  const sent = counter("afterword_sent_total", "Mails accepted by the SMTP server, by this process", ["category"]);
  const webhooks = counter("afterword_webhooks_total", "Webhooks received by this process", ["platform", "outcome"]);
  const taken = counter("afterword_deliveries_taken_total", "Deliveries taken in by this process", ["outcome"]);
  const seconds = new Histogram({
    name: "afterword_send_seconds",
    help: "Duration of one SMTP transaction, from asking the gate to the answer written down",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600],
    registers: [registry],
  });

  return {
    sent: (category) => sent.inc({ category }),
    sendSeconds: (value) => seconds.observe(value),
    deliveryTaken: (outcome) => taken.inc({ outcome }),
    webhook: (labels) => webhooks.inc(labels),
    async text() {
      try {
        const counts = new Map((await messageCounts(db)).map((row) => [row.state, row.n]));
        for (const state of messageStates) messages.set({ state }, counts.get(state) ?? 0);
        lag.set((await dueLag(db, now())) / 1_000);
        dirty.set(await countDirty(db, 10_000));
        resting.set((await restingShops(db, now())).length);
        sendingHeld.set((await held()) ? 1 : 0);
        const amiss = new Map((await findingsByKind(db)).map((row) => [row.kind, row.n]));
        for (const kind of attentionKinds) findings.set({ kind }, amiss.get(kind) ?? 0);
      } catch (error) {
        log.warn({ error: String(error) }, "the figures about messages can't be read");
        messages.reset();
        findings.reset();
        // `reset` would make them 0, which reads as all being well.
        for (const unknown of [lag, dirty, sendingHeld, resting]) unknown.remove();
      }
      return registry.metrics();
    },
  };
}
