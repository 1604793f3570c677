import { requireOwn } from '@aerogram/node';
import { type HomeRow, listHomes, type ListedLink, listLinks } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** A data centre in the order of upgrades. */
export interface PlannedHome {
  dc: number;
  is_own: boolean;
  /** It decides who has a name, so it is the first one. */
  of_names: boolean;
  /** What it runs, as it has said last; '' and 0: not known. */
  program: string;
  schema: number;
  /** Its link to this server, and what waits for it; of this server itself `own` and 0. */
  state: ListedLink['state'] | 'own';
  waiting: number;
}

/** How the data centres of a community are brought up to date. */
export interface UpgradePlan {
  homes: PlannedHome[];
  /** The one to bring up to date now; null: all run the same, or it is not known what one of them runs. */
  next: number | null;
  /** Those whose links are not up, or for which changes wait: they come to rest before the next one is stopped. */
  unsettled: number[];
}

/** Compares versions such as `1.10.0`, number by number. */
function compareVersions(a: PlannedHome, b: PlannedHome): number {
  return a.schema - b.schema || a.program.localeCompare(b.program, 'en', { numeric: true });
}

/**
 * Plans an upgrade: the data centre of names comes first, because the others put questions to it that an older program would not know; the others follow by number. Pure.
 * @param homes all data centres; those that were removed are left out
 */
export function planUpgrade(homes: readonly HomeRow[], links: readonly ListedLink[]): UpgradePlan {
  const planned = homes
    .filter(({ state }) => state !== 'removed')
    .map(({ dc, is_own, of_names, program, schema_version: schema }): PlannedHome => {
      const link = links.find((one) => one.dc === dc);
      return { dc, is_own, of_names, program, schema, state: is_own ? 'own' : (link?.state ?? 'down'), waiting: link?.waiting ?? 0 };
    })
    .toSorted((a, b) => Number(b.of_names) - Number(a.of_names) || a.dc - b.dc);
  const newest = planned.toSorted(compareVersions).at(-1);
  const isKnown = planned.every(({ schema }) => schema > 0);
  const next = isKnown ? planned.find((home) => compareVersions(home, newest!) < 0) : undefined;
  return { homes: planned, next: next?.dc ?? null, unsettled: planned.filter(({ state, waiting }) => state !== 'own' && (state !== 'up' || waiting > 0)).map(({ dc }) => dc) };
}

/** `aerogram dc plan`: in which order the data centres are brought up to date. */
export function showPlan(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const homes = await listHomes(db);
    requireOwn(homes);
    const plan = planUpgrade(homes, await listLinks(db));
    return { value: plan, lines: [...plan.homes.map(describe), ...advise(plan)] };
  });
}

function describe({ dc, of_names: isFirst, program, schema, state, waiting }: PlannedHome): string {
  const version = schema === 0 ? 'not known yet what it runs' : `${program}, schema ${schema}`;
  const link = state === 'own' ? 'this server' : `${state}${waiting > 0 ? `, ${waiting} wait` : ''}`;
  return `DC ${dc}  ${version}  ${link}${isFirst ? ', the first home' : ''}`;
}

function advise({ homes, next, unsettled }: UpgradePlan): string[] {
  const order = homes.map(({ dc }) => `DC ${dc}`).join(', then ');
  if (homes.some(({ schema }) => schema === 0)) return [`order      ${order}`, 'next       start those that have not said what they run'];
  const wait = unsettled.length > 0 ? [`wait       until DC ${unsettled.join(', DC ')} can be reached and nothing waits: "aerogram dc list"`] : [];
  if (next === null) return [`order      ${order}: back each up before its turn`, 'next       all run the same; a newer program goes to the first of them first', ...wait];
  return [`order      ${order}`, ...wait, `next       DC ${next}: back it up, stop it, install the newer program, start it, and look here again`];
}
