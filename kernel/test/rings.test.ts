// Ring signature verification against the model, over rings that close, that nearly close, and that hold no points.
import { createKernel, kernel, type MlsagRing } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { randomBytesFrom, seed } from "./random.ts";

const { hashes, ristretto, rings, scalars } = kernel();
const model = createModel().rings;
const random = randomBytesFrom("rings");
const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

const IDENTITY = new Uint8Array(32);
const ORDER = Uint8Array.from(
  "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010".match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

const randomScalar = (): Uint8Array => scalars.reduceWide(random(64));
const randomPoint = (): Uint8Array => ristretto.oneWayMap(random(64));
const hashToPoint = (key: Uint8Array): Uint8Array =>
  ristretto.oneWayMap(hashes.blake2b512(text("mc_onetime_key_hash_to_point"), key));

/** The parts of a ring before they are strung together. */
interface Parts {
  readonly message: Uint8Array;
  readonly targetKeys: Uint8Array[];
  readonly commitments: Uint8Array[];
  readonly pseudoOutput: Uint8Array;
  readonly keyImage: Uint8Array;
  readonly cZero: Uint8Array;
  readonly responses: Uint8Array[];
}

const strung = (parts: Parts): MlsagRing => ({
  ...parts,
  targetKeys: concatBytes(...parts.targetKeys),
  commitments: concatBytes(...parts.commitments),
  responses: concatBytes(...parts.responses),
});

/** A ring of n that closes, its real member last: then the challenge that closes it is computed by plain steps. */
function closedRing(n: number, message: Uint8Array): Parts {
  const [x, blindingDifference] = [randomScalar(), randomScalar()];
  const targetKeys = [...Array.from({ length: n - 1 }, randomPoint), ristretto.multiplyBase(x)];
  const commitments = Array.from({ length: n }, randomPoint);
  const real = n - 1;
  const pseudoOutput = ristretto.add(commitments[real] as Uint8Array, ristretto.multiplyBase(blindingDifference));
  const keyImage = ristretto.multiply(x, hashToPoint(targetKeys[real] as Uint8Array));
  const challenge = (...points: Uint8Array[]): Uint8Array =>
    scalars.reduceWide(hashes.blake2b512(text("mc_ring_mlsag_challenge"), message, keyImage, ...points));
  const [a0, a1] = [randomScalar(), randomScalar()];
  const base = (s: Uint8Array): Uint8Array => ristretto.multiplyBase(s);
  const cZero = challenge(base(a0), ristretto.multiply(a0, hashToPoint(targetKeys[real] as Uint8Array)), base(a1));
  const responses: Uint8Array[] = [];
  let c = cZero;
  for (let i = 0; i < real; i++) {
    const [p, z] = [targetKeys[i] as Uint8Array, ristretto.subtract(pseudoOutput, commitments[i] as Uint8Array)];
    const [r0, r1] = [randomScalar(), randomScalar()];
    responses.push(r0, r1);
    c = challenge(
      ristretto.add(base(r0), ristretto.multiply(c, p)),
      ristretto.add(ristretto.multiply(r0, hashToPoint(p)), ristretto.multiply(c, keyImage)),
      ristretto.add(base(r1), ristretto.multiply(c, z)),
    );
  }
  const minusC = scalars.negate(c);
  responses.push(scalars.multiplyAdd(minusC, x, a0), scalars.multiplyAdd(minusC, blindingDifference, a1));
  return { message, targetKeys, commitments, pseudoOutput, keyImage, cZero, responses };
}

/** An even string below p that is no point: half of them are not. */
function nonPoint(): Uint8Array {
  for (;;) {
    const bytes = random(32);
    bytes[0] = (bytes[0] as number) & 0xfe;
    bytes[31] = (bytes[31] as number) & 0x3f;
    if (!ristretto.isPoint(bytes)) return bytes;
  }
}

const replaced = (list: Uint8Array[], index: number, bytes: Uint8Array): Uint8Array[] =>
  list.map((one, i) => (i === index ? bytes : one));

describe(`rings (seed ${seed})`, () => {
  test("of every size up to two groups and a rest close, with messages of any length", () => {
    for (let n = 1; n <= 9; n++) {
      const ring = strung(closedRing(n, random(37 * (n - 1))));
      expect(rings.verifyMlsag(ring)).toBe("valid");
      expect(model.verifyMlsag(ring)).toBe("valid");
      expect(rings.verifyMlsag({ ...ring, message: concatBytes(ring.message, IDENTITY) })).toBe("invalid-signature");
    }
  });

  test("of random points and scalars do not close, and neither does an empty one", () => {
    const rest = { message: random(32), pseudoOutput: randomPoint(), keyImage: randomPoint(), cZero: randomScalar() };
    for (const n of [0, 1, 2, 5, 11]) {
      const ring = { ...rest, targetKeys: [], commitments: [], responses: [] } as Parts;
      for (let i = 0; i < n; i++) {
        ring.targetKeys.push(randomPoint());
        ring.commitments.push(randomPoint());
        ring.responses.push(randomScalar(), randomScalar());
      }
      expect(rings.verifyMlsag(strung(ring))).toBe("invalid-signature");
      expect(model.verifyMlsag(strung(ring))).toBe("invalid-signature");
    }
  });

  test("with one member, response, challenge or point exchanged do not close", () => {
    const ring = closedRing(6, random(32));
    const changes: Partial<Parts>[] = [{ cZero: randomScalar() }, { keyImage: randomPoint() }];
    changes.push({ pseudoOutput: randomPoint() });
    for (let i = 0; i < 6; i++) {
      changes.push({ targetKeys: replaced(ring.targetKeys, i, randomPoint()) });
      changes.push({ commitments: replaced(ring.commitments, i, randomPoint()) });
      changes.push({ responses: replaced(ring.responses, 2 * i, randomScalar()) });
      changes.push({ responses: replaced(ring.responses, 2 * i + 1, randomScalar()) });
    }
    for (const change of changes) expect(rings.verifyMlsag(strung({ ...ring, ...change }))).toBe("invalid-signature");
    expect(rings.verifyMlsag(strung(ring))).toBe("valid");
  });

  test("whose points do not decode are refused for the first reason in the order of the checks, wherever it is", () => {
    const ring = closedRing(6, random(32));
    const verdicts = (change: Partial<Parts>): string[] =>
      [rings, model].map((one) => one.verifyMlsag(strung({ ...ring, ...change })));
    const both = (verdict: string): string[] => [verdict, verdict];
    expect(verdicts({ keyImage: nonPoint() })).toEqual(both("invalid-key-image"));
    expect(verdicts({ keyImage: nonPoint(), pseudoOutput: nonPoint() })).toEqual(both("invalid-key-image"));
    expect(verdicts({ pseudoOutput: nonPoint() })).toEqual(both("invalid-curve-point"));
    for (let i = 0; i < 6; i++) {
      expect(verdicts({ targetKeys: replaced(ring.targetKeys, i, nonPoint()) })).toEqual(both("invalid-curve-point"));
      expect(verdicts({ commitments: replaced(ring.commitments, i, nonPoint()) })).toEqual(both("invalid-curve-point"));
    }
  });

  test("read scalars modulo the group order, as the network does", () => {
    const ring = closedRing(3, random(32));
    const plusOrder = (scalar: Uint8Array): Uint8Array => {
      let carry = 0;
      return scalar.map((byte, i) => {
        carry += byte + (ORDER[i] as number);
        const low = carry & 0xff;
        carry >>= 8;
        return low;
      });
    };
    let other = ring;
    for (let times = 1; times <= 15; times++) {
      other = { ...other, cZero: plusOrder(other.cZero), responses: other.responses.map(plusOrder) };
      expect(rings.verifyMlsag(strung(other)), `${times} times the order more`).toBe("valid");
    }
    expect(other.cZero[31]).toBeGreaterThanOrEqual(0xf0);
    expect(model.verifyMlsag(strung(other))).toBe("valid");
  });

  test("of identities and of zero scalars get the same verdict from the model", () => {
    for (const n of [1, 4, 5]) {
      const all = (bytes: Uint8Array, length: number): Uint8Array[] => Array.from({ length }, () => bytes);
      const points = { targetKeys: all(IDENTITY, n), commitments: all(IDENTITY, n), pseudoOutput: IDENTITY };
      const forged = { ...points, message: random(32), keyImage: IDENTITY, responses: all(IDENTITY, 2 * n) };
      // With P, I and Z all the identity the challenges do not matter, so whoever chooses the ring can close it.
      const closing = scalars.reduceWide(
        hashes.blake2b512(text("mc_ring_mlsag_challenge"), forged.message, ...all(IDENTITY, 4)),
      );
      for (const cZero of [IDENTITY, closing]) {
        const ring = strung({ ...forged, cZero });
        expect(rings.verifyMlsag(ring)).toBe(cZero === closing ? "valid" : "invalid-signature");
        expect(model.verifyMlsag(ring)).toBe(rings.verifyMlsag(ring));
      }
      const equalPoints = { ...closedRing(n, random(1)), pseudoOutput: IDENTITY, commitments: all(IDENTITY, n) };
      expect(rings.verifyMlsag(strung(equalPoints))).toBe(model.verifyMlsag(strung(equalPoints)));
    }
  });

  test("close only if all of the last challenge is the first", () => {
    const [message, point] = [random(32), IDENTITY];
    const ring = { message, targetKeys: point, commitments: point, pseudoOutput: point, keyImage: point };
    // Of identities: whatever the first challenge is, the last is this.
    const cZero = scalars.reduceWide(
      hashes.blake2b512(text("mc_ring_mlsag_challenge"), message, point, point, point, point),
    );
    expect(rings.verifyMlsag({ ...ring, cZero, responses: new Uint8Array(64) })).toBe("valid");
    for (let at = 0; at < 32; at++) {
      const other = cZero.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(rings.verifyMlsag({ ...ring, cZero: other, responses: new Uint8Array(64) }), `byte ${at}`).toBe(
        "invalid-signature",
      );
    }
  });

  test("of wrong lengths are refused", () => {
    const ring = strung(closedRing(2, random(32)));
    for (const name of ["targetKeys", "commitments", "pseudoOutput", "keyImage", "cZero", "responses"] as const) {
      const cut = { ...ring, [name]: ring[name].subarray(1) };
      for (const one of [rings, model]) {
        expect(() => one.verifyMlsag(cut)).toThrow(expect.objectContaining({ code: "invalid-length" }));
      }
    }
  });

  test("leave every byte of linear memory as it was before", () => {
    let memory: Uint8Array = new Uint8Array(0);
    const own = createKernel({ inspect: (instance) => (memory = instance.memory) });
    const before = memory.slice();
    const ring = closedRing(5, random(32));
    for (const change of [{}, { keyImage: nonPoint() }, { targetKeys: replaced(ring.targetKeys, 4, nonPoint()) }]) {
      own.rings.verifyMlsag(strung({ ...ring, ...change }));
      expect(memory.findIndex((byte, i) => byte !== before[i])).toBe(-1);
    }
  });
});
