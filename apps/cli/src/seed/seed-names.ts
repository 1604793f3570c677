const SYLLABLES = ['ba', 'be', 'bi', 'bo', 'bu', 'da', 'de', 'di', 'do', 'du', 'ka', 'ke', 'ki', 'ko', 'ku', 'la', 'le', 'li', 'lo', 'lu'];
const TEXTS = 1009;

/** One word of three syllables for each number below 8,000. */
export function seedWord(n: number): string {
  return [400, 20, 1].map((weight) => SYLLABLES[Math.floor(n / weight) % 20]).join('');
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** 1,000 first names; the first ones are far more common. */
export const seedFirstName = (n: number): string => capital(seedWord((n % 10) * (Math.floor(n / 10) % 100)));

/** 8,000 last names. */
export const seedLastName = (n: number): string => capital(seedWord(Math.floor(n / 7) % 8000));

export const seedUsername = (n: number): string => `user_${String(n).padStart(7, '0')}`;

export const seedPhone = (n: number): string => `888${String(n).padStart(8, '0')}`;

/** Texts of messages: sentences of 5 … 12 words; the last word is rare, the first ones are common. */
export const SEED_TEXTS: readonly string[] = Array.from({ length: TEXTS }, (_, n) => {
  const words = Array.from({ length: 5 + (n % 8) }, (_unused, at) => seedWord((n * (at + 3) * 7) % (50 * (at + 1))));
  return `${capital(words.join(' '))} ${seedWord(n + 400)}.`;
});
