// Starting several things at once.

/** As `Promise.all`, but settles only when all have: what was started meanwhile can be stopped then, and nothing comes later. */
export async function allStarted<Results extends readonly unknown[]>(
  starting: readonly [...{ [Key in keyof Results]: Promise<Results[Key]> }],
): Promise<Results> {
  const settled = await Promise.allSettled(starting);
  for (const each of settled) if (each.status === "rejected") throw each.reason;
  return (await Promise.all(starting)) as unknown as Results; // All are fulfilled.
}
