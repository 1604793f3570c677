import { type FileParam, Params } from './params.ts';

/** The fields of an object inside of a parameter, such as one item of an album, read as parameters are. Its files are named by `attach://`. */
export class ObjectParams extends Params {
  readonly #request: Params;

  /** @param request the parameters of the request, with the files that came along */
  constructor(object: object, request: Params) {
    super(new Map(Object.entries(object)));
    this.#request = request;
  }

  override file(name: string): FileParam | undefined {
    return this.#request.fileOf(this.text(name));
  }

  override fileOf(text: string): FileParam | undefined {
    return this.#request.fileOf(text);
  }
}
