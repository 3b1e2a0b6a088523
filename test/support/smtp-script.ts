import type { Socket } from "node:net";

/** What a scripted server does at one moment of the conversation. */
export type Act =
  /** As a good server would. */
  | "ok"
  /** Says these lines, `"550 5.1.1 no such user"` or `"550-first\r\n550 last"`, and goes on. After a 421 it closes, as a server does. */
  | { readonly say: string }
  /** Closes without a word. */
  | { readonly drop: true }
  /** Resets the connection (RST) without a word. */
  | { readonly reset: true }
  /** Never answers. */
  | { readonly silent: true }
  /** Writes a byte, waits, writes the next. */
  | { readonly trickle: string; readonly everyMs: number }
  /** Says it, then resets the connection. */
  | { readonly sayAndReset: string }
  /** Answers as a good server once the promise is fulfilled. */
  | { readonly hold: Promise<unknown> }
  /** Only at `dot`: keeps the mail, then closes without the answer. */
  | { readonly keepAndDrop: true };

/** One act for every time, a list of acts for the first, second, … time (the last one stays), or a choice by the address (`mail`, `rcpt`) and the count from 0. */
export type Script = Act | readonly Act[] | ((argument: string, count: number) => Act);

/** What goes wrong, by moment. What is not named goes well. */
export interface Behaviour {
  readonly greeting?: Script;
  readonly ehlo?: Script;
  readonly auth?: Script;
  readonly starttls?: Script;
  readonly mail?: Script;
  readonly rcpt?: Script;
  readonly data?: Script;
  /** After so many bytes of the mail, before it has ended. */
  readonly body?: { readonly afterBytes: number; readonly act: Act };
  readonly dot?: Script;
  readonly rset?: Script;
  /** Extensions named in the answer to EHLO; default `PIPELINING`, `8BITMIME`, `SMTPUTF8`. */
  readonly extensions?: readonly string[];
}

/** How often each moment came, over all connections of a sink since its behaviour was set. */
export type Counts = Map<string, number>;

export interface Conversation {
  readonly behaviour: Behaviour;
  readonly counts: Counts;
  readonly keep: (mail: { from: string; to: string[]; raw: Buffer; answered: boolean }) => Promise<void>;
}

