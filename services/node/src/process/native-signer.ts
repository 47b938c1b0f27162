// Signing messages with the system's Ed25519, some fifteen times as fast as ours: a node signs a few messages a slot and
// verifies those of everybody (spec 05 §7.3, rule 5).
import { createPrivateKey, sign } from "node:crypto";
import { nativeEd25519Verify } from "@fogbow/archive";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { formatMessageSigner } from "../config/message-key.ts";
import type { MessageSigner } from "../parts.ts";

/** Signs with a key, and verifies by the rules of `@fogbow/core-crypto`. */
export function nativeSigner(messageKey: Ed25519PrivateKey): MessageSigner {
  const key = createPrivateKey(formatMessageSigner(messageKey));
  return {
    sign: (digest) => new Uint8Array(sign(null, digest, key)),
    verify: nativeEd25519Verify,
  };
}
