import { type Database, sql } from '@aerogram/storage';
import { LAYER } from '@aerogram/tl';
import type { Output } from '../output.ts';

/** How many layers are shown, the newest first. */
const SHOWN_LAYERS = 10;

/** The devices whose layer is newer than this program knows: what has another form there does not reach them. */
export async function describeNewerLayers(db: Database): Promise<Output> {
  const { rows } = await sql<{ layer: number; devices: bigint }>`
    SELECT k.layer, count(*) AS devices FROM authorizations a JOIN auth_keys k ON k.auth_key_id = a.auth_key_id
     WHERE k.layer > ${LAYER} GROUP BY k.layer ORDER BY k.layer DESC LIMIT ${SHOWN_LAYERS}`.execute(db.q);
  return {
    value: rows.map(({ layer, devices }) => ({ layer, devices: Number(devices) })),
    lines: rows.map(
      ({ layer, devices }) =>
        `clients    ${devices} ${devices === 1n ? 'device speaks' : 'devices speak'} layer ${layer}, and this program ${LAYER}: messages and updates whose form has changed since may not arrive there; a newer program may know the layer`,
    ),
  };
}
