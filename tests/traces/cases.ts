// One case for each function of the kernel's border: the secrets it must not show. All of them go through the
// TypeScript face, as the product calls them; every length and every other public input is the same for all secrets.
import { Frames, type Kernel, KernelError, kernel } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { answerRuns, outputCombineRuns, resultRuns } from "./fog-ledger-runs.ts";
import { hintsOfEveryKind } from "./hints.ts";
import { ingestBeginRuns, ingestRuns } from "./ingest-runs.ts";
import { appendRuns, combineRuns, createRuns, lookupRuns, shardRuns } from "./ledgers.ts";
import { initRuns, mapRuns } from "./map-runs.ts";
import { byteSecrets, pointSecrets, randomBytes, type Secret, scalarSecrets } from "./secrets.ts";
import { collateRuns, viewRuns } from "./view-runs.ts";

/** Functions that see public data only and may take their time by it, each with the reason. */
export const publicOnly: Readonly<Record<string, string>> = {
  ristrettoMlsagVerify: "verifies a ring signature, all of which is public",
  ristrettoMultiScalar: "sums over public points and scalars, as in verification",
  ristrettoMultiScalarScratch: "a size from public counts",
  ristrettoPrepare: "tables of public points",
  ristrettoSecretSumScratch: "a size from public counts",
  mapBytes: "a size from public sizes",
  viewBothBytes: "a size from the public length of a key",
  viewFixedBytes: "a size from the public length of a key",
  ristrettoBatchScratch: "a size from a public count",
  fogHintsScratch: "a size from a public count",
  ledgerBytes: "a size from a public capacity",
  ledgerPartBytes: "a size from a public capacity",
  ledgerResultBytes: "a size from the public number of outputs",
  ledgerRoot: "the root of a tree over public outputs, from a place that depends on their number",
  ingestBytes: "a size from a public capacity",
  ingestScratch: "a size from a public count",
};

