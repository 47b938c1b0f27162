// Fog hints of every kind that ingest can meet (spec 01 §7), for the traces of their opening.
import { kernel } from "@fogbow/kernel";
import { littleEndian, randomBytes, randomNonPoint, type Secret } from "./secrets.ts";

const MAGIC = Uint8Array.of(0x2a, 0x2a);
const none = new Uint8Array(0);
const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

/**
 * Hints for the holder of a private key that open, that are for others, that are malformed in each way there is. The
 * number makes those of different runs differ. For a key that is not canonical, all are as for the key 1.
 */
export function hintsOfEveryKind(privateKey: Uint8Array, number: number): Secret[] {
  const { ristretto, scalars } = kernel();
  const recipient = ristretto.multiplyBase(scalars.isCanonical(privateKey) ? privateKey : littleEndian(1n));
  const other = ristretto.oneWayMap(randomBytes(`another recipient ${number}`, 64));
  const inside = ristretto.oneWayMap(randomBytes(`view public key ${number}`, 64));
  const seal = (to: Uint8Array, plaintext: Uint8Array): Uint8Array =>
    sealHint(to, plaintext, scalars.reduceWide(randomBytes(`ephemeral ${number}`, 64)));
  const valid = seal(recipient, join(inside, MAGIC));
  const withByte = (at: number, change: number): Uint8Array =>
    valid.map((byte, i) => (i === at ? byte ^ change : byte));
  const withEphemeral = (bytes: Uint8Array): Uint8Array => join(valid.subarray(0, 34), bytes, valid.subarray(66));
  return [
    { name: "valid", bytes: valid },
    { name: "for another key", bytes: seal(other, join(inside, MAGIC)) },
    { name: "decoy", bytes: seal(other, new Uint8Array(34)) },
    { name: "without magic", bytes: seal(recipient, new Uint8Array(34)) },
    { name: "half of the magic", bytes: seal(recipient, join(inside, Uint8Array.of(0x2a, 0))) },
    { name: "no point inside", bytes: seal(recipient, join(randomNonPoint(), MAGIC)) },
    { name: "identity inside", bytes: seal(recipient, join(new Uint8Array(32), MAGIC)) },
    { name: "altered ciphertext", bytes: withByte(0, 1) },
    { name: "altered tag", bytes: withByte(81, 0x80) },
    { name: "altered ephemeral key", bytes: withByte(40, 2) },
    { name: "other major version", bytes: withByte(82, 3) },
    { name: "other minor version", bytes: withByte(83, 1) },
    { name: "ephemeral key no point", bytes: withEphemeral(randomNonPoint()) },
    { name: "ephemeral key not canonical", bytes: withEphemeral(new Uint8Array(32).fill(0xff)) },
    { name: "ephemeral key the identity", bytes: withEphemeral(new Uint8Array(32)) },
    { name: "all zero", bytes: new Uint8Array(84) },
    { name: "all one", bytes: new Uint8Array(84).fill(0xff) },
    { name: "random", bytes: randomBytes(`hint ${number}`, 84) },
  ];
}

/** The versioned crypto box of spec 01 §7.1 around 34 bytes. */
function sealHint(recipient: Uint8Array, plaintext: Uint8Array, ephemeral: Uint8Array): Uint8Array {
  const { ciphers, hashes, ristretto } = kernel();
  const ikm = ristretto.multiply(ephemeral, recipient);
  const okm = hashes.hkdf("blake2b512", { ikm, salt: text("dei-salty-box"), info: text("aead-key-iv"), length: 44 });
  const sealed = ciphers.aes256GcmSeal(okm.subarray(0, 32), okm.subarray(32), none, plaintext);
  return join(sealed.subarray(0, 34), ristretto.multiplyBase(ephemeral), sealed.subarray(34), Uint8Array.of(1, 0));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
