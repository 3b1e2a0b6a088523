import { access, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder } from "../support/process.ts";

/** A clock for processes of the service that can be moved while they run; monotonic time goes on as it does. */
export interface FakeTime {
  /** What a process is to be started with. */
  readonly env: Readonly<Record<string, string>>;
  now(): number;
  /** Jumps, forward or back. */
  jumpTo(iso: string): Promise<void>;
  jumpBy(ms: number): Promise<void>;
  /** Lets it run `times` as fast until it says `iso`, in steps of a twentieth of a second of ours. */
  runTo(iso: string, times: number): Promise<void>;
}

const libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu", ""].map((place) => `/usr/lib/${place}/faketime/libfaketime.so.1`);
const stepMs = 50;

/** Makes a clock that says `iso` now. Answers a sentence instead where libfaketime is not installed. */
export async function fakeTime(iso: string): Promise<FakeTime | string> {
  const found = await Promise.all(
    libraries.map((path) =>
      access(path).then(
        () => path,
        () => null,
      ),
    ),
  );
  const library = found.find((path) => path !== null);
  if (library == null) return "skipped: libfaketime is not installed (Debian: apt-get install faketime)";
  const file = join(await temporaryFolder(), "offset");
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  async function setOffset(ms: number): Promise<void> {
    // Written aside, as it is read at every look at the clock.
    await writeFile(`${file}.new`, `${ms < 0 ? "-" : "+"}${(Math.abs(ms) / 1_000).toFixed(3)}\n`);
    await rename(`${file}.new`, file);
    offsetMs = ms;
  }
  await setOffset(Date.parse(iso) - Date.now());
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    },
    now,
    jumpTo: (to) => setOffset(Date.parse(to) - Date.now()),
    jumpBy: (ms) => setOffset(offsetMs + ms),
    async runTo(to, times) {
      const end = Date.parse(to);
      while (now() < end) {
        await pause(stepMs);
        await setOffset(offsetMs + Math.min(stepMs * (times - 1), Math.max(0, end - now())));
      }
    },
  };
}
