import type { Screen } from "./tour.ts";

/** Writes lines to a stream; on a terminal with a progress bar below them. */
export function screenOn(stream: NodeJS.WriteStream): Screen & { end(): void } {
  let bar = "";
  const erase = () => (bar === "" ? "" : "\r\u001b[2K");
  return {
    line(text) {
      stream.write(`${erase()}${text}\n${bar}`);
    },
    progress(share, date) {
      if (!stream.isTTY) return;
      const done = Math.round(Math.min(1, Math.max(0, share)) * width);
      const next = `${"█".repeat(done)}${"░".repeat(width - done)} ${date}`;
      stream.write(`${erase()}${next}`);
      bar = next;
    },
    end() {
      stream.write(erase());
      bar = "";
    },
  };
}

const width = 40;
