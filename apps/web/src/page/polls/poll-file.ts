import { computed, signal } from '@preact/signals';
import type { LocalFile, PeerId, SentKind } from '../../protocol/index.ts';
import { ask, peerSignal, RefusedError } from '../ground/link.ts';
import { prepareFile, readFacts } from '../files/prepare-file.ts';
import { formatBytes } from '../parts/bytes.ts';
import { describeRefusal } from '../parts/errors.ts';
import { t } from '../ground/text.ts';

/** What can stand beside an answer. */
export const ANSWER_KINDS: readonly SentKind[] = ['photo', 'video', 'gif'];
/** What can stand beside a question, or the explanation of a quiz. */
export const TEXT_KINDS: readonly SentKind[] = [...ANSWER_KINDS, 'audio', 'file'];

/** A file that was chosen. */
interface Chosen {
  /** By which the worker knows it. */
  upload: string;
  local: LocalFile;
  state: 'sending' | 'arrived' | 'failed';
}

const newName = (): string => `upload:${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;

/** A file that will stand in a poll. It is uploaded as soon as it was chosen, so that what is wrong with it is told before the poll is sent. */
export class PollFile {
  readonly chosen = signal<Chosen | undefined>(undefined);
  /** Why the file cannot be there. */
  readonly problem = signal<string | undefined>(undefined);
  /** It is being read, and not shown yet. */
  readonly #isReading = signal(false);
  /** Whether a poll with it can be sent. */
  readonly isReady = computed(() => !this.#isReading.value && (this.chosen.value === undefined || this.chosen.value.state === 'arrived'));
  readonly #peer: PeerId;
  readonly #kinds: readonly SentKind[];
  /** Counts what was done with it: what was begun before is out of date. */
  #turn = 0;

  constructor(peer: PeerId, kinds: readonly SentKind[]) {
    this.#peer = peer;
    this.#kinds = kinds;
  }

  /** What can be chosen here, and may be sent in the chat. */
  get kinds(): readonly SentKind[] {
    const sends = peerSignal(this.#peer).value?.rights.sends ?? [];
    return this.#kinds.filter((kind) => sends.includes(kind));
  }

  /** By which the worker knows the file, once it has arrived. */
  get upload(): string | undefined {
    return this.chosen.value?.upload;
  }

  /** Takes a file in place of the one that is there, and uploads it. */
  async choose(file: File): Promise<void> {
    this.remove();
    const turn = this.#turn;
    this.#isReading.value = true;
    const problem = await this.#problemOf(file);
    const local = problem === undefined ? await prepareFile(await readFacts(file)) : undefined;
    if (turn !== this.#turn) return;
    this.#isReading.value = false;
    if (!local) this.problem.value = problem;
    else if (local.as !== 'voice' && this.kinds.includes(local.as)) await this.#send(local);
    else this.#refuse();
  }

  /** Says that something of this kind cannot be there. */
  #refuse(): void {
    this.remove();
    this.problem.value = t('pollFileUnfit');
  }

  async #problemOf({ size }: File): Promise<string | undefined> {
    if (size === 0) return t('fileEmpty');
    const limits = await ask('files.limits', undefined).catch(() => undefined);
    return limits && size > limits.fileBytes ? t('fileTooLong', { size: formatBytes(limits.fileBytes) }) : undefined;
  }

  /** Uploads it once more. */
  async retry(): Promise<void> {
    const { local } = this.chosen.value!;
    this.remove();
    await this.#send(local);
  }

  async #send(local: LocalFile): Promise<void> {
    const upload = newName();
    this.chosen.value = { upload, local, state: 'sending' };
    const turn = ++this.#turn;
    const settle = (state: Chosen['state'], problem?: string): void => {
      // Meanwhile it may have been removed.
      if (turn !== this.#turn) return;
      this.chosen.value = { upload, local, state };
      this.problem.value = problem;
    };
    await ask('polls.upload', { upload, peer: this.#peer, file: local }).then(
      (role) => {
        if (this.kinds.some((kind) => kind === role)) settle('arrived');
        else if (turn === this.#turn) this.#refuse();
      },
      (error: unknown) => settle('failed', error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal')),
    );
  }

  /** Takes the file away. */
  remove(): void {
    const { upload } = this;
    this.#turn++;
    this.#isReading.value = false;
    this.chosen.value = undefined;
    this.problem.value = undefined;
    if (upload !== undefined) void ask('polls.dropUpload', { upload }).catch(() => undefined);
  }
}
