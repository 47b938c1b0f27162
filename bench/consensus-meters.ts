// What nodes count and measure about themselves, read where Prometheus reads it.

/** Counters of a node at one moment, by their names, and sums of durations in seconds. */
export type Meters = ReadonlyMap<string, number>;

/** The counters of each node. */
export async function readMeters(adminUris: readonly string[]): Promise<Meters[]> {
  return Promise.all(
    adminUris.map(async (uri) => {
      const response = await fetch(`${uri.replace(/^insecure-mca:/, "http:")}metrics`);
      return parseMeters(await response.text());
    }),
  );
}

/** Lines `name value`; those with labels are left out. */
function parseMeters(text: string): Meters {
  const values = [...text.matchAll(/^([a-z0-9_]+) ([0-9.e+-]+)$/gm)];
  return new Map(values.map(([, name = "", value]) => [name, Number(value)]));
}

/** By how much a counter has grown between two moments, in all nodes together. */
export function growth(before: readonly Meters[], after: readonly Meters[], name: string): number {
  const sum = (meters: readonly Meters[]): number => meters.reduce((total, each) => total + (each.get(name) ?? 0), 0);
  return sum(after) - sum(before);
}
