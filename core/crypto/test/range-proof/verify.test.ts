// Tests of verifying range proofs, one at a time and many at once.
import { concatBytes, fromHex, type Random, toHex, tokenId } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import {
  BASE_POINT,
  findInvalidRanges,
  proveRange,
  type RangeClaim,
  verifyRange,
  verifyRangeBatch,
} from "../../src/index.ts";
import { type Setting, settingOf } from "../../src/range-proof/setting.ts";
import { verifyInSetting } from "../../src/range-proof/verify.ts";
import { resultsOf } from "../watch-secrets.ts";
import { modelVerify } from "./model.ts";
import { honest, type ModelWitness, modelProve } from "./prover-model.ts";
import { BLINDING_BASE, COMMITMENTS, LABEL, PROOFS } from "./published.ts";
import { claim, flipped, randomFrom, seed, witness } from "./witnesses.ts";

const MOB = tokenId(0n);
const IDENTITY = new Uint8Array(32);
const ORDER = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
const random = randomFrom("verify");

const valid = claim("one value", 1);
const validOfTwo = claim("two values", 2);

/** A claim with other bytes in place of part `index` of its proof. */
const withPart = (of: RangeClaim, index: number, part: Uint8Array): RangeClaim => {
  const proof = of.proof.slice();
  proof.set(part, 32 * index);
  return { ...of, proof };
};

/** The places of points and scalars in a proof of so many bytes. */
const parts = (bytes: number): { points: number[]; scalars: number[] } => {
  const count = bytes / 32;
  const rounds = Array.from({ length: count - 9 }, (_, i) => 7 + i);
  return { points: [0, 1, 2, 3, ...rounds], scalars: [4, 5, 6, count - 2, count - 1] };
};

describe("published proofs", () => {
  const settingFor = (bits: number): Setting => ({
    label: LABEL,
    bits,
    valueBase: BASE_POINT,
    blindingBase: fromHex(BLINDING_BASE),
  });
  const commitments = COMMITMENTS.map(fromHex);

  test.each(PROOFS)(
    "of $parties values of $bits bits verify, and not with another label, base or size",
    (published) => {
      const { bits, parties } = published;
      const proof = fromHex(published.proof);
      const own = commitments.slice(0, parties);
      const setting = settingFor(bits);
      expect(verifyInSetting(setting, proof, own)).toBe(true);
      expect(verifyInSetting({ ...setting, label: "another" }, proof, own)).toBe(false);
      expect(verifyInSetting({ ...setting, valueBase: setting.blindingBase }, proof, own)).toBe(false);
      expect(verifyInSetting({ ...setting, blindingBase: BASE_POINT }, proof, own)).toBe(false);
      expect(verifyInSetting(settingFor(bits / 2), proof, own)).toBe(false);
      // Same number of rounds, other shape.
      if (bits < 64 && parties > 1) {
        expect(verifyInSetting(settingFor(bits * 2), proof, own.slice(0, parties / 2))).toBe(false);
      }
      for (const at of [0, 200, proof.length - 40])
        expect(verifyInSetting(setting, flipped(proof, at), own)).toBe(false);
    },
  );

  test("verify by the slow model too", () => {
    for (const { bits, parties, proof } of PROOFS.slice(0, 2)) {
      expect(modelVerify(settingFor(bits), fromHex(proof), commitments.slice(0, parties))).toBe(true);
    }
  });
});

