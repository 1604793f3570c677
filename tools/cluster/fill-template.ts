/** What stands for the names in a template: a text, or one text for each machine. */
export type TemplateValues = Readonly<Record<string, string | number | readonly (string | number)[]>>;

const NAME = /\{\{([a-z0-9-]+)\}\}/g;

/**
 * Replaces each `{{name}}` of a template. A line that names a list is repeated for each of its entries.
 * @throws Error for a name without a value, and for a line with lists of different lengths
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.split('\n').flatMap((line) => fillLine(line, values)).join('\n');
}

function fillLine(line: string, values: TemplateValues): string[] {
  const found = [...line.matchAll(NAME)].map(([, name]) => {
    const value = values[name!];
    if (value === undefined) throw new Error(`nothing stands for {{${name}}} of the template`);
    return value;
  });
  const lengths = new Set(found.flatMap((value) => (Array.isArray(value) ? [value.length] : [])));
  if (lengths.size > 1) throw new Error(`the lists of a line have different lengths: ${line.trim()}`);
  const [count = 1] = lengths;
  return Array.from({ length: count }, (_, at) => line.replaceAll(NAME, (_whole, name: string) => {
    const value = values[name]!;
    return String(Array.isArray(value) ? value[at] : value);
  }));
}

/** The settings in a file of lines `NAME=value`, as systemd reads it; lines that begin with `#` are comments. */
export function parseEnvironment(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
