// Tests of ring signatures: the known one, the plain model, and what must not be signed or verify.
import { concatBytes, fromHex, MOB, toHex, tokenId, tokenValue, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  commit,
  curveScalar,
  PrivateKey,
  type RingMember,
  type RingMlsag,
  type RingMlsagStatement,
  ringMlsagSign,
  ringMlsagVerify,
} from "../src/index.ts";
import { bytesOfLength, points, prepared, privateKeys, scalars } from "./arbitraries.ts";
import {
  KNOWN_MESSAGE,
  KNOWN_PSEUDO_OUTPUT,
  KNOWN_REAL,
  KNOWN_RING,
  KNOWN_SCALARS,
  KNOWN_SIGNATURE,
} from "./known-mlsag.ts";
import { modelRingMlsagSign } from "./mlsag-model.ts";
import { resultsOf } from "./watch-secrets.ts";

const IDENTITY = new Uint8Array(32);
const CURVE_CONSTANT_D = fromHex("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352");
const ORDER_PLUS_TWO = fromHex("efd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/** Scalars as 64 random bytes that reduce to them. */
const servings = (all: readonly Uint8Array[]): Uint8Array[] => all.map((one) => concatBytes(one, new Uint8Array(32)));

const known: RingMlsagStatement = {
  message: KNOWN_MESSAGE,
  ring: KNOWN_RING,
  pseudoOutputCommitment: KNOWN_PSEUDO_OUTPUT,
  signature: KNOWN_SIGNATURE,
};

/** A signing whose real member has the right key and commitment. PrivateKey objects are made fresh: they own bytes. */
interface Signable {
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  readonly realIndex: number;
  readonly x: Uint8Array;
  readonly value: ReturnType<typeof tokenValue>;
  readonly tokenId: ReturnType<typeof tokenId>;
  readonly blinding: Uint8Array;
  readonly pseudoOutputBlinding: Uint8Array;
  readonly draws: readonly Uint8Array[];
}

/** Signables with rings of one of the given sizes. */
const signables = (...sizes: readonly number[]): fc.Arbitrary<Signable> =>
  fc.constantFrom(...sizes).chain((n) =>
    fc
      .record({
        message: fc.uint8Array({ maxLength: 700 }),
        others: fc.array(fc.record({ targetKey: points, commitment: points }), { minLength: n, maxLength: n }),
        realIndex: fc.nat(n - 1),
        x: privateKeys,
        value: fc.bigInt(0n, U64_MAX).map(tokenValue),
        tokenId: fc.constantFrom(0n, 1n, 8192n).map(tokenId),
        blinding: scalars,
        pseudoOutputBlinding: scalars,
        draws: fc.array(bytesOfLength(64), { minLength: 2 * n, maxLength: 2 * n }),
      })
      .map(({ others, x, ...rest }) => {
        const real = { targetKey: x.publicKey(), commitment: commit(rest) };
        const ring = others.map((other, i) => (i === rest.realIndex ? real : other));
        return { ...rest, x: x.expose().slice(), ring };
      }),
  );

const sign = ({ x, draws, ...rest }: Signable): RingMlsag =>
  ringMlsagSign({ ...rest, onetimePrivateKey: new PrivateKey(x.slice()), random: prepared(...draws) });

const pseudoOutputOf = (one: Signable): Uint8Array => commit({ ...one, blinding: one.pseudoOutputBlinding });

const statementOf = (one: Signable, signature: RingMlsag): RingMlsagStatement => ({
  message: one.message,
  ring: one.ring,
  pseudoOutputCommitment: pseudoOutputOf(one),
  signature,
});

describe("the known signature", () => {
  const signing = {
    ...KNOWN_REAL,
    message: KNOWN_MESSAGE,
    ring: KNOWN_RING,
    onetimePrivateKey: new PrivateKey(KNOWN_REAL.onetimePrivateKey.slice()),
  };

  test("is reproduced from its random scalars, and verifies", () => {
    const signature = ringMlsagSign({ ...signing, random: prepared(...servings(KNOWN_SCALARS)) });
    expect(toHex(signature.cZero)).toBe(toHex(KNOWN_SIGNATURE.cZero));
    expect(signature.responses.map(toHex)).toEqual(KNOWN_SIGNATURE.responses.map(toHex));
    expect(toHex(signature.keyImage)).toBe(toHex(KNOWN_SIGNATURE.keyImage));
    expect(toHex(commit({ ...KNOWN_REAL, blinding: KNOWN_REAL.pseudoOutputBlinding }))).toBe(
      toHex(KNOWN_PSEUDO_OUTPUT),
    );
    expect(ringMlsagVerify(known)).toBe("valid");
  });

  test("does not verify after a change to any byte of it or of what it signs", () => {
    const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
      bytes.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte));
    const expectRefused = (bytes: Uint8Array, put: (changed: Uint8Array) => RingMlsagStatement): void => {
      bytes.forEach((_, at) => {
        expect(ringMlsagVerify(put(flipped(bytes, at)))).not.toBe("valid");
      });
    };
    const { signature, ring } = known;
    expectRefused(known.message, (message) => ({ ...known, message }));
    expectRefused(known.pseudoOutputCommitment, (changed) => ({ ...known, pseudoOutputCommitment: changed }));
    expectRefused(signature.cZero, (cZero) => ({ ...known, signature: { ...signature, cZero } }));
    expectRefused(signature.keyImage, (keyImage) => ({ ...known, signature: { ...signature, keyImage } }));
    signature.responses.forEach((response, at) => {
      expectRefused(response, (changed) => ({
        ...known,
        signature: { ...signature, responses: signature.responses.with(at, changed) },
      }));
    });
    ring.forEach((member, at) => {
      expectRefused(member.targetKey, (targetKey) => ({ ...known, ring: ring.with(at, { ...member, targetKey }) }));
      expectRefused(member.commitment, (commitment) => ({ ...known, ring: ring.with(at, { ...member, commitment }) }));
    });
  });

  test("does not verify with two members, two responses or the roles of key and commitment exchanged", () => {
    const [first, second, ...others] = KNOWN_RING;
    const [r0, r1, ...rest] = KNOWN_SIGNATURE.responses;
    if (!first || !second || !r0 || !r1) throw new Error("The known ring has eleven members.");
    expect(ringMlsagVerify({ ...known, ring: [second, first, ...others] })).toBe("invalid-signature");
    expect(ringMlsagVerify({ ...known, signature: { ...KNOWN_SIGNATURE, responses: [r1, r0, ...rest] } })).toBe(
      "invalid-signature",
    );
    const exchanged = { targetKey: first.commitment, commitment: first.targetKey };
    expect(ringMlsagVerify({ ...known, ring: [exchanged, second, ...others] })).toBe("invalid-signature");
  });
});

