import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Command } from "commander";
import type { ImportAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { Failed, Failure } from "./failure.ts";
import { type Piece, piecesOf } from "./import-pieces.ts";
import { forgetProgress, keepProgress, type Progress, readProgress } from "./import-progress.ts";
import { openService, type ServiceClient, Unreachable } from "./service-client.ts";
import { readId } from "./source.ts";
import { fields } from "./table.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

interface ImportOptions extends CommonOptions {
  readonly shop?: string;
  readonly source?: string;
  readonly restart?: boolean;
}

/** What an import came to. Mutable: it grows with every answer. */
interface Totals {
  source: string;
  lines: number;
  stored: number;
  repeats: number;
  ignored: number;
  failed: number;
  errors: ImportAnswer["errors"];
}

const pieceBytes = 512 * 1024;
const mostErrors = 20;
/** Milliseconds before each further try, when the service is away for a moment. */
const retriesMs = [1_000, 2_000, 4_000, 8_000, 15_000];

/** `import FILE | -` */
export function addImport(program: Command, cli: Cli): void {
  verb(program, "import <file>", {
    summary: "import past orders: a file of one event of the standard source a line (NDJSON), or - for standard input",
    example: "afterword import orders.ndjson --shop Lantern",
  })
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .option("--source <id>", "a standard source of the shop that the orders belong to, if its webhooks will go on with them")
    .option("--restart", "begin at the first line, also when an earlier run came further")
    .action(async (file: string, options: ImportOptions) => {
      const service = await openService(cli.env);
      const { id: shopId } = await chooseShop(service, options.shop);
      const totals = file === "-" ? await fromStream(service, shopId, cli, options) : await fromFile(service, shopId, file, cli, options);
      answerWith(cli, options, totals, () => totalsText(cli, totals));
      if (totals.failed > 0) throw new Failed();
    });
}

async function fromStream(service: ServiceClient, shopId: string, cli: Cli, options: ImportOptions): Promise<Totals> {
  const path = pathOf(shopId, options);
  return run(
    piecesOf(process.stdin, pieceBytes),
    { offset: 0, lines: 0 },
    null,
    cli,
    (piece) => service.send(path, piece.bytes, ndjson),
    async () => undefined,
  );
}

async function fromFile(service: ServiceClient, shopId: string, file: string, cli: Cli, options: ImportOptions): Promise<Totals> {
  const size = await stat(file).then(
    (found) => found.size,
    (error: unknown) => {
      throw new Failure(`${file} can't be read: ${error instanceof Error ? error.message : error}`, { code: 2, cause: error });
    },
  );
  const path = pathOf(shopId, options);
  const target = `${service.url}${path}`;
  const known = options.restart === true ? null : await readProgress(file, target);
  const start = known ?? { offset: 0, lines: 0 };
  if (known !== null) cli.terminal.err(`Going on after line ${start.lines}, where an earlier run stopped (--restart begins anew).\n`);
  let keeps = true;
  const keep = async (progress: Progress): Promise<void> => {
    if (!keeps) return;
    await keepProgress(file, target, progress).catch((error: unknown) => {
      keeps = false;
      cli.terminal.err(
        `How far it came can't be kept (${error instanceof Error ? error.message : error}): a further run will begin anew, which does no harm.\n`,
      );
    });
  };
  const stream = createReadStream(file, { start: start.offset });
  const totals = await run(piecesOf(stream, pieceBytes), start, size, cli, (piece) => service.send(path, piece.bytes, ndjson), keep);
  await forgetProgress(file).catch(() => undefined);
  return totals;
}

const ndjson = "application/x-ndjson";

function pathOf(shopId: string, { source }: ImportOptions): string {
  return `/shops/${shopId}/import${source === undefined ? "" : `?source=${readId(source)}`}`;
}

/** Sends piece by piece, each when the one before was answered. */
async function run(
  pieces: AsyncIterable<Piece>,
  start: Progress,
  size: number | null,
  { terminal }: Cli,
  send: (piece: Piece) => Promise<ImportAnswer>,
  keep: (progress: Progress) => Promise<void>,
): Promise<Totals> {
  const totals: Totals = { source: "", lines: 0, stored: 0, repeats: 0, ignored: 0, failed: 0, errors: [] };
  const began = performance.now();
  let at = start;
  try {
    for await (const piece of pieces) {
      add(totals, await patiently(() => send(piece)), at.lines);
      at = { offset: at.offset + piece.bytes.length, lines: at.lines + piece.lines };
      await keep(at);
      if (terminal.watched) terminal.err(`\r${progressText(totals, at, size, performance.now() - began)}\u001b[K`);
    }
  } catch (error) {
    if (!(error instanceof Failure) || at.lines === 0) throw error;
    throw new Failure(`stopped after line ${at.lines}: ${error.message}`, {
      next: "run the same command again to go on from there",
      cause: error,
    });
  } finally {
    if (terminal.watched) terminal.err("\r\u001b[K");
  }
  return totals;
}

/** Tries again when the service is away for a moment: lines that it took already are repeats, and do no harm. */
async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (const wait of retriesMs) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return call();
}

function add(totals: Totals, answer: ImportAnswer, before: number): void {
  totals.source = answer.source;
  for (const field of ["lines", "stored", "repeats", "ignored", "failed"] as const) totals[field] += answer[field];
  const errors = answer.errors.map((error) => ({ ...error, line: error.line + before }));
  totals.errors = [...totals.errors, ...errors].slice(0, mostErrors);
}

function progressText({ lines }: Totals, at: Progress, size: number | null, ms: number): string {
  const share = size === null || size === 0 ? "" : `  ${Math.floor((100 * at.offset) / size)} %`;
  return `  line ${at.lines.toLocaleString("en")}${share}  ${Math.round((1_000 * lines) / Math.max(1, ms)).toLocaleString("en")} a second`;
}

function totalsText({ terminal }: Cli, totals: Totals): string {
  const counts = fields(terminal, [
    ["lines", String(totals.lines)],
    ["new", String(totals.stored)],
    ["repeats", totals.repeats === 0 ? null : `${totals.repeats} (imported before)`],
    ["ignored", totals.ignored === 0 ? null : `${totals.ignored} (of a type that is not acted on)`],
    ["failed", totals.failed === 0 ? null : { text: String(totals.failed), tone: "bad" }],
    ["source", totals.source === "" ? null : totals.source],
  ]);
  const errors = totals.errors.map(({ line, detail }) => `  line ${line}: ${detail}\n`).join("");
  const more = totals.failed > totals.errors.length ? `  … and ${totals.failed - totals.errors.length} more\n` : "";
  return `${counts}${errors}${more}`;
}
