/** A value as JSON with its fields in one order, so that two are equal exactly when their texts are. Bigints become texts, bytes hexadecimal. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(plain(value)) ?? 'null';
}

/** A copy of a value in which nothing but plain JSON is left, its fields in one order. Fields that are undefined are left out. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(fields.map(([name, one]) => [name, plain(one)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}
