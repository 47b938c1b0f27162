// One at a time: what a platform signs is chosen by writing it down first, and there is one place to write it.

/** Runs bodies one after another, in the order of the calls, also after one has failed. */
export function createMutex(): <T>(body: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const next = last.then(body, body);
    last = next.catch(() => {});
    return next;
  };
}
