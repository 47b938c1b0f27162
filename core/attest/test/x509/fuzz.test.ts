// Certificates and revocation lists with any byte changed or cut off: refused, or no longer signed. Never a crash.
import { concatBytes, equalBytes } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AttestError } from "../../src/error.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { leafExtensions } from "../../src/x509/issue-certificate.ts";
import { parseCrl } from "../../src/x509/revocation-list.ts";
import { verifyChain } from "../../src/x509/verify-chain.ts";
import { AT, certificate, ecParty, ed25519Party, makeCertificate, makeCrl, type Party } from "./test-authority.ts";

const root = ecParty("Root");
const ROOT = certificate(root, root);
const LEAF = makeCertificate(root, ecParty("Leaf"), { extensions: leafExtensions() });
const CRL = makeCrl(root, { revoked: [Uint8Array.of(1), Uint8Array.of(2)] });

/** Whether a leaf and a list, as bytes, make a chain that holds. Throws only what this package throws. */
async function isAccepted(leaf: Uint8Array, list: Uint8Array): Promise<boolean> {
  try {
    const verdict = await verifyChain({
      chain: [parseCertificate(leaf)],
      anchors: [ROOT],
      crls: [parseCrl(list)],
      at: AT,
      checkCertificateTimes: true,
      checkCrlTimes: true,
      requireCrls: true,
    });
    return verdict.ok;
  } catch (error) {
    expect(error).toBeInstanceOf(AttestError);
    return false;
  }
}

/** The same bytes with one of them changed, cut, repeated or put in. */
const damage = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .record({ at: fc.nat({ max: bytes.length - 1 }), value: fc.integer({ min: 1, max: 255 }), how: fc.nat({ max: 3 }) })
    .map(({ at, value, how }) => {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      switch (how) {
        case 0:
          return concatBytes(before, Uint8Array.of((bytes[at] ?? 0) ^ value), bytes.subarray(at + 1));
        case 1:
          return concatBytes(before);
        case 2:
          return concatBytes(before, bytes.subarray(at + 1));
        default:
          return concatBytes(before, Uint8Array.of(value), after);
      }
    })
    .filter((damaged) => !equalBytes(damaged, bytes));

test("a certificate and a list that are whole are accepted", async () => {
  expect(await isAccepted(LEAF, CRL)).toBe(true);
});

test("no damaged certificate is accepted", async () => {
  await fc.assert(
    fc.asyncProperty(damage(LEAF), async (damaged) => {
      expect(await isAccepted(damaged, CRL)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("no damaged list is accepted", async () => {
  await fc.assert(
    fc.asyncProperty(damage(CRL), async (damaged) => {
      expect(await isAccepted(LEAF, damaged)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["ECDSA", ecParty("Self")],
  ["Ed25519", ed25519Party("Self")],
] satisfies [string, Party][])(
  "a flipped bit anywhere in a certificate signed with %s is noticed",
  async (_, party) => {
    const anchor = certificate(party, party);
    const der = makeCertificate(party, ecParty("Leaf"));
    for (let bit = 0; bit < der.length * 8; bit += 11) {
      const damaged = concatBytes(der);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const chain = tryParse(damaged);
      const verdict = chain && (await verifyChain({ ...LENIENT, chain: [chain], anchors: [anchor] }));
      expect(verdict?.ok ?? false).toBe(false);
    }
  },
);

test("random bytes are no certificate and no list", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(() => parseCertificate(bytes)).toThrow(AttestError);
      expect(() => parseCrl(bytes)).toThrow(AttestError);
    }),
  );
});

const LENIENT = { crls: [], at: AT, checkCertificateTimes: false, checkCrlTimes: false, requireCrls: false };

function tryParse(der: Uint8Array): ReturnType<typeof parseCertificate> | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    expect(error).toBeInstanceOf(AttestError);
    return undefined;
  }
}