/** For each other export, its secrets and what to do with them. Made when asked for: some need points and hints. */
export const cases: Readonly<Record<string, () => SecretRun[]>> = {
  aesCtr: () =>
    over(byteSecrets(32 + 16 + 150), ({ ciphers }, secret) => {
      for (const length of [150, 128, 5]) {
        ciphers.aes256Ctr(cut(secret, 0, 32), cut(secret, 32, 16), cut(secret, 48, length));
      }
    }),
  aesGcmOpen: () => gcmOpenRuns(),
  aesGcmSeal: () =>
    over(byteSecrets(32 + 12 + 20 + 150), ({ ciphers }, secret) => {
      const [key, nonce, aad] = [cut(secret, 0, 32), cut(secret, 32, 12), cut(secret, 44, 20)];
      for (const length of [150, 128, 5]) ciphers.aes256GcmSeal(key, nonce, aad, cut(secret, 64, length));
      ciphers.aes256GcmSeal(key, nonce, none, cut(secret, 64, 34));
    }),

  fogOpenHints: () => openHintsRuns(),
  ingestBegin: () => ingestBeginRuns(),
  ingestOutputs: () => ingestRuns(),

  hash: () =>
    over(byteSecrets(300), ({ hashes }, secret) => {
      for (const hash of [hashes.blake2b256, hashes.blake2b512, hashes.sha256, hashes.sha512]) {
        // Several blocks, less than one, whole ones only, padding that needs a block of its own, and parts.
        for (const length of [300, 100, 256, 124]) hash(cut(secret, 0, length));
        hash(cut(secret, 0, 128), cut(secret, 128, 9));
      }
    }),
  // The sides are public: the same for all secrets.
  hashPath: () =>
    over(byteSecrets(32 + 96 + 21), ({ hashes }, secret) => {
      const [start, siblings, tag] = [cut(secret, 0, 32), cut(secret, 32, 96), cut(secret, 128, 21)];
      hashes.blake2b256Path({ tag, start, siblings, sides: Uint8Array.of(0, 1, 0) });
    }),
  hc128: () =>
    over(byteSecrets(32), ({ hashes }, secret) => hashes.hc128(cut(secret, 0, 16), cut(secret, 16, 16), 100)),
  hkdf: () =>
    over(byteSecrets(32 + 16 + 7), ({ hashes }, secret) => {
      const [ikm, salt, info] = [cut(secret, 0, 32), cut(secret, 32, 16), cut(secret, 48, 7)];
      for (const hash of ["blake2b256", "blake2b512", "sha256", "sha512"] as const) {
        hashes.hkdf(hash, { ikm, salt, info, length: 100 });
        hashes.hkdf(hash, { ikm, salt: none, info: none, length: 8 });
      }
    }),
  hmac: () =>
    over(byteSecrets(200 + 100), ({ hashes }, secret) => {
      for (const hash of ["blake2b256", "blake2b512", "sha256", "sha512"] as const) {
        hashes.hmac(hash, cut(secret, 0, 32), cut(secret, 200, 100));
        hashes.hmac(hash, cut(secret, 0, 200), cut(secret, 200, 100));
      }
    }),

  ledgerAppend: () => appendRuns(),
  ledgerInit: () => createRuns(),
  ledgerCombine: () => combineRuns(),
  ledgerParts: () => shardRuns(),
  ledgerResults: () => lookupRuns(),
  keyImageRecords: () => answerRuns(16, ({ fogLedger }, options) => fogLedger.createKeyImages(options)),
  keyImageResults: () => resultRuns(),
  outputLookupCombine: () => outputCombineRuns(),
  outputLookupResults: () => answerRuns(24, ({ fogLedger }, options) => fogLedger.createOutputs(options)),

  mapInit: () => initRuns(),
  mapIncrementAll: () => mapRuns((map, keys) => map.increment(keys)),
  mapLookupAll: () => mapRuns((map, keys) => map.lookup(keys)),
  mapUpsertAll: () => mapRuns((map, keys, values) => map.upsert(keys, values)),

  randomFill: () => generatorRuns(),
  randomSeed: () => over(byteSecrets(32), ({ oblivious }, seed) => oblivious.createGenerator(seed)),

  ristrettoIsPoint: () => over([...byteSecrets(32), ...pointSecrets()], ({ ristretto }, p) => ristretto.isPoint(p)),
  ristrettoOneWayMap: () => over(byteSecrets(64), ({ ristretto }, secret) => ristretto.oneWayMap(secret)),
  ristrettoAdd: () => overPairs(pointSecrets(), ({ ristretto }, p, q) => ristretto.add(p, q)),
  ristrettoSubtract: () => overPairs(pointSecrets(), ({ ristretto }, p, q) => ristretto.subtract(p, q)),
  ristrettoNegate: () => over(pointSecrets(), ({ ristretto }, p) => ristretto.negate(p)),
  ristrettoMultiply: () => multiplyRuns(({ ristretto }, scalar, point) => ristretto.multiply(scalar, point)),
  ristrettoMultiplyBase: () => over(scalarSecrets(), ({ ristretto }, scalar) => ristretto.multiplyBase(scalar)),
  ristrettoMultiplyBatch: () => batchRuns(),

  ristrettoMultiScalarSecret: () => secretSumRuns(),
  ristrettoSumBits: () => sumBitsRuns(),

  shake256: () =>
    over(byteSecrets(300), ({ hashes }, secret) => {
      hashes.shake256(300, secret);
      hashes.shake256(10, secret.subarray(0, 136));
    }),

  sipHash128: () =>
    over(byteSecrets(16 + 32), ({ hashes }, secret) => {
      for (const length of [32, 16, 13]) hashes.sipHash128(cut(secret, 0, 16), cut(secret, 16, length));
    }),

  strobeBegin: () => over(byteSecrets(40), ({ strobe }, secret) => strobe.create(secret)),
  strobeMetaAd: () => strobeRuns(({ strobe }, state, secret) => strobe.metaAd(state, secret, false)),
  strobeAd: () => strobeRuns(({ strobe }, state, secret) => strobe.ad(state, secret, false)),
  strobeKey: () => strobeRuns(({ strobe }, state, secret) => strobe.key(state, secret, false)),
  strobePrf: () => strobeRuns(({ strobe }, state) => strobe.prf(state, 200, false)),
  strobeAppend: () => strobeRuns(({ strobe }, state, secret) => strobe.append(state, cut(secret, 0, 9), secret)),
  strobeAppendAll: () =>
    strobeRuns(({ strobe }, state, secret) =>
      strobe.appendAll(state, framesOf([cut(secret, 0, 9), secret, secret, cut(secret, 9, 0)])),
    ),
  strobeChallenge: () => strobeRuns(({ strobe }, state, secret) => strobe.challenge(state, cut(secret, 0, 9), 64)),

  scalarIsCanonical: () => over([...byteSecrets(32), ...scalarSecrets()], ({ scalars }, s) => scalars.isCanonical(s)),
  scalarReduce: () => over([...byteSecrets(32), ...scalarSecrets()], ({ scalars }, s) => scalars.reduce(s)),
  scalarReduceWide: () => over(byteSecrets(64), ({ scalars }, secret) => scalars.reduceWide(secret)),
  scalarAdd: () => overPairs(scalarSecrets(), ({ scalars }, a, b) => scalars.add(a, b)),
  scalarSubtract: () => overPairs(scalarSecrets(), ({ scalars }, a, b) => scalars.subtract(a, b)),
  scalarNegate: () => over(scalarSecrets(), ({ scalars }, a) => scalars.negate(a)),
  scalarMultiply: () => overPairs(scalarSecrets(), ({ scalars }, a, b) => scalars.multiply(a, b)),
  scalarMultiplyAdd: () => overPairs(scalarSecrets(), ({ scalars }, a, b) => scalars.multiplyAdd(a, b, a)),
  scalarInvert: () => over(scalarSecrets(), ({ scalars }, a) => scalars.invert(a)),
  scalarInvertBatch: () =>
    overPairs(scalarSecrets(), ({ scalars }, a, b) => scalars.invertBatch(Uint8Array.from([...a, ...b, ...a]))),

  vectorAdd: () => vectorRuns(({ vectors }, _, a, b) => vectors.add(a, b)),
  vectorBits: () => over(byteSecrets(24), ({ vectors }, secret) => vectors.bits(secret)),
  vectorInnerProduct: () => vectorRuns(({ vectors }, _, a, b) => vectors.innerProduct(a, b)),
  vectorMultiply: () => vectorRuns(({ vectors }, _, a, b) => vectors.multiply(a, b)),
  vectorMultiplyAdd: () => vectorRuns(({ vectors }, s, a, b) => vectors.multiplyAdd(s, a, b)),
  vectorPowers: () => over(scalarSecrets(), ({ vectors }, s) => vectors.powers(s, 5)),
  vectorReduceWide: () => over(byteSecrets(192), ({ vectors }, secret) => vectors.reduceWide(secret)),
  vectorScale: () => vectorRuns(({ vectors }, s, a) => vectors.scale(s, a)),

  viewAnswer: () => viewRuns(),
  viewCollate: () => collateRuns(),

  x25519: () =>
    over(byteSecrets(64), ({ x25519 }, secret) => {
      const [privateKey, publicKey] = [cut(secret, 0, 32), cut(secret, 32, 32)];
      x25519.publicKey(privateKey);
      attempt(() => x25519.sharedSecret(privateKey, publicKey));
    }),
};

