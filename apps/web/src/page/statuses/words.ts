import { statusesTexts } from '../../texts/en/statuses.ts';
import { addTexts } from '../ground/text.ts';

addTexts(statusesTexts);
