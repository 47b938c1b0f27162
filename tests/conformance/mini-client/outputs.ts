// Whether an output is an account's, what it is worth, and what spends it (spec 01 §4.2, §5, §9.3).
import { crc32 } from "node:zlib";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import {
  type AccountKeys,
  added,
  blake512,
  commitment,
  hashToPoint,
  hashToScalar,
  multiplied,
  Point,
  subaddressSpend,
  times,
} from "./group.ts";
import { bytes, type Fields, littleEndian, message, number, toLittleEndian } from "./protobuf.ts";

/** An output of an account. */
export interface Owned {
  readonly globalIndex: bigint;
  readonly block: bigint;
  readonly tokenId: bigint;
  readonly value: bigint;
  /** In hex. */
  readonly keyImage: string;
}

/** Where an output is. */
interface Place {
  readonly globalIndex: bigint;
  readonly block: bigint;
}

interface MaskedAmount {
  readonly version: 1 | 2;
  readonly value: bigint;
  readonly tokenId: Uint8Array;
}

const SUBADDRESSES: readonly bigint[] = [0n, 1n, 2n ** 64n - 2n];

/** Recognises outputs of one account. */
export class OutputReader {
  readonly #keys: AccountKeys;
  /** Spend private keys of subaddresses, by their public keys. */
  readonly #spends: ReadonlyMap<string, bigint>;

  constructor(keys: AccountKeys) {
    this.#keys = keys;
    this.#spends = new Map(
      SUBADDRESSES.map((index) => {
        const spend = subaddressSpend(keys, index);
        return [hex(times(Point.BASE, spend).toBytes()), spend];
      }),
    );
  }

  /** From a record of Fog View, opened. Undefined for one that is somebody else's. */
  ofRecord(record: Fields): Owned | undefined {
    const old = bytes(record, 1);
    const checksum = old.length === 32 ? crc32(old) : Number(number(record, 8));
    const amount: MaskedAmount = {
      version: record.has(11) ? 2 : 1,
      value: number(record, 2),
      tokenId: bytes(record, record.has(11) ? 11 : 10),
    };
    const keys = { publicKey: bytes(record, 4), target: bytes(record, 3) };
    const place = { globalIndex: number(record, 5), block: number(record, 6) };
    return this.#read(keys, amount, place, (made) => crc32(made) === checksum);
  }

  /** From an output of a block. Undefined for one that is somebody else's. */
  ofOutput(output: Fields, place: Place): Owned | undefined {
    const isNewer = output.has(6);
    const masked = message(output, isNewer ? 6 : 1);
    const stored = hex(bytes(message(masked, 1), 1));
    const amount: MaskedAmount = { version: isNewer ? 2 : 1, value: number(masked, 2), tokenId: bytes(masked, 3) };
    const keys = { publicKey: bytes(message(output, 3), 1), target: bytes(message(output, 2), 1) };
    return this.#read(keys, amount, place, (made) => hex(made) === stored);
  }

  #read(
    { publicKey, target }: { readonly publicKey: Uint8Array; readonly target: Uint8Array },
    masked: MaskedAmount,
    place: Place,
    isRight: (commitment: Uint8Array) => boolean,
  ): Owned | undefined {
    const [shared, targetPoint] = [point(publicKey), point(target)];
    if (shared === undefined || targetPoint === undefined) return undefined;
    const secret = times(shared, this.#keys.view).toBytes();
    const { value, tokenId, blinding } = unmasked(secret, masked);
    if (!isRight(commitment(value, tokenId, blinding))) return undefined;
    const scalar = hashToScalar("mc_onetime_key_hash_to_scalar", secret);
    const spend = this.#spends.get(hex(targetPoint.subtract(times(Point.BASE, scalar)).toBytes()));
    if (spend === undefined) return undefined;
    const onetime = added(scalar, spend);
    return { ...place, value, tokenId, keyImage: hex(times(hashToPoint(target), onetime).toBytes()) };
  }
}

/** The view private key of the default subaddress, with which Fog's records are opened. */
export const recordKey = (keys: AccountKeys): bigint => multiplied(keys.view, subaddressSpend(keys, 0n));

function unmasked(secret: Uint8Array, { version, value, tokenId }: MaskedAmount) {
  const masked = littleEndian(tokenId);
  if (version === 1) {
    const valueMask = littleEndian(toLittleEndian(hashToScalar("mc_amount_value", secret), 32).subarray(0, 8));
    const tokenMask = littleEndian(blake512(utf8ToBytes("mc_amount_token_id"), secret).subarray(0, 8));
    return {
      value: value ^ valueMask,
      tokenId: tokenId.length === 0 ? 0n : masked ^ tokenMask,
      blinding: hashToScalar("mc_amount_blinding", secret),
    };
  }
  const amountSecret = blake512(utf8ToBytes("mc_amount_shared_secret"), secret).subarray(0, 32);
  const salt = utf8ToBytes("mc_amount_blinding_factors");
  const expanded = (info: string, length: number): bigint =>
    littleEndian(hkdf(sha512, amountSecret, salt, utf8ToBytes(info), length));
  return {
    value: value ^ expanded("mc_amount_value", 8),
    tokenId: masked ^ expanded("mc_amount_token_id", 8),
    blinding: expanded("mc_amount_blinding", 64) % Point.Fn.ORDER,
  };
}

/** Whoever wrote something else than a point into the ledger has made an output that is nobody's. */
function point(encoded: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(encoded.slice());
  } catch {
    return undefined;
  }
}

const hex = (encoded: Uint8Array): string => Buffer.from(encoded).toString("hex");
