import { type OverrideFiles, sharedKey } from "../core/override.ts";
import type { Brand } from "./brand.ts";
import { type CompiledMail, type Compiler, compileTemplate } from "./compile.ts";
import { Lru } from "./lru.ts";
import type { Templates } from "./template-files.ts";
import { withOverride } from "./with-override.ts";

/** Which version of a shop's override is asked for. */
export interface WantedOverride {
  readonly shopId: string;
  readonly template: string;
  readonly version: number;
}

/** What a shop is to the compiler. */
export interface CompilingShop extends Brand {
  readonly id: string;
  /** The version of its override in force, by template; absent: the built-in one. */
  readonly templateVersions: Readonly<Record<string, number>>;
}

export interface ShopCompiler {
  /**
   * A message as the shop has it. A published override never changes, so what was loaded and compiled once is right for good: nothing is asked while it is
   * remembered. Rejects when the database can't be asked; what can't be compiled is `broken`, with a sentence.
   */
  compile(
    shop: CompilingShop,
    key: string,
    locale: string,
  ): Promise<{ readonly kind: "compiled"; readonly mail: CompiledMail } | { readonly kind: "broken"; readonly reason: string }>;
}

/** Compiles for shops, keeping the `max` (default 1,000) mails and a quarter as many loaded overrides used last. */
export function shopCompiler(
  templates: Templates,
  builtIn: Compiler,
  load: (wanted: WantedOverride) => Promise<OverrideFiles | null>,
  { max = 1_000 } = {},
): ShopCompiler {
  const loaded = new Lru<string, Promise<OverrideFiles | null>>(Math.ceil(max / 4));
  const compiled = new Lru<string, Promise<CompiledMail>>(max);

  function filesOf(wanted: WantedOverride): Promise<OverrideFiles | null> {
    const name = JSON.stringify([wanted.shopId, wanted.template, wanted.version]);
    return loaded.getOrMake(name, () => {
      const loading = load(wanted);
      loading.catch(() => loaded.delete(name));
      return loading;
    });
  }

  async function compileOwn(shop: CompilingShop, key: string, locale: string, versions: readonly [number, number]): Promise<CompiledMail> {
    const loading = [key, sharedKey].map(async (template, index) => {
      const version = versions[index] ?? 0;
      return version === 0 ? {} : filesOf({ shopId: shop.id, template, version });
    });
    const [own, shared] = await Promise.all(loading);
    if (own == null || shared == null) throw new BrokenTemplate(`the shop's own version of ${key} is not there`);
    try {
      return await compileTemplate(withOverride(templates, key, { own, shared }), { key, locale, brand: shop });
    } catch (error) {
      throw new BrokenTemplate(`the shop's own ${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async function asShipped(shop: CompilingShop, key: string, locale: string): Promise<CompiledMail> {
    try {
      return await builtIn.compile({ key, locale, brand: shop });
    } catch (error) {
      throw new BrokenTemplate(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    async compile(shop, key, locale) {
      const versions = [versionOf(shop, key), versionOf(shop, sharedKey)] as const;
      const name = JSON.stringify([shop.id, key, ...versions, locale, shop.name, shop.color, shop.logoUrl]);
      try {
        if (versions[0] === 0 && versions[1] === 0) return { kind: "compiled", mail: await asShipped(shop, key, locale) };
        const making = compiled.getOrMake(name, () => {
          const compiling = compileOwn(shop, key, locale, versions);
          compiling.catch(() => compiled.delete(name));
          return compiling;
        });
        return { kind: "compiled", mail: await making };
      } catch (error) {
        if (error instanceof BrokenTemplate) return { kind: "broken", reason: error.message };
        throw error;
      }
    },
  };
}

/** What can't be compiled. An override was sound when it was published; the product may have changed beneath it. */
class BrokenTemplate extends Error {}

function versionOf({ templateVersions }: CompilingShop, template: string): number {
  return Object.hasOwn(templateVersions, template) ? (templateVersions[template] ?? 0) : 0;
}
