// Builders for the plain values of hashed objects (spec 02 §1.2).
import { bytes, le32, le64, utf8 } from "@fogbow/core-bytes";
import type { DigestNode, PrimitiveType } from "./digest-node.ts";
import type { Digestible } from "./digestible.ts";

/** An unsigned integer, the only kind of value that `omitWhenZero` takes. */
export interface DigestibleInteger extends Digestible {
  readonly isZero: boolean;
}

/** A primitive that is never left out, of any type. The usual types have a builder of their own below. */
export function primitive(type: PrimitiveType, data: Uint8Array): Digestible {
  const node: DigestNode = { kind: "primitive", type, data };
  return { strict: node, allowOmit: node };
}

/** An unsigned 32-bit integer; zero is not left out. Hashes differently from the same number in 64 bits. */
export function uint32(n: number): DigestibleInteger {
  const { strict, allowOmit } = primitive("uint", le32(n));
  return { strict, allowOmit, isZero: n === 0 };
}

/** An unsigned 64-bit integer; zero is not left out. */
export function uint64(n: bigint): DigestibleInteger {
  const { strict, allowOmit } = primitive("uint", le64(n));
  return { strict, allowOmit, isZero: n === 0n };
}

/** True or false; false is not left out. */
export function bool(value: boolean): Digestible {
  return primitive("bool", Uint8Array.of(value ? 1 : 0));
}

/** A point, commitment, key image or ristretto public key. Throws `invalid-length` unless it is 32 bytes. */
export function point(encoding: Uint8Array): Digestible {
  return primitive("ristretto", bytes(encoding, 32, "A point"));
}

/** A canonical scalar. Throws `invalid-length` unless it is 32 bytes. */
export function scalar(encoding: Uint8Array): Digestible {
  return primitive("scalar", bytes(encoding, 32, "A scalar"));
}

/** A byte string; a structure leaves it out when it is empty. */
export function bytesOf(data: Uint8Array): Digestible {
  return unlessEmpty("bytes", data);
}

/** Text as UTF-8; a structure leaves it out when it is empty. */
export function text(value: string): Digestible {
  return unlessEmpty("str", utf8(value));
}

function unlessEmpty(type: PrimitiveType, data: Uint8Array): Digestible {
  const { strict } = primitive(type, data);
  return { strict, allowOmit: data.length === 0 ? undefined : strict };
}
