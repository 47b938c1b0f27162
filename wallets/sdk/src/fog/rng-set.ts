// The sequences of search keys of a wallet: one for each ingest invocation there ever was.
import { toHex } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey, type PrivateKey } from "@fogbow/core-crypto";
import type { DecommissionedInvocation, RngRecord } from "./fog-servers.ts";

/** One sequence. */
export interface FogRng {
  readonly rng: KexRng;
  readonly record: RngRecord;
  /** The last block of its invocation, once a notice says that it has ended; 0 for none, too. */
  lastIngestedBlock: bigint | undefined;
  /** Nothing will come any more. */
  isStopped: boolean;
}

/** All of a wallet's sequences, in the order of their invocations. */
export class RngSet {
  /** The view private key of the **default subaddress**: hints carry its public key. */
  readonly #viewPrivateKey: PrivateKey;
  readonly #byKey = new Map<string, FogRng>();
  /** Notices of invocations whose record has not come yet. */
  readonly #notices = new Map<bigint, bigint>();

  constructor(viewPrivateKey: PrivateKey) {
    this.#viewPrivateKey = viewPrivateKey;
  }

  /** Adds a sequence unless it is known. Throws CryptoError `unknown-kex-rng-version`, `invalid-public-key`. */
  add(record: RngRecord): void {
    const name = toHex(record.publicKey);
    if (this.#byKey.has(name)) return;
    const rng = KexRng.fromKeyExchange(this.#viewPrivateKey, kexRngPublicKey(record.publicKey, record.version));
    const lastIngestedBlock = this.#notices.get(record.ingestInvocationId);
    this.#byKey.set(name, { rng, record, lastIngestedBlock, isStopped: false });
  }

  /** Takes note that an invocation has ended. */
  decommission({ ingestInvocationId, lastIngestedBlock }: DecommissionedInvocation): void {
    this.#notices.set(ingestInvocationId, lastIngestedBlock);
    for (const each of this.#byKey.values()) {
      if (each.record.ingestInvocationId === ingestInvocationId) each.lastIngestedBlock = lastIngestedBlock;
    }
  }

  /** Those that may still have something. */
  live(): FogRng[] {
    return [...this.#byKey.values()]
      .filter(({ isStopped }) => !isStopped)
      .sort((a, b) => (a.record.ingestInvocationId < b.record.ingestInvocationId ? -1 : 1));
  }
}
