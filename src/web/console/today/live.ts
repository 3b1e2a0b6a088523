import { dayMark } from "../../../store/day-figures.ts";
import { shopRoute } from "../route.ts";

const lookEveryMs = 3_000;
/** After so long the browser asks again, and is asked in turn whether it is still signed in. */
const longestMs = 5 * 60_000;
const most = 200;
let listening = 0;

/** Tells a page that listens whenever something on it changed (server-sent events). Beyond 200 listeners it says nothing: those reload. */
export const todayLive = shopRoute({
  method: "get",
  path: "/today/live",
  role: "viewer",
  section: "today",
  async handle(visit) {
    // 204 tells a browser not to ask again.
    if (listening >= most) return { kind: "response", response: new Response(null, { status: 204 }) };
    const mark = () => dayMark(visit.deps.db, visit.shop.id);
    const ends = [visit.signal, ...(visit.deps.ending === undefined ? [] : [visit.deps.ending]), AbortSignal.timeout(longestMs)];
    const response = new Response(changes(mark, AbortSignal.any(ends)), {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
    return { kind: "response", response };
  },
});

/** One event a change, looked for every three seconds until `signal` says so or the reader leaves. */
function changes(mark: () => Promise<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    clearTimeout(timer);
    listening -= 1;
    return true;
  };
  return new ReadableStream({
    async start(controller) {
      listening += 1;
      const say = (text: string) => controller.enqueue(encoder.encode(`${text}\n\n`));
      signal.addEventListener("abort", () => end() && controller.close(), { once: true });
      let known = await mark();
      const look = async () => {
        const found = await mark().catch(() => known);
        if (ended) return;
        say(found === known ? ": still here" : "event: changed\ndata: day");
        known = found;
        timer = setTimeout(() => void look(), lookEveryMs);
      };
      if (ended) return;
      say(": hello");
      timer = setTimeout(() => void look(), lookEveryMs);
    },
    cancel() {
      end();
    },
  });
}