describe(`what is not proven is false (FOGBOW_SEED=${seed})`, () => {
  test("with any byte of a proof of one value flipped", () => {
    for (let at = 0; at < valid.proof.length; at++) {
      expect(verifyRange({ ...valid, proof: flipped(valid.proof, at, at % 8) }), `byte ${at}`).toBe(false);
    }
  });

  test("with any byte of its commitment flipped", () => {
    const [commitment] = valid.commitments as [Uint8Array];
    for (let at = 0; at < 32; at++) {
      expect(verifyRange({ ...valid, commitments: [flipped(commitment, at)] }), `byte ${at}`).toBe(false);
    }
  });

  test("with bytes of larger proofs flipped, sampled in every part", () => {
    for (const count of [2, 8, 32]) {
      const large = claim(`flipped ${count}`, count);
      const step = count === 32 ? 5 : 1;
      for (let part = 0; part < large.proof.length / 32; part += step) {
        const at = 32 * part + ((7 * part) % 32);
        expect(verifyRange({ ...large, proof: flipped(large.proof, at, part % 8) }), `${count}, ${at}`).toBe(false);
      }
    }
  });

  test("with the identity in place of any point", () => {
    for (const index of parts(valid.proof.length).points) {
      expect(verifyRange(withPart(valid, index, IDENTITY)), `part ${index}`).toBe(false);
    }
  });

  test("with no point in place of any point", () => {
    for (const index of parts(valid.proof.length).points) {
      for (const part of [new Uint8Array(32).fill(255), Uint8Array.of(1, ...IDENTITY.subarray(1))]) {
        expect(verifyRange(withPart(valid, index, part)), `part ${index}`).toBe(false);
      }
    }
  });

  test("with a scalar that is not canonical, though the number is right", () => {
    for (const index of parts(valid.proof.length).scalars) {
      const part = valid.proof.slice(32 * index, 32 * index + 32);
      let carry = 0;
      for (let i = 0; i < 32; i++) {
        carry += (part[i] ?? 0) + (ORDER[i] ?? 0);
        part[i] = carry & 255;
        carry >>= 8;
      }
      expect(kernel().scalars.isCanonical(part)).toBe(false);
      expect(verifyRange(withPart(valid, index, part)), `part ${index}`).toBe(false);
      expect(verifyRange(withPart(valid, index, ORDER)), `part ${index}`).toBe(false);
    }
  });

  test("of any other length", () => {
    const longer = (bytes: number): Uint8Array => Uint8Array.of(...valid.proof, ...new Uint8Array(bytes));
    for (const length of [0, 1, 31, 32, 224, 288, 640, 671]) {
      expect(verifyRange({ ...valid, proof: valid.proof.slice(0, length) }), `${length} bytes`).toBe(false);
    }
    for (const more of [1, 32, 64, 10_000]) expect(verifyRange({ ...valid, proof: longer(more) })).toBe(false);
    // With all parts in their places, counted from either end.
    const [head, tail] = [valid.proof.subarray(0, -64), valid.proof.subarray(-64)];
    for (const more of [32, 64]) {
      const proof = concatBytes(head, new Uint8Array(more), tail);
      expect(verifyRange({ ...valid, proof }), `${more} bytes inside`).toBe(false);
    }
  });

  test("about other, reordered, missing, additional or malformed commitments", () => {
    const [first, second] = validOfTwo.commitments as [Uint8Array, Uint8Array];
    for (const commitments of [
      [],
      [first],
      [second, first],
      [first, first],
      [first, second, second],
      [first, valid.commitments[0] as Uint8Array], // It has one.
      [first, IDENTITY],
      [first, second.subarray(1)],
      [first, new Uint8Array(32).fill(255)],
      Array<Uint8Array>(33).fill(first),
      Array<Uint8Array>(64).fill(first),
    ]) {
      expect(verifyRange({ ...validOfTwo, commitments })).toBe(false);
    }
  });

  test("for another token", () => {
    for (const token of [1n, 8192n, 2n ** 64n - 1n].map(tokenId)) {
      expect(verifyRange({ ...valid, tokenId: token })).toBe(false);
      const other = claim(`token ${token}`, 1, token);
      expect(verifyRange(other)).toBe(true);
      expect(verifyRange({ ...other, tokenId: MOB })).toBe(false);
    }
  });

  test("for values out of range: a commitment shifted by 2⁶⁴, and a negative one", () => {
    const { ristretto, scalars } = kernel();
    const known = witness("out of range", 1);
    const { proof, commitments } = proveRange(known);
    const overflow = new Uint8Array(32).fill(1, 8, 9);
    const base = fromHex("806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b");
    for (const shift of [overflow, scalars.negate(overflow)]) {
      const shifted = ristretto.add(commitments[0] as Uint8Array, ristretto.multiply(shift, base)); // It has one.
      expect(verifyRange({ proof, commitments: [shifted], tokenId: MOB })).toBe(false);
    }
  });

  test("and the slow model agrees on every kind of damage that it can read", () => {
    const setting: Setting = {
      label: "mc_bulletproof_transcript",
      bits: 64,
      valueBase: fromHex("806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b"),
      blindingBase: BASE_POINT,
    };
    const agreed = ({ proof, commitments }: RangeClaim): boolean => {
      const fast = verifyInSetting(setting, proof, commitments);
      expect(modelVerify(setting, proof, commitments)).toBe(fast);
      return fast;
    };
    expect(agreed(valid)).toBe(true);
    const otherScalar = kernel().scalars.reduceWide(random(64));
    const otherPoint = kernel().ristretto.oneWayMap(random(64));
    for (const index of [4, 5, 6, 20]) expect(agreed(withPart(valid, index, otherScalar))).toBe(false);
    for (const index of [0, 2, 9]) expect(agreed(withPart(valid, index, otherPoint))).toBe(false);
    expect(agreed({ ...valid, commitments: [otherPoint] })).toBe(false);
  });
});