/** One sentence for each export that is on neither list or on both, and for each name that is no export. */
export function unlisted(exports: readonly string[]): string[] {
  const traced = Object.keys(cases);
  const excused = Object.keys(publicOnly);
  const all = new Set([...exports, ...traced, ...excused]);
  return [...all].flatMap((name) => {
    if (!exports.includes(name)) return [`'${name}' is listed, but the module does not export it.`];
    const lists = Number(traced.includes(name)) + Number(excused.includes(name));
    if (lists === 0) return [`'${name}' is exported, but neither traced nor listed as public-only.`];
    return lists === 2 ? [`'${name}' is both traced and listed as public-only.`] : [];
  });
}

const none = new Uint8Array(0);

/** One run for each secret. */
function over(secrets: readonly Secret[], run: (kernel: Kernel, secret: Uint8Array) => unknown): SecretRun[] {
  return secrets.map(({ name, bytes }) => ({ name, run: (running) => run(running, bytes) }));
}

/** Two runs for each secret, beside itself and beside another, so that each stands on either side. */
function overPairs(
  secrets: readonly Secret[],
  run: (kernel: Kernel, a: Uint8Array, b: Uint8Array) => unknown,
): SecretRun[] {
  return [...pairs(secrets, secrets, 0), ...pairs(secrets, secrets, STRIDE)].map(({ name, a, b }) => ({
    name,
    run: (running) => run(running, a, b),
  }));
}

