export type { Transaction as KyselyTransaction } from 'kysely';
export { sql } from 'kysely';
export { BackupShelf, nameOfBackup, type ShelvedBackup } from './backup/backup-shelf.ts';
export { beginEpoch } from './backup/begin-epoch.ts';
export { type BackupOptions, identifyDatabase, makeBackup } from './backup/make-backup.ts';
export type { Rest } from './backup/copy-files.ts';
export { type BackupManifest, checkProgram, readManifest } from './backup/manifest.ts';
export { estimateSeconds, type PlannedStep } from './database/weigh-steps.ts';
export { SCHEMA_VERSION } from './migrations/index.ts';
export { type RestoreOptions, type RestoreOutcome, restoreBackup } from './backup/restore-backup.ts';
export { BUCKETS, bucketOf } from './bucket.ts';
export {
  type GroupCommitter,
  type GroupCommitterOptions,
  type ItemFailure,
  createGroupCommitter,
} from './committer/group-committer.ts';
export type { Incarnation } from './database/commit-mark.ts';
export type { Counter } from './database/counters.ts';
export { EPOCH_JUMP } from './database/counters.ts';
export { DatabaseUnavailable, DatabaseUnusable, DiskFull, isPassingFault, isTextRefused, isWaitLimit, StorageOverloaded } from './database/errors.ts';
export { type Database, type DatabaseOptions, openDatabase, type Operation } from './database/open-database.ts';
export type { SqlValue } from './database/sql-value.ts';
export { type Statement, type StatementResult, defineStatement } from './database/statement.ts';
export type { Primary } from './database/timeline.ts';
export { type Queries, RunAgain, type Tx } from './database/transaction.ts';
export { type DiskGuard, type DiskGuardOptions, createDiskGuard } from './disk/disk-guard.ts';
export type { Engine } from './embedded/binaries.ts';
export { DataDirectoryLocked, findDataDirectoryHolder, lockDataDirectory } from './embedded/data-lock.ts';
export { keepArchiveShort } from './embedded/prune-archive.ts';
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './embedded/start-embedded.ts';
export { endLeftDatabase } from './embedded/unfinished-restore.ts';
export {
  doBeginStreamEpoch, doNoteAcknowledged, doNoteReturned, doNoteSkipped, doNoteStopped, type HomeStream, type KeptFrame, noteLinkStates, readAppliedSeqs, readHomeStreams, readKeptFrames, readLostTime, readStreamEpoch, readWaiting,
  type WaitingFrames,
} from './homes/link-store.ts';
export { doTrimInbox, doTrimOutbox, KEPT_FRAME_BYTES } from './homes/kept-frames-store.ts';
export { type ListedLink, listLinks } from './homes/list-links.ts';
export { appendHomeFramesLast, type FramePlace, lockAppliedSeq, noteAppliedLast } from './homes/frames-store.ts';
export { type HomeAddresses, type HomeRow, type HomeVersions, insertHome, listHomes, listLinkAddresses, listNodeNames, lockHomes, NO_ADDRESSES, projectAddresses, raiseCertificatesFrom, saveHomeAddresses, saveHomeState, saveHomeVersions } from './homes/homes-store.ts';
export type { NewJob } from './database/append-job.ts';
export { dropWaitingJob } from './jobs/job-store.ts';
export {
  type JobContext,
  type JobKind,
  type JobKindOptions,
  type PayloadCodec,
  type RecurringJobOptions,
  defineJobKind,
  defineRecurringJob,
  jsonCodec,
  NOBODY,
} from './jobs/job-kind.ts';
export { type DueJobs, type JobRunner, type JobRunnerOptions, createJobRunner } from './jobs/job-runner.ts';
export { holdsAlone, type LeaseHolder } from './leases/lease-holder.ts';
export { Leases } from './leases/leases.ts';
export { SingleTasks } from './leases/single-tasks.ts';
export { takeFormerLease } from './nodes/former-lease.ts';
export { LeaseGate } from './nodes/lease-gate.ts';
export type { Member } from './nodes/members.ts';
export { Membership } from './nodes/membership.ts';
export type { NodeFacts, OtherNode } from './nodes/node-facts-store.ts';
export { doDrainNode, doRemoveNode, type ListedNode, listNodes } from './nodes/node-orders-store.ts';
export { doAcceptClock } from './nodes/node-store.ts';
export type { NodeTimes } from './nodes/node-times.ts';
export { findServingState, measureClockOffset, type ServingState } from './nodes/serving-state.ts';
export { DatabaseServed, type MembershipOptions } from './nodes/take-node.ts';
export { createRetentionJobs } from './retention/retention-jobs.ts';
export { checkDatabaseIdentity, checkDatabasePlace, describeDatabase, findDatabaseId, hasEmbeddedDatabase, type KnownDatabase, readKnownDatabase, rememberDatabase } from './serving/known-database.ts';
export type { Tables } from './tables/index.ts';
export { Wakeup } from './wakeup.ts';