describe("verification names what is wrong", () => {
  const { signature, ring } = known;
  const withKeyImage = (keyImage: Uint8Array): RingMlsagStatement => ({
    ...known,
    signature: { ...signature, keyImage },
  });

  test("a number of responses other than two for each member", () => {
    for (const responses of [signature.responses.slice(1), [...signature.responses, IDENTITY], []]) {
      expect(ringMlsagVerify({ ...known, signature: { ...signature, responses } })).toBe("length-mismatch");
    }
    expect(ringMlsagVerify({ ...known, ring: ring.slice(1) })).toBe("length-mismatch");
  });

  test("a key image that is no point, such as the curve's constant d", () => {
    expect(ringMlsagVerify(withKeyImage(CURVE_CONSTANT_D))).toBe("invalid-key-image");
    expect(ringMlsagVerify(withKeyImage(signature.keyImage.slice(1)))).toBe("invalid-key-image");
    expect(ringMlsagVerify({ ...withKeyImage(CURVE_CONSTANT_D), ring: ring.slice(1) })).toBe("length-mismatch");
  });

  test("a pseudo-output, target key or commitment that is no point", () => {
    for (const bad of [CURVE_CONSTANT_D, IDENTITY.slice(1), new Uint8Array(32).fill(0xff)]) {
      expect(ringMlsagVerify({ ...known, pseudoOutputCommitment: bad })).toBe("invalid-curve-point");
      ring.forEach((member, at) => {
        for (const change of [{ targetKey: bad }, { commitment: bad }]) {
          expect(ringMlsagVerify({ ...known, ring: ring.with(at, { ...member, ...change }) })).toBe(
            "invalid-curve-point",
          );
        }
      });
      expect(ringMlsagVerify({ ...withKeyImage(CURVE_CONSTANT_D), pseudoOutputCommitment: bad })).toBe(
        "invalid-key-image",
      );
    }
  });

  test("points and scalars of wrong lengths that are right when they are strung together", () => {
    /** A list with the first byte of its second element at the end of its first. */
    const moved = ([first, second, ...rest]: readonly Uint8Array[]): Uint8Array[] => {
      if (!first || !second) throw new Error("The known ring has eleven members.");
      return [concatBytes(first, second.subarray(0, 1)), second.subarray(1), ...rest];
    };
    const responses = moved(signature.responses);
    expect(ringMlsagVerify({ ...known, signature: { ...signature, responses } })).toBe("invalid-signature");
    for (const part of ["targetKey", "commitment"] as const) {
      const parts = moved(ring.map((member) => member[part]));
      const changed = ring.map((member, i) => ({ ...member, [part]: parts[i] as Uint8Array })); // As many.
      expect(ringMlsagVerify({ ...known, ring: changed })).toBe("invalid-curve-point");
    }
  });

  test("scalars of a wrong length, and a ring without members", () => {
    const short = signature.cZero.slice(1);
    expect(ringMlsagVerify({ ...known, signature: { ...signature, cZero: short } })).toBe("invalid-signature");
    const responses = signature.responses.with(7, short);
    expect(ringMlsagVerify({ ...known, signature: { ...signature, responses } })).toBe("invalid-signature");
    expect(ringMlsagVerify({ ...known, ring: [], signature: { ...signature, responses: [] } })).toBe(
      "invalid-signature",
    );
  });
});

