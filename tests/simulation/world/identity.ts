// Who the simulated nodes are. Keys are the same in every run: signing costs more than anything else they do.
import type { NodeId } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";

/** A node's name and the key that it signs messages with. */
export interface Identity {
  readonly index: number;
  readonly node: NodeId;
  readonly messageKey: Ed25519PrivateKey;
  /** What clients know it by. */
  readonly clientResponderId: string;
}

const known = new Map<string, Identity>();

/** Message keys that a node may have, one after the other. */
export const KEYS_PER_NODE = 2;

/** Node `index`, counted from 1, with its first message key or a later one. The same object each time. */
export function identity(index: number, keyNumber = 0): Identity {
  const name = `${index} ${keyNumber}`;
  const found = known.get(name) ?? create(index, keyNumber);
  known.set(name, found);
  return found;
}

function create(index: number, keyNumber: number): Identity {
  const seed = new Uint8Array(32).fill(index);
  seed.set([0x73, 0x69, 0x6d + keyNumber, index >> 8]);
  const messageKey = new Ed25519PrivateKey(seed);
  const node: NodeId = { responderId: `node${index}.test:8443`, publicKey: bytes(messageKey.publicKey(), 32, "A key") };
  return { index, node, messageKey, clientResponderId: `node${index}.test:443` };
}
