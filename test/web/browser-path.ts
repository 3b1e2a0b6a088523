import { existsSync } from "node:fs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where a Chromium is; `null` when there is none, which skips what needs one, except in CI. */
export const chromiumPath: string | null = process.env["CHROMIUM"] ?? places.find((place) => existsSync(place)) ?? null;
