import { setTimeout as pause } from "node:timers/promises";

/** Asks every few milliseconds until the answer is yes; throws after `ms`, naming what was waited for. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until: ${what}`);
    await pause(5);
  }
}
