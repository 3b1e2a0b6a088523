import { complain } from "../cli/configured.ts";
import { environment } from "../config.ts";
import { listen } from "../http-server.ts";
import { answerGallery } from "./answer.ts";

/**
 * `npm run preview`: serves every mail in every language on one page, 600 and 360 points wide, light and dark, filled from the samples.
 * On this machine only; a free port unless `PORT` names one. Ends with Ctrl-C.
 */
try {
  const { PORT } = environment();
  const server = await listen("127.0.0.1", Number(PORT ?? 0));
  server.use(answerGallery());
  process.stdout.write(`All mails: http://127.0.0.1:${server.port}\nCtrl-C ends it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void server.stop(0));
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
