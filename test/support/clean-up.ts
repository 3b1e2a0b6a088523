import { afterAll } from "vitest";

const duties: (() => Promise<void>)[] = [];

/** Has `duty` done when the current test file has ended, after the file's own hooks, last come first. Works from anywhere in a file. */
export function atEndOfFile(duty: () => Promise<void>): void {
  duties.push(duty);
}

// Vitest loads this file before each test file, so this hook comes last of all.
afterAll(async () => {
  for (const duty of duties.splice(0).reverse()) await duty();
});