/** How far secrets of one run stand apart in their lists: far enough to be unlike. */
const STRIDE = 7;

/** Every secret of `as`, with the one of `bs` that stands `further` on. Adding, unlike multiplying, leaves none out. */
function pairs(
  as: readonly Secret[],
  bs: readonly Secret[],
  further: number,
): { name: string; a: Uint8Array; b: Uint8Array }[] {
  return as.map((a, i) => {
    const b = at(bs, i + further);
    return { name: `${a.name} with ${b.name}`, a: a.bytes, b: b.bytes };
  });
}

/** Every scalar with some point, and every point with some scalar. */
function multiplyRuns(run: (kernel: Kernel, scalar: Uint8Array, point: Uint8Array) => unknown): SecretRun[] {
  const [scalars, points] = [scalarSecrets(), pointSecrets()];
  return [
    ...pairs(scalars, points, STRIDE).map(({ name, a, b }) => ({ name, run: (running: Kernel) => run(running, a, b) })),
    ...pairs(points, scalars, STRIDE).map(({ name, a, b }) => ({ name, run: (running: Kernel) => run(running, b, a) })),
  ];
}

/** Five points, a group of four lanes and a rest of one, each with its own scalar; then three with one for all. */
function batchRuns(): SecretRun[] {
  const [scalars, points] = [scalarSecrets(), pointSecrets()];
  return Array.from({ length: Math.max(scalars.length, points.length) }, (_, i) => {
    const five = (secrets: readonly Secret[]): Uint8Array =>
      concat([0, 1, 2, 3, 4].map((k) => at(secrets, i + STRIDE * k).bytes));
    return {
      name: `from ${at(scalars, i).name} and ${at(points, i).name} on`,
      run: ({ ristretto }) => {
        attempt(() => ristretto.multiplyBatch(five(scalars), five(points)));
        attempt(() => ristretto.multiplyBatch(at(scalars, i).bytes, five(points).subarray(0, 96)));
      },
    };
  });
}

/** Seven secret scalars, two for prepared points and five for others. The points are public and so the same. */
function secretSumRuns(): SecretRun[] {
  const [table, points] = [kernel().ristretto.prepare(publicPoints(0, 2)), publicPoints(2, 5)];
  return overPairs(scalarSecrets(), ({ ristretto }, a, b) =>
    ristretto.multiScalarMultiplySecret(concat([a, b, b, a, a, b, a]), points, table),
  );
}

/** Two secret words, one over prepared points and one over others. */
function sumBitsRuns(): SecretRun[] {
  const [table, points] = [kernel().ristretto.prepare(publicPoints(0, 128)), publicPoints(128, 128)];
  return over(byteSecrets(16), ({ ristretto }, words) => ristretto.sumBits(words, points, table));
}

