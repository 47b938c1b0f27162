// The three functions of the Reflect Metadata proposal that `@peculiar/x509` needs before it is loaded. Import this first.
const kept = new WeakMap<object, Map<unknown, unknown>>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return kept.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let each: object | null = target; each !== null; each = Object.getPrototypeOf(each)) {
    const own = kept.get(each);
    if (own?.has(key)) return own.get(key);
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = kept.get(target) ?? new Map<unknown, unknown>();
  kept.set(target, own.set(key, value));
}

Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
