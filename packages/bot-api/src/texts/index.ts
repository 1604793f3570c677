/** Texts of the Bot API: parse modes and entities. */
import type { tl } from '@aerogram/tl';

import type { Params } from '../params/params.ts';

/** A text with its formatting. */
export interface FormattedText {
  message: string;
  entities: tl.MessageEntity[];
}

export declare function readText(params: Pick<Params, 'text' | 'json'>, names: { text: string; parseMode: string; entities: string }): FormattedText;
export declare function projectEntities(entities: readonly tl.MessageEntity[], userOf: (id: bigint) => object): object[];
