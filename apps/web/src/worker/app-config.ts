import type { tl } from '@mtcute/core';
import type { Account } from './account.ts';
import { askOnce } from './ask-once.ts';

/** Numbers and texts of the app configuration of the server. */
export class AppConfig {
  readonly #values: ReadonlyMap<string, number | string>;
  readonly #isPremium: () => boolean;

  constructor(values: ReadonlyMap<string, number | string>, isPremium: () => boolean) {
    this.#values = values;
    this.#isPremium = isPremium;
  }

  number(name: string, otherwise: number): number {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : otherwise;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** A limit that is another one for subscribers. @param name without `_default` and `_premium` */
  limit(name: string, otherwise: number): number {
    return this.number(`${name}_${this.#isPremium() ? 'premium' : 'default'}`, otherwise);
  }
}

/** Asks once for the app configuration. */
export const loadAppConfig = askOnce(load);

async function load(account: Account): Promise<AppConfig> {
  const answer = await account.call({ _: 'help.getAppConfig', hash: 0 });
  const config: tl.TypeJSONObjectValue[] = answer._ === 'help.appConfig' && answer.config._ === 'jsonObject' ? answer.config.value : [];
  const values = config.flatMap(({ key, value }): [string, number | string][] => (value._ === 'jsonNumber' || value._ === 'jsonString' ? [[key, value.value]] : []));
  return new AppConfig(new Map(values), () => account.store.peers.get(account.me)?.isPremium === true);
}
