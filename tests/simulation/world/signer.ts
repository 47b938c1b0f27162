// Signs and verifies consensus messages with the system's Ed25519, as production does; what a key signed once, or was found
// not to have signed, is remembered: verdicts of cryptography, and nothing else.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import type { Sign, Verify } from "@fogbow/core-scp";

const REMEMBERED_MAX = 200_000;
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

const privateKeys = new WeakMap<Ed25519PrivateKey, KeyObject>();
const publicKeys = new Map<string, KeyObject>();
const verdicts = new Map<string, boolean>();

/** Signs digests with a key. */
export function signWith(key: Ed25519PrivateKey): Sign {
  return (digest) => {
    const known = privateKeys.get(key) ?? privateKeyOf(key);
    privateKeys.set(key, known);
    return new Uint8Array(sign(null, digest, known));
  };
}

/** Verifies signatures of digests. */
export const verifyDigest: Verify = (publicKey, digest, signature) => {
  const name = [publicKey, digest, signature].map((each) => Buffer.from(each).toString("latin1")).join();
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  if (verdicts.size >= REMEMBERED_MAX) verdicts.clear();
  const verdict = verify(null, digest, publicKeyOf(publicKey), signature);
  verdicts.set(name, verdict);
  return verdict;
};

function privateKeyOf(key: Ed25519PrivateKey): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, key.expose()]), format: "der", type: "pkcs8" });
}

function publicKeyOf(bytes: Uint8Array): KeyObject {
  const name = Buffer.from(bytes).toString("latin1");
  const known =
    publicKeys.get(name) ?? createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: "der", type: "spki" });
  publicKeys.set(name, known);
  return known;
}
