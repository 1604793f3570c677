import { randomBytes } from 'node:crypto';
import { fileIdentity, hashBlocks } from '@aerogram/blob';
import type { HookedFile, HookVerdict } from '@aerogram/media';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { dropBlobBlock, listBlockedBlobs } from '../../src/index.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const DAY_MS = 86_400_000;

describe('a hook that judges new files', () => {
  let stage: FileStage;
  let alice: bigint;
  /** The contents of the files that the hook was asked about, in the order of the questions. */
  let asked: Buffer[];
  let answer: (file: HookedFile) => Promise<HookVerdict>;
  const begin = async (fileHookFailure: 'refuse' | 'accept' = 'refuse'): Promise<void> => {
    asked = [];
    answer = () => Promise.resolve('accepted');
    const ask = async (file: HookedFile): Promise<HookVerdict> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.read()) chunks.push(chunk);
      asked.push(Buffer.concat(chunks));
      return answer(file);
    };
    stage = await createFileStage({ fileHookFailure }, { fileHook: { ask } });
    alice = await stage.signUp('Alice');
  };
  beforeEach(() => begin());
  afterEach(() => stage[Symbol.asyncDispose]());

  const upload = (bytes: Uint8Array, userId = alice): Promise<tl.messageMediaDocument> => stage.upload(userId, bytes);
  const says = (verdict: HookVerdict): void => void (answer = () => Promise.resolve(verdict));
  const refusal = (text: string) => expect.objectContaining({ text }) as Error;

  it('reads the plain bytes of each new file once, whoever uploads the content, and again a month later', async () => {
    const bytes = randomBytes(300_000);
    const bob = await stage.signUp('Bob');
    await upload(bytes);
    await upload(bytes);
    await upload(bytes, bob);
    expect(asked.length).toBe(1);
    expect(asked[0]!.equals(bytes)).toBe(true);
    await stage.world.clock.advance(31 * DAY_MS);
    await stage.runJob('collect-files');
    await upload(bytes);
    expect(asked.length).toBe(2);
  });

  it('refuses a file, which is then blocked until the operator permits it', async () => {
    const bytes = randomBytes(1000);
    says('refused');
    await expect(upload(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
    await expect(upload(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
    expect(asked.length).toBe(1);
    expect((await stage.world.files.uploads.count()).uploads).toBe(0);
    expect(await stage.world.files.store.list({ limit: 10 })).toEqual([]);
    const [blocked] = await listBlockedBlobs(stage.world.db, 10);
    expect(blocked).toMatchObject({ byHook: true });
    expect(Buffer.compare(blocked!.identity, fileIdentity(1000, hashBlocks(bytes)))).toBe(0);
    const { db, clock } = stage.world;
    await db.transact('permit', (tx) => dropBlobBlock(tx, blocked!.identity, clock.now()));
    await upload(bytes);
    expect(asked.length).toBe(1);
  });

  it('is asked again about what it has refused a month ago, if nobody has it', async () => {
    const bytes = randomBytes(1000);
    says('refused');
    await expect(upload(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
    await stage.world.clock.advance(31 * DAY_MS);
    await stage.runJob('collect-files');
    says('accepted');
    await upload(bytes);
    expect(asked.length).toBe(2);
  });

  it('that fails or is busy makes the sender wait, and the upload stays', async () => {
    const bytes = randomBytes(1000);
    says('failed');
    await expect(upload(bytes)).rejects.toThrow(refusal('FLOOD_WAIT_30'));
    expect((await stage.world.files.uploads.count()).uploads).toBe(1);
    says('busy');
    const repeat = () => stage.world.domain.files.doPrepareMedia(alice, stage.lastUploaded());
    await expect(repeat()).rejects.toThrow(refusal('FLOOD_WAIT_5'));
    says('accepted');
    await repeat();
    expect(asked.length).toBe(3);
  });

  it('that fails lets a file in, if the operator has set it so, and judges it when it comes again', async () => {
    await stage[Symbol.asyncDispose]();
    await begin('accept');
    const bytes = randomBytes(1000);
    says('failed');
    await upload(bytes);
    await upload(bytes);
    expect(asked.length).toBe(2);
  });

  it('is asked once by several uploads of the same content, with no transaction open', async () => {
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    const bytes = randomBytes(1000);
    const bob = await stage.signUp('Bob');
    const open: unknown[] = [];
    answer = async () => {
      await held;
      open.push(...(await stage.world.db.run({ name: 'open_transactions', text: "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'" } as never, [])).rows);
      return 'accepted';
    };
    const first = upload(bytes);
    const second = upload(bytes, bob);
    await expect.poll(() => asked.length).toBe(1);
    finish();
    await Promise.all([first, second]);
    expect(asked.length).toBe(1);
    expect(open).toEqual([]);
  });
});