describe("a random ring", () => {
  test("gets the very signature of the plain model, which both verify", () => {
    fc.assert(
      fc.property(signables(1, 2, 11), (one) => {
        const signature = sign(one);
        const pseudoOutputCommitment = pseudoOutputOf(one);
        const random = prepared(...one.draws);
        expect(modelRingMlsagSign({ ...one, onetimePrivateKey: one.x, pseudoOutputCommitment, random })).toEqual(
          signature,
        );
        expect(ringMlsagVerify(statementOf(one, signature))).toBe("valid");
        const verdict = createModel().rings.verifyMlsag({
          message: one.message,
          targetKeys: concatBytes(...one.ring.map(({ targetKey }) => targetKey)),
          commitments: concatBytes(...one.ring.map(({ commitment }) => commitment)),
          pseudoOutput: pseudoOutputCommitment,
          keyImage: signature.keyImage,
          cZero: signature.cZero,
          responses: concatBytes(...signature.responses),
        });
        expect(verdict).toBe("valid");
      }),
      { numRuns: 25 },
    );
  });

  test("signed once does not verify for another message, member, pseudo-output or key image", () => {
    // Made apart from the ring: with extreme scalars, two random rings have a member in common now and then.
    const [targetKey, commitment] = [kernel().ristretto.oneWayMap(utf8("?".repeat(64))), KNOWN_PSEUDO_OUTPUT];
    fc.assert(
      fc.property(signables(2, 3, 11), (one) => {
        const signature = sign(one);
        const statement = statementOf(one, signature);
        for (const change of [
          { message: concatBytes(one.message, Uint8Array.of(0)) },
          ...one.ring.map((_, i) => ({ ring: one.ring.with(i, { targetKey, commitment }) })),
          { pseudoOutputCommitment: commitment },
          { signature: { ...signature, keyImage: targetKey } },
        ]) {
          expect(ringMlsagVerify({ ...statement, ...change })).toBe("invalid-signature");
        }
      }),
      { numRuns: 25 },
    );
  });

  test("shows the same key image whatever is signed, whoever stands by and whatever is drawn", () => {
    fc.assert(
      fc.property(signables(1, 2, 5), signables(1, 2, 5), (one, other) => {
        const moved = {
          ...other,
          x: one.x,
          ring: other.ring.with(other.realIndex, one.ring[one.realIndex] as RingMember),
        };
        const amount = { value: one.value, tokenId: one.tokenId, blinding: one.blinding };
        expect(sign({ ...moved, ...amount }).keyImage).toEqual(sign(one).keyImage);
      }),
      { numRuns: 15 },
    );
  });

  test("of identities, one-time key zero and blindings zero is signed and verified like any other", () => {
    const one = {
      message: utf8("identity"),
      ring: [0, 1, 2].map(() => ({ targetKey: IDENTITY, commitment: IDENTITY })),
      realIndex: 1,
      x: IDENTITY,
      value: tokenValue(0n),
      tokenId: MOB,
      blinding: IDENTITY,
      pseudoOutputBlinding: IDENTITY,
      draws: [1, 2, 3, 4, 5, 6].map((n) => new Uint8Array(64).fill(n)),
    };
    const signature = sign(one);
    expect(signature.keyImage).toEqual(IDENTITY);
    expect(ringMlsagVerify(statementOf(one, signature))).toBe("valid");
  });
});

