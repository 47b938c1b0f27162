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

const known = new Map<number, Identity>();

/** Node `index`, counted from 1. The same object each time. */
export function identity(index: number): Identity {
  const found = known.get(index) ?? create(index);
  known.set(index, found);
  return found;
}

function create(index: number): Identity {
  const seed = new Uint8Array(32).fill(index);
  seed.set([0x73, 0x69, 0x6d, index >> 8]);
  const messageKey = new Ed25519PrivateKey(seed);
  const node: NodeId = { responderId: `node${index}.test:8443`, publicKey: bytes(messageKey.publicKey(), 32, "A key") };
  return { index, node, messageKey, clientResponderId: `node${index}.test:443` };
}
