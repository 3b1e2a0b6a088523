import type { ScanStatus } from "../../core/facts.ts";
import { en } from "./en.ts";
import { zhCn } from "./zh-cn.ts";

/** Every word a buyer reads on a page. Dates come in already written in the buyer's way. */
export interface BuyerWords {
  readonly lang: string;
  /** The language's name in itself. */
  readonly ownName: string;
  readonly order: {
    readonly title: (number: string) => string;
    /** With what stands between it and the headline. */
    readonly hello: (name: string | null) => string;
    readonly line: (number: string, placed: string | null, city: string | null) => string;
    readonly headline: Readonly<Record<"waiting" | "partly" | "onTheWay" | "delivered" | "returned" | "cancelled", string>>;
    readonly parcel: (index: number, of: number) => string;
    readonly carrier: string;
    readonly tracking: string;
    readonly dispatched: string;
    readonly latest: string;
    readonly window: string;
    readonly scans: Readonly<Record<ScanStatus, string>>;
    readonly noScan: string;
    readonly nextTitle: string;
    readonly next: {
      readonly waiting: (by: string | null) => string;
      readonly onTheWay: (latest: string) => string;
      readonly overdue: (latest: string) => string;
      readonly delivered: string;
      readonly returned: string;
      readonly cancelled: string;
      readonly partly: string;
    };
    readonly helpTitle: string;
    readonly notArrived: string;
    readonly problem: string;
    readonly back: string;
    readonly gone: string;
    readonly goneHelp: string;
  };
  readonly help: Readonly<Record<"not-arrived" | "problem", Help>>;
  readonly writeTo: (shop: string) => string;
  readonly unsubscribe: {
    readonly title: string;
    readonly ask: string;
    readonly explain: string;
    readonly kind: string;
    readonly optional: string;
    readonly confirm: string;
    readonly doneTitle: string;
    readonly done: string;
    readonly tooFast: string;
    readonly failed: string;
  };
}

export interface Help {
  readonly title: string;
  readonly steps: readonly string[];
  readonly subject: (number: string) => string;
  readonly body: (number: string) => string;
}

const all: readonly BuyerWords[] = [en, zhCn];

/** The languages there are pages in. */
export const pageLocales: readonly string[] = all.map((words) => words.lang);

/** The words of one of `pageLocales`; English for any other. */
export function wordsIn(locale: string): BuyerWords {
  return all.find((words) => words.lang === locale) ?? en;
}