describe("signing is refused", () => {
  const draws = servings(KNOWN_SCALARS);
  const one: Signable = {
    ...KNOWN_REAL,
    message: KNOWN_MESSAGE,
    ring: KNOWN_RING,
    x: KNOWN_REAL.onetimePrivateKey,
    draws,
  };
  const refusing = (code: string): unknown => expect.objectContaining({ code });

  test("for an index outside the ring", () => {
    for (const realIndex of [-1, 11, 4.5, Number.NaN, 2 ** 32]) {
      expect(() => sign({ ...one, realIndex })).toThrow(refusing("index-out-of-bounds"));
    }
    expect(() => sign({ ...one, ring: [], realIndex: 0 })).toThrow(refusing("index-out-of-bounds"));
  });

  test("for a member that holds no points, and for the key of another member", () => {
    for (const bad of [
      { targetKey: CURVE_CONSTANT_D },
      { commitment: CURVE_CONSTANT_D },
      { targetKey: IDENTITY.slice(1) },
    ]) {
      const ring = KNOWN_RING.with(9, { ...(KNOWN_RING[9] as RingMember), ...bad });
      expect(() => sign({ ...one, ring })).toThrow(refusing("invalid-curve-point"));
    }
    expect(() => sign({ ...one, realIndex: 5 })).toThrow(refusing("onetime-key-mismatch"));
  });

  test("for an amount, token or blinding that is not the member's; unchecked, it gives a signature that fails", () => {
    const wrong: Partial<Signable>[] = [
      { value: tokenValue(one.value + 1n) },
      { tokenId: tokenId(1n) },
      { blinding: one.pseudoOutputBlinding },
    ];
    for (const change of wrong) {
      expect(() => sign({ ...one, ...change })).toThrow(refusing("value-not-conserved"));
      const signature = ringMlsagSign({
        ...one,
        ...change,
        onetimePrivateKey: new PrivateKey(one.x.slice()),
        random: prepared(...draws),
        checkValueIsConserved: false,
      });
      expect(ringMlsagVerify(statementOf({ ...one, ...change }, signature))).toBe("invalid-signature");
    }
  });

  test("for a blinding that is no scalar below the group order", () => {
    expect(() => sign({ ...one, blinding: ORDER_PLUS_TWO })).toThrow(refusing("invalid-scalar"));
    expect(() => sign({ ...one, pseudoOutputBlinding: ORDER_PLUS_TWO })).toThrow(refusing("invalid-scalar"));
    expect(() => sign({ ...one, blinding: one.blinding.slice(1) })).toThrow(refusing("invalid-length"));
  });

  test("before anything random is drawn", () => {
    const random = (): never => {
      throw new Error("Something was drawn.");
    };
    const onetimePrivateKey = new PrivateKey(one.x.slice());
    expect(() => ringMlsagSign({ ...one, onetimePrivateKey, random, value: tokenValue(1n) })).toThrow(
      refusing("value-not-conserved"),
    );
  });
});

test("α₀, α₁ and the difference of the blindings are wiped after signing", () => {
  const signing = (): unknown =>
    ringMlsagSign({
      ...KNOWN_REAL,
      message: KNOWN_MESSAGE,
      ring: KNOWN_RING,
      onetimePrivateKey: new PrivateKey(KNOWN_REAL.onetimePrivateKey.slice()),
      random: prepared(...servings(KNOWN_SCALARS)),
    });
  const drawn = resultsOf("scalars", "reduceWide", signing).slice(0, 22); // The others are challenges.
  expect(drawn.slice(0, 20)).toEqual(KNOWN_SCALARS.slice(0, 20));
  expect(drawn.slice(20)).toEqual([IDENTITY, IDENTITY]);
  expect(resultsOf("scalars", "subtract", signing)).toEqual([IDENTITY]);
});

describe("a curve scalar", () => {
  test("is reduced, not refused: ℓ + 2 is 2", () => {
    expect(toHex(curveScalar(ORDER_PLUS_TWO))).toBe(`02${"00".repeat(31)}`);
    expect(() => curveScalar(ORDER_PLUS_TWO.slice(1))).toThrow(expect.objectContaining({ code: "invalid-length" }));
  });

  test("means the same to verification before and after", () => {
    fc.assert(
      fc.property(fc.nat(22), fc.integer({ min: 1, max: 7 }), (at, times) => {
        const plus = (scalar: Uint8Array): Uint8Array => addOrder(scalar, times);
        const { signature } = known;
        const changed =
          at === 22
            ? { ...signature, cZero: plus(signature.cZero) }
            : { ...signature, responses: signature.responses.with(at, plus(signature.responses[at] as Uint8Array)) };
        expect(changed).not.toEqual(signature);
        expect(ringMlsagVerify({ ...known, signature: changed })).toBe("valid");
        expect([changed.cZero, ...changed.responses].map(curveScalar)).toEqual([
          signature.cZero,
          ...signature.responses,
        ]);
      }),
      { numRuns: 20 },
    );
  });
});

/** scalar + times · ℓ without reduction, which fits 32 bytes up to 15 times. */
function addOrder(scalar: Uint8Array, times: number): Uint8Array {
  const order = ORDER_PLUS_TWO.map((byte, i) => (i === 0 ? byte - 2 : byte));
  expect(kernel().scalars.isCanonical(order)).toBe(false);
  let carry = 0;
  return scalar.map((byte, i) => {
    carry += byte + times * (order[i] as number);
    const low = carry & 0xff;
    carry >>= 8;
    return low;
  });
}
