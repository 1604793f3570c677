import { rpcError } from '@aerogram/errors';
import type { Database, Queries, Tx } from '@aerogram/storage';
import { defineStatement } from '@aerogram/storage';

import { findUserRows } from '../peers/index.ts';
import { isLimitedAt } from './is-limited.ts';

/** What only some people may create, if the operator wants it so: basic groups and supergroups, broadcast channels, public names of either. */
export const CREATION_SUBJECTS = ['groups', 'channels', 'public-names'] as const;
export type CreationSubject = (typeof CREATION_SUBJECTS)[number];

/** Who may create something; `listed`: those whom the operator has listed. */
export const CREATORS = ['everybody', 'listed', 'nobody'] as const;
export type Creators = (typeof CREATORS)[number];

const findPolicy = defineStatement<{ is_listed: boolean; who: string }>(
  'find_creation_policy',
  `SELECT who, EXISTS (SELECT FROM creation_policy_users u WHERE u.subject = p.subject AND u.user_id = $2) AS is_listed
     FROM creation_policies p WHERE subject = $1`,
);

/** Whether the operator lets a user create something. */
export async function mayCreate(reader: Pick<Queries, 'run'>, userId: bigint, subject: CreationSubject): Promise<boolean> {
  const [policy] = (await reader.run(findPolicy, [subject, userId])).rows;
  return policy === undefined || policy.who === 'everybody' || (policy.who === 'listed' && policy.is_listed);
}

/** Checks that the operator lets a user create something: by the policy, and because the user is not limited. @throws RpcError 403 USER_RESTRICTED */
export async function checkMayCreate(reader: Pick<Queries, 'run'>, userId: bigint, subject: Exclude<CreationSubject, 'public-names'>, nowDate: number): Promise<void> {
  const user = (await findUserRows(reader, [userId])).get(userId);
  if (isLimitedAt(user, nowDate) || !(await mayCreate(reader, userId, subject))) throw rpcError('USER_RESTRICTED');
}

const findListed = defineStatement('find_listed_creator', 'SELECT FROM creation_policy_users WHERE subject = $1 AND user_id = $2');

/** Whether the operator has listed a user among those who may create something, whoever else may. */
export async function isListedCreator(reader: Pick<Queries, 'run'>, userId: bigint, subject: CreationSubject): Promise<boolean> {
  return (await reader.run(findListed, [subject, userId])).rows.length > 0;
}

/** Who may create something, and whom the operator has listed. */
export interface CreationPolicy {
  subject: CreationSubject;
  who: Creators;
  userIds: bigint[];
}

/** Lists who may create what. */
export async function listCreationPolicies({ q }: Pick<Database, 'q'>): Promise<CreationPolicy[]> {
  const [policies, users] = await Promise.all([
    q.selectFrom('creation_policies').selectAll().execute(),
    q.selectFrom('creation_policy_users').selectAll().orderBy('user_id').execute(),
  ]);
  return CREATION_SUBJECTS.map((subject) => ({
    subject,
    who: (policies.find((row) => row.subject === subject)?.who ?? 'everybody') as Creators,
    userIds: users.filter((row) => row.subject === subject).map((row) => row.user_id),
  }));
}

/** Sets who may create something from now on. What exists already stays. */
export async function saveCreators(tx: Tx, subject: CreationSubject, who: Creators): Promise<void> {
  await tx.q.insertInto('creation_policies').values({ subject, who }).onConflict((oc) => oc.column('subject').doUpdateSet({ who })).execute();
}

/** Puts a user on the list of those who may create something, or takes the user off it. */
export async function saveListedCreator(tx: Tx, subject: CreationSubject, userId: bigint, isListed: boolean): Promise<void> {
  if (isListed) await tx.q.insertInto('creation_policy_users').values({ subject, user_id: userId }).onConflict((oc) => oc.doNothing()).execute();
  else await tx.q.deleteFrom('creation_policy_users').where('subject', '=', subject).where('user_id', '=', userId).execute();
}
