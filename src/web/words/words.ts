import type { ScanStatus } from "../../core/facts.ts";
import type { OrderStand } from "../buyer-view.ts";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { ptBr } from "./pt-br.ts";
import { ru } from "./ru.ts";
import { zhCn } from "./zh-cn.ts";

/**
 * Every word a buyer reads on a page. Dates come in already written in the buyer's way, without a preposition.
 *
 * A language that lacks one does not compile.
 */
export interface BuyerWords {
  readonly lang: string;
  /** The language's name in itself. */
  readonly ownName: string;
  readonly order: {
    readonly title: (number: string) => string;
    /** With what stands between it and the headline. */
    readonly hello: (name: string | null) => string;
    readonly line: (number: string, placed: string | null, city: string | null) => string;
    readonly headline: Readonly<Record<OrderStand, string>>;
    readonly parcel: (index: number, of: number) => string;
    readonly contents: string;
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
      readonly leavesLate: (by: string) => string;
      readonly onTheWay: (latest: string) => string;
      readonly late: (latest: string) => string;
      readonly delivered: string;
      readonly returned: string;
      readonly cancelled: string;
      readonly partly: string;
    };
    readonly gone: string;
    readonly goneHelp: string;
  };
  /** Said at the top of the page after something was sent. */
  readonly notice: Readonly<Record<Notice, string>>;
  readonly help: Readonly<Record<"not-arrived" | "problem", HelpWords>> & {
    readonly title: string;
    readonly send: string;
    /** When the shop answers. */
    readonly answerBy: (day: string) => string;
    /** How to send a picture, which a form here does not take. */
    readonly photo: string;
  };
  readonly choice: Readonly<{
    "delivery-late": ChoiceWords<"resend" | "refund">;
    "dispatch-late": ChoiceWords<"wait" | "cancel">;
    "review-recovery": ChoiceWords<"resend" | "refund" | "talk">;
    "dispute-proposal": ChoiceWords<"accept" | "talk">;
  }> & {
    readonly recommended: string;
    readonly by: (day: string) => string;
    readonly note: string;
    readonly send: string;
    readonly chosen: (on: string) => string;
    readonly change: string;
    readonly changeHint: string;
    readonly settled: string;
    readonly over: (day: string) => string;
    readonly cause: string;
    readonly proposal: string;
    readonly steps: string;
  };
  readonly feedback: {
    readonly title: string;
    readonly lead: string;
    readonly stars: string;
    readonly star: (count: number) => string;
    /** The ends of the scale. */
    readonly worst: string;
    readonly best: string;
    readonly text: string;
    readonly send: string;
    readonly given: (stars: string, on: string) => string;
    readonly change: string;
    /** The same for every buyer, whatever the rating. */
    readonly everyone: string;
    readonly link: (shop: string) => string;
  };
  readonly mails: {
    readonly title: string;
    readonly lead: string;
    readonly care: Choice;
    readonly review: Choice;
    readonly offer: Choice;
    readonly order: Choice;
    readonly stoppedByShop: string;
    readonly save: string;
  };
  readonly form: {
    readonly optional: string;
    readonly tooLong: string;
    readonly noStars: string;
    readonly noWords: string;
    readonly noOption: string;
    readonly notNow: string;
    readonly tooFast: string;
    readonly failed: string;
    readonly back: string;
  };
  readonly writeTo: (shop: string) => string;
  readonly languages: string;
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

export const notices = ["reported", "chosen", "reviewed", "saved"] as const;
export type Notice = (typeof notices)[number];

export interface HelpWords {
  readonly title: string;
  readonly steps: readonly string[];
  readonly label: string;
  /** What happens next, once it was told. */
  readonly received: (on: string) => string;
}

/** Something to tick: its name, and what it means. */
export interface Choice {
  readonly name: string;
  readonly means: string;
}

export interface ChoiceWords<Option extends string> {
  readonly title: string;
  readonly lead: string;
  /** The first one is recommended. */
  readonly options: Readonly<Record<Option, Choice>>;
}

const all: readonly BuyerWords[] = [en, zhCn, de, fr, es, ptBr, ru, ja, ar];

/** The languages there are pages in. */
export const pageLocales: readonly string[] = all.map((words) => words.lang);

/** The words of one of `pageLocales`; English for any other. */
export function wordsIn(locale: string): BuyerWords {
  return all.find((words) => words.lang === locale) ?? en;
}