/** Speaks SMTP over `socket` as `behaviour` says: small, strict, and wrong exactly where it is told to be. */
export function converse(socket: Socket, { behaviour, counts, keep }: Conversation): void {
  let input = Buffer.alloc(0);
  let from = "";
  let to: string[] = [];
  let inBody = false;
  let over = false;
  let turn: Promise<unknown> = Promise.resolve();

  socket.on("error", () => {});
  socket.on("close", () => {
    over = true;
  });
  let deaf = false;
  socket.on("data", (chunk) => {
    if (deaf) return;
    input = Buffer.concat([input, chunk]);
    turn = turn.then(read);
  });
  turn = turn.then(() => act("greeting", "", "220 sink ready"));

  async function read(): Promise<void> {
    while (!over) {
      if (inBody) {
        const early = behaviour.body;
        if (early !== undefined && input.length >= early.afterBytes) {
          // The rest of the mail still comes; taking it for commands would answer it line by line.
          deaf = true;
          input = Buffer.alloc(0);
          await perform(early.act, "250 ok");
          return;
        }
        const end = input.indexOf("\r\n.\r\n");
        if (end === -1) return;
        const raw = Buffer.from(
          input
            .subarray(0, end + 2)
            .toString("latin1")
            .replace(/^\.\./gm, "."),
          "latin1",
        );
        input = input.subarray(end + 5);
        inBody = false;
        await finish(raw);
        continue;
      }
      const end = input.indexOf("\r\n");
      if (end === -1) return;
      const line = input.subarray(0, end).toString("utf8");
      input = input.subarray(end + 2);
      await command(line);
    }
  }

  async function command(line: string): Promise<void> {
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? "";
    const path = /<([^>]*)>/.exec(line)?.[1] ?? "";
    if (verb === "EHLO") {
      const offers = behaviour.extensions ?? ["PIPELINING", "8BITMIME", "SMTPUTF8"];
      const lines = ["sink", ...offers];
      await act("ehlo", "", lines.map((one, i) => `250${i === lines.length - 1 ? " " : "-"}${one}`).join("\r\n"));
    } else if (verb === "MAIL") {
      if (await act("mail", path, "250 2.1.0 ok")) from = path;
    } else if (verb === "RCPT") {
      if (from === "") say("503 5.5.1 MAIL first");
      else if (await act("rcpt", path, "250 2.1.5 ok")) to.push(path);
    } else if (verb === "DATA") {
      if (to.length === 0) say("554 5.5.1 no valid recipients");
      else inBody = await act("data", "", "354 go ahead");
    } else if (verb === "RSET") {
      from = "";
      to = [];
      await act("rset", "", "250 2.0.0 ok");
    } else if (verb === "AUTH") {
      await act("auth", "", "235 2.7.0 welcome");
    } else if (verb === "STARTTLS") {
      await act("starttls", "", "454 4.7.0 not here");
    } else if (verb === "QUIT") {
      say("221 2.0.0 bye");
      socket.end();
    } else {
      say("502 5.5.1 what?");
    }
  }

  async function finish(raw: Buffer): Promise<void> {
    const what = next("dot", "");
    const envelope = { from, to, raw };
    from = "";
    to = [];
    if (what !== "ok" && "keepAndDrop" in what) {
      await keep({ ...envelope, answered: false });
      socket.destroy();
      return;
    }
    const said = what === "ok" ? "250" : "say" in what ? what.say : "sayAndReset" in what ? what.sayAndReset : "hold" in what ? "250" : "";
    if (said.startsWith("2")) await keep({ ...envelope, answered: true });
    await perform(what, "250 2.0.0 kept");
  }

  /** Whether what was said was a yes. */
  async function act(moment: keyof Behaviour, argument: string, yes: string): Promise<boolean> {
    return perform(next(moment, argument), yes);
  }

  function next(moment: keyof Behaviour, argument: string): Act {
    const count = counts.get(moment) ?? 0;
    counts.set(moment, count + 1);
    const script = behaviour[moment] as Script | undefined; // `body` and `extensions` are never asked for here
    if (script === undefined) return "ok";
    if (typeof script === "function") return script(argument, count);
    if (Array.isArray(script)) return (script as readonly Act[])[Math.min(count, script.length - 1)] ?? "ok";
    return script as Act;
  }

  async function perform(what: Act, yes: string): Promise<boolean> {
    if (what === "ok") {
      say(yes);
      return true;
    }
    if ("say" in what) {
      say(what.say);
      if (what.say.startsWith("421")) socket.end();
      return /^[23]/.test(what.say);
    }
    if ("hold" in what) {
      await what.hold;
      say(yes);
      return true;
    }
    if ("trickle" in what) {
      for (const byte of what.trickle) {
        if (over) return false;
        socket.write(byte);
        await new Promise((resolve) => setTimeout(resolve, what.everyMs));
      }
      return true;
    }
    if ("sayAndReset" in what) {
      await new Promise<void>((resolve) => socket.write(`${what.sayAndReset}\r\n`, () => resolve()));
      // a moment for the answer to be read: a reset that overtakes it would be another story
      setTimeout(() => socket.resetAndDestroy(), 30);
      return false;
    }
    if ("reset" in what) socket.resetAndDestroy();
    else if (!("silent" in what)) socket.destroy();
    over = !("silent" in what);
    // a silent server reads on and says nothing more
    if ("silent" in what) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    return false;
  }

  function say(lines: string): void {
    if (!over && socket.writable) socket.write(`${lines}\r\n`);
  }
}