function publicPoints(from: number, count: number): Uint8Array {
  return concat(
    Array.from({ length: count }, (_, i) => kernel().ristretto.oneWayMap(randomBytes(`public point ${from + i}`, 64))),
  );
}

/** A secret scalar and two secret vectors of three. */
function vectorRuns(run: (kernel: Kernel, s: Uint8Array, a: Uint8Array, b: Uint8Array) => unknown): SecretRun[] {
  return overPairs(scalarSecrets(), (running, a, b) => run(running, a, concat([b, a, b]), concat([a, b, b])));
}

/** Private keys of all sorts, each with five hints whose kinds move on from run to run and meet every place. */
function openHintsRuns(): SecretRun[] {
  return scalarSecrets().map(({ name, bytes: privateKey }, i) => {
    const kinds = hintsOfEveryKind(privateKey, i);
    const chosen = [0, 1, 2, 3, 4].map((k) => at(kinds, i + 4 * k));
    const hints = concat(chosen.map(({ bytes }) => bytes));
    const fallbacks = concat([0, 1, 2, 3, 4].map((k) => at(pointSecrets(), i + k).bytes));
    return {
      name: `key ${name}, hints ${chosen.map((hint) => hint.name).join(", ")}`,
      run: ({ fog }) => fog.openHints(privateKey, hints, fallbacks),
    };
  });
}

/** Enough to begin a second batch, in pieces. */
function generatorRuns(): SecretRun[] {
  return byteSecrets(32).map(({ name, bytes }) => {
    const generator = kernel().oblivious.createGenerator(bytes);
    return {
      name,
      run: ({ oblivious }) => {
        const state = generator.slice();
        for (const length of [4, 30, 1000]) oblivious.draw(state, length);
      },
    };
  });
}

/** A label, its message, the next label … */
function framesOf(labelsAndMessages: readonly Uint8Array[]): Frames {
  const frames = new Frames();
  for (let i = 0; i < labelsAndMessages.length; i += 2) {
    frames.add(labelsAndMessages[i] ?? none, labelsAndMessages[i + 1] ?? none);
  }
  return frames;
}

/** STROBE with a secret in the state and in what is absorbed. The position inside the state is public. */
function strobeRuns(run: (kernel: Kernel, state: Uint8Array, secret: Uint8Array) => unknown): SecretRun[] {
  const { strobe } = kernel();
  return byteSecrets(400).map(({ name, bytes }) => {
    const state = strobe.create(Uint8Array.of(1, 2, 3));
    state.set(cut(bytes, 0, 200));
    return { name, run: (running) => run(running, state.slice(), cut(bytes, 200, 200)) };
  });
}

/** Boxes that open, that have another tag, that were altered, and keys that are unlike. */
function gcmOpenRuns(): SecretRun[] {
  const [aad, length] = [Uint8Array.of(1, 2, 3), 150];
  return byteSecrets(32 + 12 + length).flatMap(({ name, bytes }) => {
    const [key, nonce] = [cut(bytes, 0, 32), cut(bytes, 32, 12)];
    const sealed = kernel().ciphers.aes256GcmSeal(key, nonce, aad, cut(bytes, 44, length));
    const altered = (at: number): Uint8Array => sealed.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const open = (box: Uint8Array) => (running: Kernel) => running.ciphers.aes256GcmOpen(key, nonce, aad, box);
    return [
      { name: `${name}, equal tag`, run: open(sealed) },
      { name: `${name}, first tag byte unequal`, run: open(altered(length)) },
      { name: `${name}, last tag byte unequal`, run: open(altered(length + 15)) },
      { name: `${name}, ciphertext altered`, run: open(altered(7)) },
      { name: `${name}, nothing right`, run: open(randomBytes(name, length + 16)) },
    ];
  });
}

/** Lets a run go on after bad input has been refused. What else is thrown ends the check. */
function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

/** The element at an index, counted round. */
function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T; // No list here is empty.
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function cut(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return bytes.subarray(start, start + length);
}
