import { computed, signal } from '@preact/signals';
import type { FileLimits, LocalFile } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { prepareFile, readFacts } from '../files/prepare-file.ts';

/** Why a file cannot be sent. */
export type FileProblem = 'empty' | 'tooLong';

/** A file that the person chose. */
export interface ChosenFile {
  id: number;
  file: File;
  /** What it is; undefined until that is known. */
  facts?: LocalFile;
  hasSpoiler: boolean;
}

let lastId = 0;

const isPicture = (facts: LocalFile | undefined): boolean => facts?.as === 'photo' || facts?.as === 'video' || facts?.as === 'gif';

/** The files that are about to be sent, in their order. */
export class ChosenFiles {
  readonly list = signal<ChosenFile[]>([]);
  /** Sends photos, videos and GIFs as they are. Music is music in any case. */
  readonly asFiles = signal(false);
  readonly limits = signal<FileLimits | undefined>(undefined);
  /** Whether there is something that need not be sent as a file. */
  readonly hasPictures = computed(() => this.list.value.some(({ facts }) => isPicture(facts)));
  readonly #reading = new Set<Promise<void>>();

  constructor(files: readonly File[], asFiles: boolean) {
    this.asFiles.value = asFiles;
    this.add(files);
    ask('files.limits', undefined).then(
      (limits) => (this.limits.value = limits),
      () => undefined,
    );
  }

  add(files: readonly File[]): void {
    const added = files.map((file): ChosenFile => ({ id: ++lastId, file, hasSpoiler: false }));
    this.list.value = [...this.list.value, ...added];
    for (const chosen of added) {
      const reading = readFacts(chosen.file)
        .catch((): LocalFile => ({ file: chosen.file, name: chosen.file.name, as: 'file' }))
        .then((facts) => this.#change(chosen.id, { facts }));
      this.#reading.add(reading);
      void reading.finally(() => this.#reading.delete(reading));
    }
  }

  #change(id: number, values: Partial<ChosenFile>): void {
    this.list.value = this.list.value.map((chosen) => (chosen.id === id ? { ...chosen, ...values } : chosen));
  }

  remove(id: number): void {
    this.list.value = this.list.value.filter((chosen) => chosen.id !== id);
  }

  /** Puts a file in another place of the order. */
  moveTo(id: number, index: number): void {
    const moved = this.list.value.find((chosen) => chosen.id === id);
    if (!moved) return;
    const others = this.list.value.filter((chosen) => chosen !== moved);
    this.list.value = [...others.slice(0, Math.max(0, index)), moved, ...others.slice(Math.max(0, index))];
  }

  toggleSpoiler(id: number): void {
    this.list.value = this.list.value.map((chosen) => (chosen.id === id ? { ...chosen, hasSpoiler: !chosen.hasSpoiler } : chosen));
  }

  /** Whether a file is shown and sent as what it is, not as a file. */
  isPicture({ facts }: ChosenFile): boolean {
    return !this.asFiles.value && isPicture(facts);
  }

  problemOf({ file }: ChosenFile): FileProblem | undefined {
    if (file.size === 0) return 'empty';
    return file.size > (this.limits.value?.fileBytes ?? Infinity) ? 'tooLong' : undefined;
  }

  /** Makes what is sent, in order. */
  async prepare(): Promise<LocalFile[]> {
    await Promise.all(this.#reading);
    const asFiles = this.asFiles.value;
    const prepared: LocalFile[] = [];
    // One after the other: each may need the memory of a large picture.
    for (const { file, facts, hasSpoiler } of this.list.value) {
      if (!facts || (asFiles && isPicture(facts))) prepared.push({ file, name: file.name, as: 'file' });
      else prepared.push({ ...(await prepareFile(facts)), ...(hasSpoiler ? { hasSpoiler } : {}) });
    }
    return prepared;
  }
}
