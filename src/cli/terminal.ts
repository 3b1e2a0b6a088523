import { createInterface } from "node:readline/promises";
import { stripVTControlCharacters, styleText } from "node:util";

/** Where a command speaks: results to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches what goes to `err`. */
  readonly watched: boolean;
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  /** Asks a person one question and gives the line that is typed, without blanks around it; absent where nobody sits. */
  ask?(question: string): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own terminal. Colour only where a person looks, and not with `NO_COLOR` (no-color.org) or `TERM=dumb`. */
export function ownTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  const somebody = stdin.isTTY === true && stderr.isTTY === true;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    watched: stderr.isTTY === true,
    colour: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    width: stdout.isTTY === true ? stdout.columns : 120,
    ...(somebody && { ask: (question: string) => askAt(stdin, stderr, question) }),
  };
}

/** Asked on standard error, so that the answer of the command stays alone on standard output. */
async function askAt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, question: string): Promise<string> {
  const lines = createInterface({ input, output });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

export type Tone = "good" | "bad" | "warning" | "live" | "quiet" | "strong";
const formats = { good: "green", bad: "red", warning: "yellow", live: "cyan", quiet: "gray", strong: "bold" } as const;

/** The text in a tone, where colours are shown. */
export function toned({ colour }: Pick<Terminal, "colour">, tone: Tone | null, text: string): string {
  return colour && tone !== null && text !== "" ? styleText(formats[tone], text, { validateStream: false }) : text;
}

/** Text from outside on one line, with nothing in it that would move the cursor or colour what follows. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns a text takes: Chinese, Japanese, Korean and emoji take two each. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(stripVTControlCharacters(text))) columns += wide.test(segment) ? 2 : 1;
  return columns;
}
