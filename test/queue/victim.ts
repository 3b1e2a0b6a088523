import { z } from "zod";
import { type Backend, openQueue } from "../../src/queue/queue.ts";

// A process to be killed: works on the job "hold", says when it has begun, and never ends it.
const { backend, prefix } = JSON.parse(process.argv[2] ?? "") as { backend: Backend; prefix: string };
const silent = () => undefined;
const queue = await openQueue({ backend, prefix, log: { info: silent, warn: silent, error: silent } });
await queue.work([
  {
    name: "hold",
    payload: z.unknown(),
    concurrency: 1,
    timeoutMs: 60_000,
    async run() {
      process.stdout.write("begun\n");
      await new Promise(() => undefined);
    },
  },
]);
