import type { WrittenSchedule } from "./schedule-shape.ts";

/**
 * The mails that a platform sends its buyers unless the shop switched them off there: what is suggested when a source is connected.
 *
 * Shopify and WooCommerce confirm orders; Shopify tells of each fulfilment, WooCommerce of the completed order.
 */
export function usuallySentBy(platform: string): readonly string[] {
  return platform === "shopify" || platform === "woocommerce" ? ["order-confirmed", "dispatch-notice"] : [];
}

/** A schedule with steps switched, and which. */
export interface SwitchedSteps {
  readonly schedule: WrittenSchedule;
  /** Keys of steps that were on. */
  readonly off: readonly string[];
  /** Keys of steps that were off. */
  readonly on: readonly string[];
}

/**
 * Switches off the steps that send one of `sent` (template keys), and on again those of `wereOn` (step keys) that send none of `stillSent`.
 *
 * Everything else stays as the operator wrote it; a step that is as it should be already is not among the answers.
 */
export function switchSteps(
  written: WrittenSchedule,
  { sent, stillSent, wereOn }: { sent: readonly string[]; stillSent: readonly string[]; wereOn: readonly string[] },
): SwitchedSteps {
  const off: string[] = [];
  const on: string[] = [];
  const steps = written.steps.map((step) => {
    if (step.enabled !== false && sent.includes(step.template)) {
      off.push(step.key);
      return { ...step, enabled: false };
    }
    if (step.enabled === false && wereOn.includes(step.key) && !stillSent.includes(step.template)) {
      on.push(step.key);
      const { enabled: _, ...rest } = step;
      return rest;
    }
    return step;
  });
  return { schedule: { ...written, steps }, off, on };
}
