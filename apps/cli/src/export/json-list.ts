import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { toJson } from '@aerogram/tl';

/** Writes a JSON array into a file, with one entry in each line, so that a long one takes no memory. */
export class JsonList {
  readonly #output: WriteStream;
  #isEmpty = true;

  constructor(path: string) {
    this.#output = createWriteStream(path, { mode: 0o600 });
  }

  /** Adds an entry; it may contain TL objects. */
  async add(entry: object): Promise<void> {
    await this.#write(`${this.#isEmpty ? '[\n' : ',\n'}${JSON.stringify(toJson(entry))}`);
    this.#isEmpty = false;
  }

  /** Ends the array and closes the file. */
  async finish(): Promise<void> {
    await this.#write(this.#isEmpty ? '[]\n' : '\n]\n');
    this.#output.end();
    await once(this.#output, 'close');
  }

  async #write(text: string): Promise<void> {
    if (!this.#output.write(text)) await once(this.#output, 'drain');
  }
}
