import { doDrainNode, doRemoveNode, type ListedNode, listNodes } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** `aerogram node list`: the servers that use the database, and those that did. */
export function showNodes(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const nodes = await listNodes(db);
    return { value: nodes.map(projectNode), lines: nodes.map((node) => `${node.name}  ${describeNode(node)}`) };
  });
}

/** `aerogram node drain`: a node gives its work to the others and ends. */
export function drainNode(options: CliOptions, given: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { name } = findNode(await listNodes(db), given);
    const refusal = await doDrainNode(db, name);
    if (refusal !== undefined) throw new Error(refusal === 'last' ? 'no other node serves: stop this one with SIGTERM, as a server that is alone' : `the node ${name} does not serve`);
    return { value: { name }, lines: [`draining   ${name}: it ends when the others serve its clients`] };
  });
}

/** `aerogram node remove`: forgets a node that will never come back. */
export function removeNode(options: CliOptions, given: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { name, isHeld } = findNode(await listNodes(db), given);
    if (isHeld || !(await doRemoveNode(db, name))) throw new Error(`the node ${name} still holds its row: end it first, with "node drain" or SIGTERM; if it was killed, another node takes its row away within seconds`);
    return { value: { name }, lines: [`removed    ${name}`] };
  });
}

/** Finds a node by its name or the beginning of it. @throws Error if there is none, or more than one */
function findNode(nodes: readonly ListedNode[], given: string): ListedNode {
  const found = nodes.filter(({ name }) => name.startsWith(given));
  if (found.length === 1) return found[0]!;
  throw new Error(found.length === 0 ? `there is no node ${given}` : `several nodes begin with ${given}: ${found.map(({ name }) => name).join(', ')}`);
}

/** What a node does, in words. Pure. */
export function describeNode({ host, pid, state, isHeld, overdueMs, isBehind, linkAddress, schema }: ListedNode): string {
  const late = isHeld && overdueMs > 0 ? `, not renewed for ${Math.round(overdueMs / 1000)} s` : '';
  const words = [`${state}${late}`, `process ${pid} on ${host}`];
  if (linkAddress !== '') words.push(`links ${linkAddress}`);
  if (schema !== null) words.push(`schema ${schema}`);
  if (isBehind) words.push('has not seen the newest members');
  return words.join('  ');
}

/** A node as programs see it. Pure. */
export function projectNode({ name, host, pid, state, isHeld, overdueMs, isBehind, linkAddress, schema }: ListedNode): object {
  return { name, host, pid, state, is_held: isHeld, overdue_ms: overdueMs, is_behind: isBehind, link_address: linkAddress, schema };
}
