import { stickersTexts } from '../../texts/en/stickers.ts';
import { addTexts } from '../ground/text.ts';

addTexts(stickersTexts);
