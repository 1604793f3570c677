import type { ServerInfo } from './server-info.ts';

/** Reads the metrics page of a server. */
export async function readMetrics({ http: { host, port } }: Pick<ServerInfo, 'http'>): Promise<string> {
  return (await fetch(`http://${host}:${port}/metrics`)).text();
}

/**
 * Adds up the values of a metric on a page.
 * @param name alone, or with its first labels, such as `calls_total{method="x"`
 * @returns 0 if it is not there yet
 */
export function sumOfMetric(page: string, name: string): number {
  const isOfMetric = (line: string): boolean => line.startsWith(name) && (name.includes('{') || /^[ {]/.test(line.slice(name.length)));
  return page.split('\n').filter(isOfMetric).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
