import { iso } from "../../../core/instant.ts";
import { type LedgerRow, listMessages } from "../../../store/message-list.ts";
import { type ShopVisit, shopRoute } from "../route.ts";
import { filterOf, type MessageFilter } from "./filter.ts";

const pageSize = 1_000;
const columns = ["id", "order", "step", "occurrence", "category", "state", "due", "sent", "reason", "attempts"] as const;

/** The ledger as a file, filtered as the list is; a page at a time, so that a million rows take no more memory than a thousand. */
export const messageCsv = shopRoute({
  method: "get",
  path: "/messages.csv",
  role: "viewer",
  section: "messages",
  async handle(visit) {
    const rows = csvRows(visit, filterOf(visit));
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await rows.next();
        if (done === true) controller.close();
        else controller.enqueue(new TextEncoder().encode(value));
      },
      async cancel() {
        await rows.return(undefined);
      },
    });
    const headers = {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="messages.csv"',
      "cache-control": "no-store",
    };
    return { kind: "response", response: new Response(body, { headers }) };
  },
});

async function* csvRows({ deps, shop }: ShopVisit, filter: MessageFilter): AsyncGenerator<string, undefined> {
  // A mark by which spreadsheets know the encoding.
  yield `\uFEFF${columns.join(",")}\r\n`;
  for (let after: string | null = null; ; ) {
    const rows: readonly LedgerRow[] = await listMessages(deps.db, { shopId: shop.id, orderId: null, ...filter, after, limit: pageSize });
    yield rows.map((row) => `${cellsOf(row).map(cell).join(",")}\r\n`).join("");
    after = rows.at(-1)?.id ?? null;
    if (rows.length < pageSize) return undefined;
  }
}

function cellsOf(row: LedgerRow): readonly string[] {
  const sent = row.sentAt === null ? "" : iso(row.sentAt);
  const occurrence = `${row.occurrence.kind}:${row.occurrence.id}`;
  return [
    row.id,
    row.orderNumber ?? "",
    row.step,
    occurrence,
    row.category,
    row.state,
    iso(row.dueAt),
    sent,
    row.reason ?? "",
    String(row.attempts),
  ];
}

/** Quoted where needed, and never a formula: a spreadsheet would run what begins with one of its signs, and order numbers are anybody's words. */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
