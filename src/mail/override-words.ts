/** The words of a `strings.<locale>.json`, and where each stands in it. */
export interface PlacedWords {
  readonly words: Readonly<Record<string, string>>;
  /** By name, the offset of the first letter between the quotes. */
  readonly places: ReadonlyMap<string, number>;
  readonly complaints: readonly Complaint[];
}

export interface Complaint {
  /** Letters from the start of the file. */
  readonly offset: number;
  /** The word it is in. */
  readonly key: string | null;
  readonly rule: "file" | "markup" | "expression" | "marker";
  readonly detail: string;
}

/** Letters of one word: more is a mistake, or somebody's novel. */
const maxWord = 4_000;

/** Reads a file of words: a JSON object of texts. What can't be read is a complaint at its place. */
export function readWords(text: string): PlacedWords {
  const none = { words: {}, places: new Map<string, number>() };
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, " "));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...none, complaints: [complaint(offsetIn(message, text), null, `it is not JSON: ${message.split("\n")[0] ?? ""}`)] };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { ...none, complaints: [complaint(0, null, 'wanted an object of words, as {"subject": "…"}')] };
  }
  const places = placesIn(text);
  const words: Record<string, string> = Object.create(null) as Record<string, string>; // a word of any name is only a word
  const complaints: Complaint[] = [];
  for (const [key, value] of Object.entries(json)) {
    const at = places.get(key) ?? 0;
    if (typeof value !== "string") complaints.push(complaint(at, key, "wanted a text"));
    else if (value.trim() === "") complaints.push(complaint(at, key, "is empty: leave it out to have the built-in words"));
    else if (value.length > maxWord) complaints.push(complaint(at, key, `has more than ${maxWord} letters`));
    else if (hidden.test(value))
      complaints.push(complaint(at, key, "has a letter in it that nobody sees, or that turns the direction of what follows"));
    else words[key] = value;
  }
  return { words, places, complaints };
}

const hidden = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff\p{Co}]/u;

/** Where each text of a flat object of texts begins. */
function placesIn(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const quoted = '"(?:[^"\\\\]|\\\\.)*"';
  for (const match of text.matchAll(new RegExp(`(${quoted})(\\s*:\\s*)(?:(${quoted})|[^,}]*)`, "g"))) {
    const [, name = '""', between = ""] = match;
    const key = keyOf(name);
    if (key !== null) places.set(key, match.index + name.length + between.length + (match[3] === undefined ? 0 : 1));
  }
  return places;
}

function keyOf(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}

function offsetIn(message: string, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? text.length : Number(position);
}

function complaint(offset: number, key: string | null, detail: string): Complaint {
  return { offset, key, rule: "file", detail };
}
