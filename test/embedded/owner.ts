// An Afterword reduced to what owns an embedded PostgreSQL: says its address on stdout, then stays, or exits without a word.
import { startEmbeddedPostgres } from "../../src/embedded/postgres.ts";

const [dataDir = "", end = "stay"] = process.argv.slice(2);
const { url } = await startEmbeddedPostgres({ dataDir });
process.stdout.write(`${url}\n`);
if (end === "exit") process.exit(3);
setInterval(() => undefined, 60_000);
