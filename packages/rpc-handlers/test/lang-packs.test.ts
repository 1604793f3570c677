import { describe, expect, it } from 'vitest';

import { projectEnglish, projectText, projectTexts, textsOf } from '../src/langpack/english.ts';

const PLACEHOLDERS: Record<string, RegExp> = {
  android: /%\d\$[sd]/g,
  ios: /%@/g,
  macos: /%[@d]/g,
  tdesktop: /\{\w+\}/g,
};

describe('language packs', () => {
  for (const [pack, placeholder] of Object.entries(PLACEHOLDERS)) {
    it(`${pack} has a text for each key, and placeholders of its own kind alone`, () => {
      const texts = projectTexts(pack);
      expect(texts.length).toBeGreaterThan(30);
      expect(projectEnglish(pack).strings_count).toBe(texts.length);
      for (const text of texts) {
        const values = text._ === 'langPackString' ? [text.value] : text._ === 'langPackStringPluralized' ? [text.one_value, text.other_value] : [];
        for (const value of values) {
          expect(value, text.key).toBeTruthy();
          expect(value?.replaceAll(placeholder, '') ?? '', text.key).not.toMatch(/[%{}]/);
        }
      }
    });

    it(`${pack} counts with a number in both forms`, () => {
      for (const text of projectTexts(pack)) {
        if (text._ !== 'langPackStringPluralized') continue;
        expect(text.one_value?.match(placeholder), text.key).toHaveLength(1);
        expect(text.other_value.match(placeholder), text.key).toEqual(text.one_value?.match(placeholder));
      }
    });
  }

  it('are empty for clients that bring their texts, and for names of objects’ own', () => {
    for (const pack of ['webk', 'weba', '', '__proto__', 'constructor']) expect(projectTexts(pack)).toEqual([]);
  });

  it('have the months and days whole and short', () => {
    expect(textsOf('tdesktop')).toMatchObject({ lng_month9: 'September', lng_month9_small: 'Sep', lng_weekday1: 'Mon', lng_weekday7_full: 'Sunday' });
    expect(textsOf('ios')).toMatchObject({ 'Month.GenMay': 'May', 'Weekday.ShortThursday': 'Thu' });
    expect(projectText('Members', textsOf('android').Members!)).toEqual({ _: 'langPackStringPluralized', key: 'Members', one_value: '%1$d member', other_value: '%1$d members' });
  });
});
