import { type Browser, chromium } from "playwright-core";
import { atEndOfFile } from "../support/clean-up.ts";
import { chromiumPath } from "./browser-path.ts";

/** A browser of its own, closed at the end of the test file. It asks nobody for anything but what pages link. */
export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error("no Chromium was found; install one or set CHROMIUM to its path");
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  atEndOfFile(() => browser.close());
  return browser;
}