describe("a prover who lies is not believed", () => {
  const setting: Setting = { ...settingOf(MOB), bits: 8 }; // The model is slow.
  const blinding = kernel().scalars.reduceWide(random(64));
  const truth = honest(setting, [5n], [blinding], random);
  const commitmentTo = (value: bigint): readonly Uint8Array[] =>
    honest(setting, [value], [blinding], random).commitments;
  const believed = (lie: Partial<ModelWitness>): boolean => {
    const witness = { ...truth, ...lie };
    return verifyInSetting(setting, modelProve(setting, witness), witness.commitments);
  };

  test("but one who tells the truth is", () => {
    expect(believed({})).toBe(true);
  });

  test("about another value than the committed one", () => {
    for (const value of [4n, 6n, 2n ** 8n + 5n, -5n]) {
      expect(believed({ commitments: commitmentTo(value) }), `${value}`).toBe(false);
    }
  });

  test("with a digit that is no bit, 2 or −1", () => {
    for (const [value, place, digit] of [
      [2n ** 8n + 5n, 7, 2n],
      [3n, 0, -1n],
    ] as const) {
      // Where a_R is a_L − 1 their product is not zero; where the product is zero, the difference is not 1.
      for (const other of [digit - 1n, 0n]) {
        const lie = { left: truth.left.with(place, digit), right: truth.right.with(place, other) };
        expect(believed({ ...lie, commitments: commitmentTo(value) }), `${value}, a_R ${other}`).toBe(false);
      }
    }
  });

  test("with mistakes in both equations that would cancel if they were added with equal weights", () => {
    expect(believed({ shift: 1n })).toBe(false);
  });

  test("in a batch either", () => {
    const full = settingOf(MOB);
    const witness = { ...honest(full, [5n], [blinding], random), shift: 1n };
    const lie = { proof: modelProve(full, witness), commitments: witness.commitments, tokenId: MOB };
    expect(verifyRangeBatch([valid, lie], random)).toBe(false);
    expect(findInvalidRanges([valid, lie], random)).toEqual([1]);
  });
});

describe("a point that is the identity is refused, though the equation holds", () => {
  /** A proof for which the first portion of randomness has zeros in some places, and the second in others. */
  const madeWith = (zeroFirst: readonly [number, number], zeroTaus: readonly [number, number]): RangeClaim => {
    const source = randomFrom("identities");
    const portions = [zeroFirst, zeroTaus].values();
    const known = witness("identities", 1);
    return {
      ...proveRange({
        ...known,
        random: (length) => {
          const [from, to] = portions.next().value ?? [0, 0];
          return source(length).fill(0, 64 * from, 64 * to);
        },
      }),
      tokenId: MOB,
    };
  };

  test("as S, T₁ or T₂ of a prover without randomness", () => {
    for (const [made, place] of [
      [madeWith([1, 130], [0, 0]), 1],
      [madeWith([2, 130], [0, 1]), 2],
      [madeWith([2, 130], [1, 2]), 3],
    ] as const) {
      const part = (i: number): Uint8Array => made.proof.subarray(32 * i, 32 * i + 32);
      expect([0, 1, 2, 3].filter((i) => part(i).every((byte) => byte === 0))).toEqual([place]);
      expect(verifyRange(made)).toBe(false);
      expect(verifyRangeBatch([valid, made], random)).toBe(false);
    }
    expect(verifyRange(madeWith([2, 130], [0, 0]))).toBe(true);
  });
});

