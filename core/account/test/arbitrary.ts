// Random keys, accounts, addresses and codes for the property tests.
import { Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, PrivateKey, type PublicKey, publicKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import type { AccountKey, FogSettings, Identity, PrintableCode, PublicAddress } from "../src/index.ts";

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

/** Any text that has a UTF-8 form. */
const text: fc.Arbitrary<string> = fc.string({ unit: "binary", maxLength: 30 });

/** An unsigned 64-bit integer. */
export const u64: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

/** A private key; one in many is zero. */
export const privateKey: fc.Arbitrary<PrivateKey> = fc
  .oneof({ weight: 9, arbitrary: bytesOf(64) }, { weight: 1, arbitrary: fc.constant(new Uint8Array(64)) })
  .map((uniform) => new PrivateKey(kernel().scalars.reduceWide(uniform)));

/** A public key; one in many is the identity. */
export const aPublicKey: fc.Arbitrary<PublicKey> = fc.oneof(
  { weight: 9, arbitrary: bytesOf(64).map((uniform) => publicKey(kernel().ristretto.oneWayMap(uniform))) },
  { weight: 1, arbitrary: fc.constant(publicKey(new Uint8Array(32))) },
);

/** Fog settings of any kind. */
const fogSettings: fc.Arbitrary<FogSettings> = fc.record({
  fogReportUrl: text,
  fogReportId: text,
  fogAuthoritySpki: fc.uint8Array({ maxLength: 40 }),
});

/** An account with or without Fog. */
export const account: fc.Arbitrary<AccountKey> = fc
  .record({ viewPrivateKey: privateKey, spendPrivateKey: privateKey })
  .chain((keys) => fogSettings.map((fog) => ({ ...keys, ...fog })));

/** An address that keeps the rule of empty Fog fields. */
export const address: fc.Arbitrary<PublicAddress> = fc
  .record({
    viewPublicKey: aPublicKey,
    spendPublicKey: aPublicKey,
    fogReportUrl: text,
    fogReportId: text,
    fogAuthoritySig: fc.uint8Array({ maxLength: 64 }),
  })
  .map((fields) =>
    fields.fogReportUrl === "" ? { ...fields, fogReportId: "", fogAuthoritySig: new Uint8Array() } : fields,
  );

/** Entropy of every length that makes a recovery phrase. */
export const bip39Entropy: fc.Arbitrary<Secret> = fc
  .constantFrom(16, 20, 24, 28, 32)
  .chain(bytesOf)
  .map((bytes) => new Secret(bytes));

/** An identity of either kind. */
export const identity: fc.Arbitrary<Identity> = fogSettings.chain((fog) =>
  fc.oneof(
    fc
      .record({ kind: fc.constant("mnemonic" as const), entropy: bip39Entropy, accountIndex: fc.nat(0xffff_ffff) })
      .map((fields) => ({ ...fields, ...fog })),
    bytesOf(32).map((bytes) => ({ kind: "root-entropy" as const, rootEntropy: new Secret(bytes), ...fog })),
  ),
);

/** A printable code of any kind. */
export const printableCode: fc.Arbitrary<PrintableCode> = fc.oneof(
  address.map((publicAddress) => ({ kind: "public-address" as const, publicAddress })),
  fc
    .record({
      publicAddress: address,
      value: u64.map(tokenValue),
      tokenId: u64.map(tokenId),
      memo: text,
      paymentId: u64,
    })
    .map((paymentRequest) => ({ kind: "payment-request" as const, paymentRequest })),
  fc
    .record({
      bip39Entropy: fc.option(bip39Entropy, { nil: undefined }),
      rootEntropy: fc.option(
        bytesOf(32).map((bytes) => new Secret(bytes)),
        { nil: undefined },
      ),
      txOutPublicKey: bytesOf(32).map(compressedPoint),
      memo: text,
    })
    .map((transferPayload) => ({ kind: "transfer-payload" as const, transferPayload })),
  fc
    .record({
      globalIndex: fc.oneof(fc.constant(0n), u64),
      onetimePrivateKey: privateKey,
      sharedSecret: aPublicKey.map((point) => new Secret(new Uint8Array(point))),
    })
    .map((giftCode) => ({ kind: "gift-code" as const, giftCode })),
);

/** A change to some bytes: overwritten at random places, then cut or lengthened. */
export const mutation: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .record({
    edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
    cut: fc.nat({ max: 2 }),
    tail: fc.uint8Array({ maxLength: 3 }),
  })
  .map(({ edits, cut, tail }) => (bytes) => {
    const changed = new Uint8Array([...bytes.subarray(0, Math.max(0, bytes.length - cut)), ...tail]);
    for (const [place, value] of edits) {
      changed[place % Math.max(1, changed.length)] = value;
    }
    return changed;
  });
