/**
 * Extra tokens for each item of a vector, by the path of the vector in the request: `filter.include_peers`. Paths are written as in
 * {@link FieldLimits}.
 */
export type ItemCosts = Readonly<Record<string, number>>;

/** Extra tokens for an item that refers to a peer by a message that mentions it, because the server reads that message. */
const BY_MESSAGE_COST = 1;

/**
 * Returns the extra tokens that a call costs for the items of its vectors. It runs before the limits are checked, so that a refused call
 * costs as much.
 */
export function costOfItems(request: object, costs: ItemCosts): number {
  let tokens = 0;
  for (const [path, cost] of Object.entries(costs)) {
    for (const item of listItems(request, path.split('.'))) tokens += cost + (isByMessage(item) ? BY_MESSAGE_COST : 0);
  }
  return Math.round(tokens);
}

/** Lists the items of the vectors at a path. */
function listItems(value: unknown, [field, ...rest]: readonly string[]): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (field === undefined) return Array.isArray(value) ? value : [];
  if (Array.isArray(value)) return value.flatMap((item) => listItems(item, [field, ...rest]));
  return listItems(value[field as keyof typeof value], rest);
}

/** Whether an item, or the peer in it, has one of the forms `input…FromMessage`. */
function isByMessage(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { _: name, peer } = item as { _?: string; peer?: unknown };
  return name?.endsWith('FromMessage') === true || isByMessage(peer);
}
