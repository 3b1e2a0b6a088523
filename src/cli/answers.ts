/*
 * What the API answers, as far as commands look into it. The API's own document (`/api/openapi.json`) is the whole of it.
 */

export interface ShopAnswer {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly country: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly postalAddress: string | null;
  readonly website: string | null;
  readonly logoUrl: string | null;
  readonly color: string | null;
  readonly reviewUrl: string | null;
  readonly signedBy: string | null;
  readonly liveFrom: string;
  readonly sending: boolean;
  readonly redirectTo: string | null;
  readonly caps: { readonly daysBetweenAsks: number; readonly mailsPerDay: number };
  readonly customerNotice: { readonly text: string; readonly since: string } | null;
  readonly scheduleVersion: number;
  readonly createdAt: string;
}

export interface FindingAnswer {
  readonly kind: string;
  readonly about: string | null;
  readonly count: number;
  readonly since: string | null;
  readonly detail: string;
  readonly where: string;
}

export interface SourceAnswer {
  readonly id: string;
  readonly platform: string;
  readonly domain: string | null;
  readonly augments: string | null;
  readonly platformSends: readonly string[];
  readonly hookUrl: string;
  readonly rotating: boolean;
  readonly createdAt: string;
  readonly lastDeliveryAt: string | null;
  /** Only when it was just set. */
  readonly secret?: string;
  /** Only when it was made or changed: steps of the schedule that were switched. */
  readonly switched?: { readonly off: readonly string[]; readonly on: readonly string[]; readonly version: number } | null;
}

export interface OrderAnswer {
  readonly id: string;
  readonly shopId: string;
  readonly sourceId: string;
  readonly number: string | null;
  readonly externalId: string;
  readonly placedAt: string | null;
  readonly country: string | null;
  readonly buyer: { readonly name: string | null; readonly email: string | null };
  readonly test: boolean;
  readonly scheduleVersion: number;
  readonly firstSeen: string;
  readonly closedAt: string | null;
}

export interface BecauseAnswer {
  readonly rule: string;
  readonly detail: string;
}

export interface OccurrenceAnswer {
  readonly kind: string;
  readonly id: string;
}

export interface EntryAnswer {
  readonly step: string;
  readonly occurrence: OccurrenceAnswer;
  readonly category: string;
  readonly state: string;
  readonly provisional?: boolean;
  readonly dueAt?: string;
  readonly sentAt?: string;
  readonly messageId?: string;
  readonly reason?: string;
  readonly because: readonly BecauseAnswer[];
}

export interface ActionAnswer {
  readonly id: string;
  readonly type: string;
  readonly entry: EntryAnswer | null;
}

export interface MessageAnswer {
  readonly id: string;
  readonly shopId: string;
  readonly orderId: string;
  readonly orderNumber: string | null;
  readonly step: string;
  readonly occurrence: OccurrenceAnswer;
  readonly template: string;
  readonly category: string;
  readonly state: string;
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly reason: string | null;
  readonly because: readonly BecauseAnswer[];
  readonly attempts: number;
}

export interface TaskAnswer {
  readonly id: string;
  readonly shopId: string;
  readonly orderNumber: string | null;
  readonly kind: string;
  readonly toDo: string;
  readonly choice: string | null;
  readonly words: string | null;
  readonly answerBy: string | null;
  readonly state: string;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
}

export interface UserAnswer {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly hasPassword: boolean;
  readonly lastSeenAt: string | null;
}

export interface PasswordLinkAnswer {
  readonly link: string;
  readonly until: string;
}

export interface TokenAnswer {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly token?: string;
}

interface PairAnswer {
  readonly before: number;
  readonly after: number;
}

export interface SimulationAnswer {
  readonly orders: number;
  readonly messages: PairAnswer;
  readonly added: number;
  readonly removed: number;
  readonly moved: number;
  readonly earlier: number;
  readonly later: number;
  readonly beforeDelivery: PairAnswer;
  readonly steps: readonly (PairAnswer & {
    readonly step: string;
    readonly added: number;
    readonly removed: number;
    readonly moved: number;
  })[];
  readonly samples: readonly {
    readonly number: string;
    readonly step: string;
    readonly change: string;
    readonly before: string | null;
    readonly after: string | null;
    readonly because: readonly BecauseAnswer[];
  }[];
}

export interface ImportAnswer {
  readonly source: string;
  readonly lines: number;
  readonly stored: number;
  readonly repeats: number;
  readonly ignored: number;
  readonly failed: number;
  readonly errors: readonly { readonly line: number; readonly pointer: string; readonly detail: string }[];
}
