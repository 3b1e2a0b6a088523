import { InvalidArgumentError } from "commander";

/** How many rows a list may have. */
export function readLimit(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError("It is a number from 1 to 10000.");
}
