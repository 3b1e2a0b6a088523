import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { systemClock } from "../src/clock.ts";
import { iso } from "../src/core/instant.ts";
import { preview } from "../src/show-mail.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { countCost, countCpu } from "./cost.ts";
import { compare, type Row, type Run } from "./measure.ts";
import { dispatched, orderCreated } from "./payloads.ts";
import type { Part, Stage } from "./stage.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

export interface MailsSize {
  readonly rounds: number;
  /** Mails of one run. */
  readonly count: number;
}

export type QueueBackend = "redis" | "postgres";

const connections = 5;

export interface MailsBench {
  /** Mails a second of one worker process: due, asked about once more, rendered, handed to a sink in another process, and written down. */
  run(backend: QueueBackend): Promise<Row>;
  close(): Promise<void>;
}

/** Prepares a database full of mails that wait, a sink, and a bare pool with some of these mails ready-made. */
export async function prepareMails(stage: Stage, { rounds, count }: MailsSize): Promise<MailsBench> {
  // A new process is several times slower until its code is compiled.
  const warmUp = Math.ceil(count / 2);
  const { name: prepared, url } = await stage.database();
  const workshop = await openWorkshop(url);
  const at = iso(systemClock.now());
  await workshop.store(Array.from({ length: count + warmUp }, (_, n) => [orderCreated(n, at), dispatched(n, at)]).flat());
  await workshop.takeInAndPlan();
  const mails = await readyMails(workshop, join(stage.folder, "mails.json"));
  // Nothing is due until the worker is there and warm.
  await sql`update messages set due_at = now() + interval '1 day' where step = 'dispatch-notice'`.execute(workshop.deps.db);
  await workshop.close();

  const sink = await stage.part("sink");
  const bare = await stage.part("bare-mailer", { MAILS: mails, SMTP_PORT: String(sink.port), CONNECTIONS: String(connections) });
  const bareRun = async (amount: number): Promise<Run> => {
    const seconds = sink.ask({ expect: amount });
    const cost = countCpu({ limit: bare.pid });
    await bare.ask({ send: amount });
    return { perSecond: (amount - 1) / Number(await seconds), also: cost(amount) };
  };
  await bareRun(warmUp);
  return {
    run: (backend) =>
      compare({
        key: `mails-${backend}`,
        name: `Mails of one worker process, queue in ${backend === "redis" ? "Redis" : "PostgreSQL"}`,
        unit: "mails",
        limitedBy: "a nodemailer pool given ready-made mails, same connections",
        target: backend === "redis" ? 0.9 : 0.85,
        rounds,
        limit: () => bareRun(count),
        ours: (round) => workerRun({ stage, backend, prepared, sink, round, warmUp, count }),
      }),
    close: async () => {
      await Promise.all([bare.stop(), sink.stop()]);
    },
  };
}

interface WorkerRun {
  readonly stage: Stage;
  readonly backend: QueueBackend;
  readonly prepared: string;
  readonly sink: Part;
  readonly round: number;
  readonly warmUp: number;
  readonly count: number;
}

async function workerRun({ stage, backend, prepared, sink, round, warmUp, count }: WorkerRun): Promise<Run> {
  const { url } = await stage.database(prepared);
  const db = openDatabase({ url, connections: 1 });
  const worker = await stage.service({
    DATABASE_URL: url,
    ROLE: "worker",
    PUBLIC_URL: "https://mail.lantern.example",
    SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=${connections}`,
    // A Redis database a run: what the last one left would be in the way.
    ...(backend === "redis" ? { REDIS_URL: `${stage.redisUrl}/${round % 16}` } : {}),
  });
  const send = async (amount: number): Promise<number> => {
    const seconds = sink.ask({ expect: amount });
    await sql`
      update messages set due_at = now() where id in (
        select id from messages where step = 'dispatch-notice' and state = 'planned' and due_at > now() order by id limit ${amount}
      )`.execute(db);
    return (amount - 1) / Number(await seconds);
  };
  await send(warmUp);
  const cost = await countCost(url, { worker: worker.pid, sink: sink.pid });
  await stage.forgetStatements();
  const perSecond = await send(count);
  const also = { ...(await cost(count)), "ms in doubt": await msInDoubt(db) };
  await stage.tellStatements(url, count);
  await worker.stop();
  await db.destroy();
  return { perSecond, also };
}

/** How long after it was let begin the end of an attempt was written down, on average: for so long its mail is in doubt should the process die. */
async function msInDoubt(db: Database): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select avg(extract(epoch from ended_at - started_at) * 1000)::float8 as ms from attempts`.execute(db);
  return rows[0]?.ms ?? 0;
}

/** Renders some of the mails that wait, for the bare pool to send over and over; answers the file they are in. */
async function readyMails({ deps }: Workshop, file: string): Promise<string> {
  const waiting = await deps.db
    .selectFrom("messages")
    .select("id")
    .where("step", "=", "dispatch-notice")
    .orderBy("id")
    .limit(100)
    .execute();
  const mails = await Promise.all(
    waiting.map(async ({ id }) => {
      const mail = await preview(deps, id);
      if ("failed" in mail) throw new Error(`a mail could not be rendered: ${mail.failed}`);
      const { subject, html, text, headers } = mail;
      const given = (name: string) => headers[name] ?? "";
      const others = Object.entries(headers).filter(([name]) => !ownHeaders.test(name));
      return {
        from: given("From"),
        to: given("To"),
        replyTo: given("Reply-To"),
        messageId: given("Message-ID"),
        subject,
        html,
        text,
        headers: Object.fromEntries(others),
      };
    }),
  );
  await writeFile(file, JSON.stringify(mails));
  return file;
}

/** Headers that nodemailer writes itself. */
const ownHeaders = /^(From|To|Reply-To|Subject|Message-ID|Date|MIME-Version|Content-.*)$/i;
