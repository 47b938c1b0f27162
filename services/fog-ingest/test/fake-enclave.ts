// An enclave that keeps the ingest enclave's promises without its secrets, and fails where a test wants it to.
import { createHash, randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { bytes, equalBytes } from "@fogbow/core-bytes";
import { type AuthMessage, AuthMessageSchema, type Message, MessageSchema } from "@fogbow/core-wire";
import type { KexRngKey } from "@fogbow/recovery-db";
import type { Chunk, IngestEnclave, IngestedChunk, PublishedEvidence, SealedKey } from "../src/parts.ts";

/** What a call may be made to do. */
export class RefusedCall extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`The enclave refuses: ${reason}.`);
    this.reason = reason;
  }
}

/** One enclave. A sealed key is the key itself. */
export class FakeEnclave implements IngestEnclave {
  /** Outputs of one egress key. */
  capacity = 1_000_000;
  /** Thrown by the next calls of `ingest`, after the counter has moved. */
  readonly failures: Error[] = [];
  /** Whether evidence names the key of now; otherwise one that nobody has. */
  isHonest = true;
  /** Every search key that was made, with its egress key. */
  readonly made: { readonly block: bigint; readonly egress: string; readonly counter: number }[] = [];
  #key: Uint8Array;
  #egress: Uint8Array = new Uint8Array(randomBytes(32));
  #counter = 0;
  #evidence: Uint8Array;
  #restarted: () => void = () => undefined;

  constructor(sealed?: Uint8Array) {
    this.#key = sealed ?? new Uint8Array(randomBytes(32));
    this.#evidence = this.#key;
  }

  async ingressKey(): Promise<SealedKey> {
    return { publicKey: this.#key, sealed: this.#key };
  }

  async rng(): Promise<KexRngKey> {
    return { publicKey: this.#egress, version: 0 };
  }

  async newKeys(): Promise<void> {
    this.#key = new Uint8Array(randomBytes(32));
    await this.newEgressKey();
  }

  async newEgressKey(): Promise<void> {
    this.#egress = new Uint8Array(randomBytes(32));
    this.#counter = 0;
  }

  async ingest({ blockIndex, outputs, outputsToFollow }: Chunk): Promise<IngestedChunk> {
    const before = this.#egress;
    if (this.#counter + outputs.length + outputsToFollow > this.capacity && this.#counter > 0)
      await this.newEgressKey();
    const records = outputs.map(() => {
      const counter = this.#counter++;
      const egress = Buffer.from(this.#egress).toString("hex");
      this.made.push({ block: blockIndex, egress, counter });
      const digest = createHash("sha256").update(`${egress} ${counter}`).digest();
      return {
        searchKey: bytes(new Uint8Array(digest.subarray(0, 16)), 16, "search key"),
        payload: new Uint8Array(randomBytes(237)),
      };
    });
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return { records, newRng: equalBytes(before, this.#egress) ? undefined : await this.rng() };
  }

  evidence(): PublishedEvidence {
    const ingressKey = this.isHonest ? this.#evidence : new Uint8Array(32);
    return { ingressKey, encoded: new Uint8Array([0x22, 1, 0]) };
  }

  async refreshEvidence(): Promise<void> {
    this.#evidence = this.#key;
  }

  async peerBegin(responderId: string): Promise<AuthMessage> {
    return create(AuthMessageSchema, { data: Buffer.from(responderId) });
  }

  async peerFinish(_: string, answer: AuthMessage): Promise<Uint8Array> {
    return answer.data;
  }

  async peerAuth(request: AuthMessage): Promise<AuthMessage> {
    if (request.data.length === 0) throw new RefusedCall("malformed");
    return create(AuthMessageSchema, { data: new Uint8Array(randomBytes(64)) });
  }

  async peerClose(): Promise<void> {}

  async privateKeyFor(channelId: Uint8Array): Promise<Message> {
    return create(MessageSchema, { channelId, data: this.#key });
  }

  async takePrivateKey({ data }: Message): Promise<void> {
    if (data.length !== 32) throw new RefusedCall("decryption-failed");
    if (equalBytes(data, this.#key)) return;
    this.#key = data;
    await this.newEgressKey();
  }

  onRestart(listener: () => void): void {
    this.#restarted = listener;
  }

  /** Crashes, and is started anew with its key. */
  async restart(): Promise<void> {
    await this.newEgressKey();
    this.#restarted();
  }
}
