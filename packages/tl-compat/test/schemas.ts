import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indexSchema, parseSchema, type Schema } from '@aerogram/tl-codegen';

const loaded = new Map<number, Schema>();

/** The schema of one layer, as committed. */
export function loadSchema(layer: number): Schema {
  let schema = loaded.get(layer);
  if (!schema) {
    schema = indexSchema(layer, parseSchema(readFileSync(fileURLToPath(new URL(`../../schema/api-${layer}.tl`, import.meta.url)), 'utf8')));
    loaded.set(layer, schema);
  }
  return schema;
}
