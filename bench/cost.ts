import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import type { Also } from "./measure.ts";

/**
 * Counts from now on what a run costs, whatever else the machine does meanwhile; the answer ends it, and divides by `units`.
 *
 * CPU milliseconds of the processes named and of PostgreSQL (Linux only), transactions and bytes of log of the database at `databaseUrl`.
 */
export async function countCost(
  databaseUrl: string,
  processes: Readonly<Record<string, number>>,
): Promise<(units: number) => Promise<Also>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const postmaster = parentOf((await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid);
  const cpu = countCpu({ ...processes, ...(postmaster === null ? {} : { PostgreSQL: postmaster }) });
  const look = async () => {
    const { rows } = await client.query<{ commits: string; wal: string }>(
      "select xact_commit as commits, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal from pg_stat_database where datname = current_database()",
    );
    return { commits: Number(rows[0]?.commits), wal: Number(rows[0]?.wal) };
  };
  const before = await look();
  return async (units) => {
    // PostgreSQL's counts come from each connection once it is idle, at most a second later.
    await client.query("select pg_sleep(1.1), pg_stat_clear_snapshot()");
    const after = await look();
    await client.end();
    return {
      ...cpu(units),
      commits: (after.commits - before.commits) / units,
      "WAL bytes": (after.wal - before.wal) / units,
    };
  };
}

/** The part of `countCost` that needs no database: CPU milliseconds of processes by name. */
export function countCpu(processes: Readonly<Record<string, number>>): (units: number) => Also {
  const before = Object.entries(processes).map(([name, pid]) => ({ name, pid, spent: cpuMsOf(pid) ?? 0 }));
  return (units) =>
    Object.fromEntries(
      before.flatMap(({ name, pid, spent }) => {
        const now = cpuMsOf(pid);
        return now === null ? [] : [[`${name} CPU ms`, (now - spent) / units]];
      }),
    );
}

/** The statements that took longest since `pg_stat_statements` was emptied, a line each: milliseconds, of planning, and calls a unit; rows a call. */
export async function longestStatements(databaseUrl: string, units: number): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ ms: number; planned: number; calls: string; rows: string; query: string }>(
    `select total_exec_time as ms, total_plan_time as planned, calls, rows, query from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) order by total_exec_time + total_plan_time desc limit 20`,
  );
  await client.end();
  const lines = rows.map(({ ms, planned, calls, rows: found, query }) =>
    [
      (ms / units).toFixed(3),
      (planned / units).toFixed(3),
      (Number(calls) / units).toFixed(3),
      (Number(found) / Number(calls)).toFixed(1),
      query.replace(/\s+/g, " ").slice(0, 120),
    ].join("  "),
  );
  return `ms     of planning  calls  rows  statement\n${lines.join("\n")}\n`;
}

/** Milliseconds of CPU that a process and all its children, also those that have ended, have spent; `null` where nobody tells. */
function cpuMsOf(pid: number): number | null {
  const own = statOf(pid);
  if (own === null) return null;
  const children = readdirSync("/proc").flatMap((name) =>
    /^\d+$/.test(name) && statOf(Number(name))?.parent === pid ? [Number(name)] : [],
  );
  return children.reduce((sum, child) => sum + (cpuMsOf(child) ?? 0), own.cpuMs);
}

function parentOf(pid: number | undefined): number | null {
  return pid === undefined ? null : (statOf(pid)?.parent ?? null);
}

/** Of `/proc/<pid>/stat`: the parent, and the CPU time of the process and of its children that have ended, in ticks of 10 ms. */
function statOf(pid: number): { readonly parent: number; readonly cpuMs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, cpuMs: (utime + stime + cutime + cstime) * 10 };
  } catch {
    return null;
  }
}
