interface Family {
  /** The HELP and TYPE lines. */
  head: string[];
  samples: string[];
}

/**
 * Merges the metrics of several processes into one page; each sample gets a label with the name of its process.
 * @param pages in the Prometheus text format, by process
 */
export function mergeMetrics(pages: ReadonlyMap<string, string>): string {
  const families = new Map<string, Family>();
  for (const [process, page] of pages) {
    let family: Family | undefined;
    for (const line of page.split('\n')) {
      const head = /^# (?:HELP|TYPE) (\S+)/.exec(line);
      if (head) {
        family = families.get(head[1]!) ?? { head: [], samples: [] };
        families.set(head[1]!, family);
        if (family.head.length < 2 && !family.head.includes(line)) family.head.push(line);
      } else if (line !== '' && !line.startsWith('#')) {
        family?.samples.push(labelled(line, process));
      }
    }
  }
  return `${[...families.values()].flatMap(({ head, samples }) => [...head, ...samples]).join('\n')}\n`;
}

function labelled(line: string, process: string): string {
  const label = `process="${process}"`;
  const brace = line.indexOf('{');
  if (brace !== -1) return `${line.slice(0, brace + 1)}${label},${line.slice(brace + 1)}`;
  const space = line.indexOf(' ');
  return `${line.slice(0, space)}{${label}}${line.slice(space)}`;
}
