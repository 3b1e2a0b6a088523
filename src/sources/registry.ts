import type { Adapter, Platform } from "./adapter.ts";
import { shopify } from "./shopify.ts";
import { standard } from "./standard.ts";
import { woocommerce } from "./woocommerce.ts";

/** Every platform whose webhooks we understand. A new one is a file beside these and a line here; the conformance suite then runs it. */
export const adapters: Readonly<Record<Platform, Adapter>> = { shopify, woocommerce, standard };
