import type { Logger } from '@aerogram/runtime';
import type pg from 'pg';
import { jumpSequences, renewStreamEpoch } from '../database/stream-epoch.ts';
import type { ClusterView } from './node-store.ts';

/** The primary that a server served from last. */
export interface KnownPrimary {
  timeline: string;
  isSynchronous: boolean;
}

/** What is to be done about the primary that has answered. `changed`: whether a standby confirms its commits. `lossy`: it may lack commits of the one before. */
export type PrimaryNews = 'none' | 'changed' | 'first' | 'promoted' | 'lossy';

/** Compares the primary that has answered with what is noted. @param known undefined for a server that has just begun */
export function judgePrimary({ timeline, isSynchronous, noted }: ClusterView, known: KnownPrimary | undefined): PrimaryNews {
  if (!noted) return 'none';
  const isPromoted = noted.timeline !== '' && noted.timeline !== timeline;
  // What was noted last may be lost with the commits that no standby confirmed.
  const isLossKnown = known !== undefined && known.timeline !== timeline && !known.isSynchronous && noted.epochTimeline !== timeline;
  if (isLossKnown || (isPromoted && !noted.isSynchronous)) return 'lossy';
  if (isPromoted) return 'promoted';
  if (noted.timeline === '') return 'first';
  return noted.isSynchronous === isSynchronous ? 'none' : 'changed';
}

/** Whether nothing may be numbered before that is noted. */
export const mustBeNoted = (news: PrimaryNews): boolean => news !== 'none' && news !== 'changed';

/**
 * Notes the primary, and whether a standby confirms its commits. If it may lack commits, an epoch begins: each counter jumps when it is locked next, so no number is
 * given twice. In a cluster lock.
 */
export async function noteTimeline(client: pg.Client, log: Logger, view: ClusterView, known?: KnownPrimary): Promise<void> {
  const { timeline, isSynchronous, noted } = view;
  const news = judgePrimary(view, known);
  if (news === 'none') return;
  // Whatever was read from the former one is read again.
  const barrier = news === 'promoted' || news === 'lossy' ? 1 : 0;
  await client.query('UPDATE cluster SET timeline = $1, synchronous = $2, barrier = barrier + $3', [timeline, isSynchronous, barrier]);
  if (news === 'promoted') log.warn({ timeline, former: noted?.timeline }, 'another server is the primary of the database; no commit is lost');
  if (news !== 'lossy') return;
  await client.query('UPDATE cluster SET epoch_timeline = $1', [timeline]);
  const { rows } = await client.query<{ epoch: number }>(`UPDATE meta SET value = value::integer + 1 WHERE key = 'epoch' RETURNING value::integer AS epoch`);
  await jumpSequences(client);
  await renewStreamEpoch(client);
  const about = { timeline, former: noted?.timeline, epoch: rows[0]!.epoch };
  log.error(about, 'another server is the primary of the database, and may lack the last commits of the former one: an epoch begins');
}
