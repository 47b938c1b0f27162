// Waiting that ends when a call does, whether the one waited for listens to the signal or not.

/** Settles as the promise does, or rejects with the signal's reason, whichever comes first. */
export function raced<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** The same items, until the signal is aborted. Their source is left alone: whoever owns it ends it. */
export async function* guarded<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await raced(iterator.next(), signal);
    if (done === true) return;
    yield value;
  }
}

/**
 * The same items, until the signal is aborted. Then their source is told to end, even when nobody asks for an item any
 * more, and `onReturn` gets the promise that settles when it has.
 */
export async function* watched<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  { onItem, onReturn }: { readonly onItem: () => void; readonly onReturn: (over: Promise<unknown>) => void },
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    // Not awaited: an iterator that hangs in next() hangs in return() too.
    onReturn(Promise.resolve(iterator.return?.()).catch(() => undefined));
  };
  signal.addEventListener("abort", finish, { once: true });
  try {
    for (;;) {
      const { done, value } = await raced(iterator.next(), signal);
      if (done === true) isOver = true;
      if (isOver) return;
      onItem();
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", finish);
    finish();
  }
}
