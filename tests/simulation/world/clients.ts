// Wallets: they attest a node's enclave, propose transactions, try again until they see what became of them, and tell when
// what they see is not what they were told (spec 05 §2.4, §6.4).
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { beginChannel, Session } from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { type MintConfigTx, type MintTx, mintConfigTxToWire, mintTxToWire } from "@fogbow/core-transaction";
import {
  AuthMessageSchema,
  MessageSchema,
  MintConfigTxSchema,
  MintTxSchema,
  ProposeTxResponseSchema,
  TxState,
  WatchTxRequestSchema,
} from "@fogbow/core-wire";
import type { ClientHandlers } from "@fogbow/node";
import type { ChainChecks } from "../checks/chain-checks.ts";
import { Violation } from "../checks/violation.ts";
import { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";
import type { Scheduler } from "../engine/scheduler.ts";
import { identity } from "./identity.ts";
import type { SimulatedNode } from "./node.ts";
import type { PooledTx } from "./tx-pool.ts";

/** What clients work with. */
export interface ClientParts {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  /** Nodes that are honest; the others are lied to as well as lying. */
  readonly nodes: readonly SimulatedNode[];
  readonly chain: ChainChecks;
}

/** What became of a transaction so far. */
interface Submission {
  readonly tx: PooledTx;
  /** Honest nodes that said that they took it. */
  readonly takenBy: Set<number>;
  /** Codes that honest nodes answered otherwise. */
  readonly refusals: number[];
  attempts: number;
}

/** A minting transaction, and when it can no longer be in a block. */
interface MintSubmission {
  readonly propose: (client: ClientHandlers) => Promise<number | undefined>;
  readonly isIn: () => boolean;
  readonly tombstoneBlock: bigint;
  isRefused: boolean;
  readonly to?: SimulatedNode | undefined;
}

const CALL_MS_MAX = 10_000;
const AGAIN_MS = 3_000;
const SPENT = 27;
const MADE = 30;
const TOMBSTONE_PASSED = 18;

/** All wallets of a run. */
export class Clients {
  readonly #parts: ClientParts;
  readonly #process: SimulatedProcess;
  readonly #submissions: Submission[] = [];
  readonly #mints: MintSubmission[] = [];
  readonly #sessions = new Map<number, Session>();
  /** The end of the last call on each node's session: calls on one session keep their order. */
  readonly #turns = new Map<number, Promise<unknown>>();
  accepted = 0;
  /** How often wallets began a session with a node, by its number. */
  readonly sessionsBegun = new Map<number, number>();
  watched = 0;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#process = new SimulatedProcess("clients", parts.scheduler);
  }

  /** Submits a transaction to these nodes, and again until it is settled. */
  submit(tx: PooledTx, to: readonly SimulatedNode[]): void {
    const submission: Submission = { tx, takenBy: new Set(), refusals: [], attempts: 0 };
    this.#submissions.push(submission);
    for (const node of to) void this.#propose(submission, node);
    this.#later(submission);
  }

  /** Submits a configuration of minting. */
  submitMintConfig(tx: MintConfigTx): void {
    const request = toBinary(MintConfigTxSchema, create(MintConfigTxSchema, mintConfigTxToWire(tx)));
    this.#submitMint({
      propose: async (client) =>
        (await client.proposeMintConfigTx(fromBinary(MintConfigTxSchema, request))).result?.code,
      isIn: () =>
        this.#isInChain(({ validatedMintConfigTxs }) =>
          validatedMintConfigTxs.some(
            ({ mintConfigTx }) => toHex(mintConfigTx.prefix.nonce) === toHex(tx.prefix.nonce),
          ),
        ),
      tombstoneBlock: tx.prefix.tombstoneBlock,
      isRefused: false,
    });
  }

  /** Submits a minting transaction, to one node if it is named. */
  submitMint(tx: MintTx, to?: SimulatedNode): void {
    const request = toBinary(MintTxSchema, create(MintTxSchema, mintTxToWire(tx)));
    this.#submitMint({
      propose: async (client) => (await client.proposeMintTx(fromBinary(MintTxSchema, request))).result?.code,
      isIn: () =>
        this.#isInChain(({ mintTxs }) => mintTxs.some(({ prefix }) => toHex(prefix.nonce) === toHex(tx.prefix.nonce))),
      tombstoneBlock: tx.prefix.tombstoneBlock,
      isRefused: false,
      to,
    });
  }

  /** What is not settled yet, in words. */
  unsettled(): string[] {
    return [
      ...this.#submissions
        .filter((each) => !this.#isSettled(each))
        .map(({ tx, takenBy }) => `${tx.name} (taken by ${[...takenBy]})`),
      ...this.#mints.filter((each) => !this.#isMintSettled(each)).map(() => "a minting transaction"),
    ];
  }

  #later(submission: Submission): void {
    this.#process.post(AGAIN_MS * (0.5 + this.#parts.random.unit()), "client", () => {
      if (this.#isSettled(submission)) return;
      void this.#propose(submission, this.#parts.random.pick(this.#parts.nodes));
      this.#later(submission);
    });
  }

  #isSettled({ tx, refusals }: Submission): boolean {
    const { chain } = this.#parts;
    if (chain.blockOf(tx.hash) !== undefined) return true;
    if (BigInt(chain.height) >= tx.tombstoneBlock) return true;
    if (tx.result !== 0) return refusals.length > 0;
    const { keyImages, outputPublicKeys } = tx;
    return (
      keyImages.some((image) => chain.spentIn(image) !== undefined) ||
      outputPublicKeys.some((key) => chain.madeIn(key) !== undefined)
    );
  }

  async #propose(submission: Submission, node: SimulatedNode): Promise<void> {
    const { tx } = submission;
    submission.attempts++;
    try {
      const code = await this.#inTurn(node.index, () => this.#send(node, tx.bytes));
      if (node.isFaulty) return;
      if (code === 0) {
        this.accepted++;
        submission.takenBy.add(node.index);
        if (tx.result !== 0) throw new Violation("answers", `Node ${node.index} took ${tx.name}.`);
        if (this.#parts.random.chance(0.2)) void this.#watch(node, tx);
      } else {
        submission.refusals.push(code);
        this.#assertCode(node, tx, code);
      }
    } catch (error) {
      if (error instanceof Violation) this.#parts.scheduler.fail(error);
      // Otherwise the node was not there, or busy, or had lost the session: the next attempt begins anew.
    }
  }

  #assertCode(node: SimulatedNode, tx: PooledTx, code: number): void {
    const { chain } = this.#parts;
    const isTrue =
      (code === SPENT && tx.keyImages.some((image) => chain.spentIn(image) !== undefined)) ||
      (code === MADE && tx.outputPublicKeys.some((key) => chain.madeIn(key) !== undefined)) ||
      (code === TOMBSTONE_PASSED && BigInt(chain.height) >= tx.tombstoneBlock) ||
      (code === tx.result && code !== 0);
    if (!isTrue) throw new Violation("answers", `Node ${node.index} answered ${code} to ${tx.name}.`);
  }

  async #send(node: SimulatedNode, plaintext: Uint8Array): Promise<number> {
    const { random } = this.#parts;
    try {
      let session = this.#sessions.get(node.index);
      if (session === undefined) {
        const pending = beginChannel({ responderId: identity(node.index).clientResponderId }, { random: random.bytes });
        const answer = await this.#call(node, (client) =>
          client.auth(create(AuthMessageSchema, { data: pending.request })),
        );
        const { keys } = await pending.finish(answer.data.slice(), async () => undefined);
        session = new Session(keys);
        this.sessionsBegun.set(node.index, (this.sessionsBegun.get(node.index) ?? 0) + 1);
        this.#sessions.set(node.index, session);
      }
      const { aad, channelId, data } = session.seal(plaintext);
      const request = toBinary(MessageSchema, create(MessageSchema, { aad, channelId, data }));
      const response = await this.#call(node, (client) => client.clientTxPropose(fromBinary(MessageSchema, request)));
      return fromBinary(ProposeTxResponseSchema, toBinary(ProposeTxResponseSchema, response)).result;
    } catch (error) {
      // A refusal for want of room keeps the session in step (spec 05 §2.4); anything else may not.
      if (!(error instanceof ConnectError) || error.code !== Code.Unavailable || error.rawMessage === GONE) {
        this.#sessions.delete(node.index);
      }
      throw error;
    }
  }

  /** Follows a transaction to its end, as a node tells it. */
  async #watch(node: SimulatedNode, tx: PooledTx): Promise<void> {
    const { chain } = this.#parts;
    const replica = node.replica;
    if (replica === undefined) return;
    const txHash = Uint8Array.from(Buffer.from(tx.hash, "hex"));
    try {
      const request = create(WatchTxRequestSchema, { txHash, tombstoneBlock: tx.tombstoneBlock });
      for await (const { state, blockIndex } of replica.client.watchTx(request, { caller: "client" })) {
        if (state === TxState.EXTERNALIZED && chain.blockOf(tx.hash) !== blockIndex) {
          throw new Violation("acknowledged", `Node ${node.index} says that ${tx.name} is in block ${blockIndex}.`);
        }
        if (state === TxState.EXPIRED && BigInt(chain.height) < tx.tombstoneBlock) {
          throw new Violation("acknowledged", `Node ${node.index} says too early that ${tx.name} has expired.`);
        }
        this.watched++;
      }
    } catch (error) {
      if (error instanceof Violation) this.#parts.scheduler.fail(error);
    }
  }

  #submitMint(submission: MintSubmission): void {
    this.#mints.push(submission);
    const attempt = (): void => {
      if (this.#isMintSettled(submission)) return;
      const node = submission.to ?? this.#parts.random.pick(this.#parts.nodes);
      this.#call(node, submission.propose).catch(() => undefined);
      this.#process.post(AGAIN_MS, "mint", attempt);
    };
    attempt();
  }

  #isMintSettled({ isIn, tombstoneBlock, isRefused }: MintSubmission): boolean {
    return isRefused || BigInt(this.#parts.chain.height) >= tombstoneBlock || isIn();
  }

  #isInChain(holds: (contents: NonNullable<ReturnType<ChainChecks["block"]>>["data"]["contents"]) => boolean): boolean {
    const { chain } = this.#parts;
    for (let index = chain.height - 1; index > 0; index--) {
      const block = chain.block(index);
      if (block !== undefined && holds(block.data.contents)) return true;
    }
    return false;
  }

  #inTurn<T>(index: number, body: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(index) ?? Promise.resolve()).then(body, body);
    this.#turns.set(
      index,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Calls a node: the way there and back takes time, and a node that is not there does not answer. */
  #call<T>(node: SimulatedNode, ask: (client: ClientHandlers) => Promise<T>): Promise<T> {
    const { random } = this.#parts;
    return new Promise((resolve, reject) => {
      const timeout = this.#process.post(CALL_MS_MAX, "client timeout", () =>
        reject(new ConnectError(GONE, Code.Unavailable)),
      );
      this.#process.post(random.exponential(10), "client call", () => {
        const { replica, process } = node;
        const back = (settle: () => void): void => {
          this.#process.post(random.exponential(10), "client answer", () => {
            timeout.cancel();
            settle();
          });
        };
        if (replica === undefined || process === undefined || process.isFrozen) return;
        Promise.resolve()
          .then(() => ask(replica.client))
          .then(
            (answer) => back(() => resolve(answer)),
            (error: unknown) => back(() => reject(error)),
          );
      });
    });
  }
}

const GONE = "No answer.";