describe("many proofs at once", () => {
  const claims = [
    ...[1, 2, 3, 4, 8, 1, 2].map((count, i) => claim(`batch ${i}`, count, tokenId(BigInt(i % 3)))),
    valid,
    validOfTwo,
  ];
  const withBad = (bad: readonly (readonly [number, RangeClaim])[]): RangeClaim[] => {
    const some = new Map(bad);
    return claims.map((each, i) => some.get(i) ?? each);
  };
  const damaged = (index: number): RangeClaim => {
    const each = claims[index] as RangeClaim; // Called with indices of claims only.
    return { ...each, proof: flipped(each.proof, 32 * 4) };
  };

  test("verify, of different sizes and tokens, also the same one twice", () => {
    expect(verifyRangeBatch(claims, random)).toBe(true);
    expect(findInvalidRanges(claims, random)).toEqual([]);
    expect(verifyRangeBatch([valid, valid], random)).toBe(true);
    expect(verifyRangeBatch([valid], random)).toBe(true);
  });

  test("are true when there are none", () => {
    expect(verifyRangeBatch([], random)).toBe(true);
    expect(findInvalidRanges([], random)).toEqual([]);
  });

  test("fail with one bad proof wherever it stands, and the culprit is found", () => {
    claims.forEach((_, i) => {
      const some = withBad([[i, damaged(i)]]);
      expect(verifyRangeBatch(some, random), `claim ${i}`).toBe(false);
      expect(findInvalidRanges(some, random)).toEqual([i]);
    });
  });

  test("fail with a malformed proof, with no point and with a wrong token, and each culprit is found", () => {
    const some = withBad([
      [0, { ...(claims[0] as RangeClaim), proof: new Uint8Array(5) }], // There are nine.
      [3, withPart(claims[3] as RangeClaim, 0, new Uint8Array(32).fill(255))],
      [6, { ...(claims[6] as RangeClaim), tokenId: tokenId(9_999n) }],
      [8, damaged(8)],
    ]);
    expect(verifyRangeBatch(some, random)).toBe(false);
    expect(findInvalidRanges(some, random)).toEqual([0, 3, 6, 8]);
    expect(
      findInvalidRanges(
        some.map((_, i) => ({ ...(some[i] as RangeClaim), proof: new Uint8Array(5) })),
        random,
      ),
    ).toEqual(claims.map((_, i) => i));
  });

  test("cannot let two mistakes cancel out, even with randomness that is none", () => {
    // The last scalar a, too large by one here and too small by one there: with equal weights, the sum of both holds.
    const { scalars } = kernel();
    const one = new Uint8Array(32).fill(1, 0, 1);
    const place = valid.proof.length / 32 - 2;
    const a = valid.proof.subarray(32 * place, 32 * place + 32);
    const opposite = [withPart(valid, place, scalars.add(a, one)), withPart(valid, place, scalars.subtract(a, one))];
    const constant: Random = (length) => new Uint8Array(length);
    for (const source of [random, constant]) {
      expect(verifyRangeBatch(opposite, source)).toBe(false);
      expect(findInvalidRanges(opposite, source)).toEqual([0, 1]);
    }
  });

  test("get weights that nobody knows before all proofs and the randomness are given", () => {
    const { scalars } = kernel();
    const zeros: Random = (length) => new Uint8Array(length);
    /** The last scalars that are hashed. */
    const weightsOf = (batch: readonly RangeClaim[], source: Random): Uint8Array[] =>
      resultsOf("scalars", "reduceWide", () => verifyRangeBatch(batch, source)).slice(-batch.length) as Uint8Array[]; // Scalars.
    const three = [valid, valid, valid];
    const before = weightsOf(three, zeros);
    expect(new Set([...before, ...weightsOf(three, random)].map(toHex)).size).toBe(6);
    // Mistakes that cancel with the weights of the batch before they were made.
    const place = valid.proof.length / 32 - 2;
    const a = valid.proof.subarray(32 * place, 32 * place + 32);
    for (const [i, j] of [
      [0, 1],
      [1, 2],
      [0, 2],
    ] as const) {
      const [wi, wj] = [before[i], before[j]] as [Uint8Array, Uint8Array]; // Of three.
      const opposite = three
        .with(i, withPart(valid, place, scalars.add(a, wj)))
        .with(j, withPart(valid, place, scalars.subtract(a, wi)));
      expect(verifyRangeBatch(opposite, zeros)).toBe(false);
    }
  });

  test("are taken in several sums when they are too many for one, as those of a full block are", () => {
    const many = Array.from({ length: 1100 }, () => valid);
    expect(verifyRangeBatch(many, random)).toBe(true);
    const bad = { ...valid, proof: flipped(valid.proof, 128) };
    for (const place of [0, 600, 1099]) expect(verifyRangeBatch(many.with(place, bad), random)).toBe(false);
    const malformed = { ...valid, proof: valid.proof.subarray(1) };
    const some = many.slice(0, 400).with(9, bad).with(100, malformed).with(20, malformed).with(399, bad);
    expect(findInvalidRanges(some, random)).toEqual([9, 20, 100, 399]);
  });
});
