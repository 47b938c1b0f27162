// Ingest servers that keep the rules of spec 03 §2.6 to §2.8 on a real recovery database and over real RPC, without an
// enclave: keys are random bytes, and blocks have no outputs.
import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { AccountIngestAPI, IngestControllerMode, IngestSummarySchema } from "@fogbow/core-wire";
import { LEASE_HEADER, leaseFromHeader, type RecoveryDb, RecoveryDbError } from "@fogbow/recovery-db";
import { createLog, createMetrics, type RpcLimits, type Server, serve, serveService } from "@fogbow/server";

const ROOMY: RpcLimits = {
  requestBytesMax: 65_536,
  responseBytesMax: 65_536,
  deadlineMs: 5_000,
  concurrencyMax: 8,
  queueMax: 8,
};
const LIMITS = Object.fromEntries(AccountIngestAPI.methods.map(({ localName }) => [localName, ROOMY])) as Record<
  keyof (typeof AccountIngestAPI)["method"],
  RpcLimits
>;
const WINDOW = 10n;

/** An ingest server. */
export class FakeIngest {
  readonly #db: RecoveryDb;
  #server: Server | undefined;
  #invocation: bigint | undefined;
  #egress: Uint8Array = randomBytes(32);
  #next = 0n;
  port = 0;
  key: Uint8Array = randomBytes(32);
  isActive = false;
  /** How many of the next calls of an RPC fail. */
  readonly failures: { status: number; newKeys: number; activate: number } = { status: 0, newKeys: 0, activate: 0 };
  /** Calls that change something, in their order. */
  readonly calls: string[] = [];
  /** Runs before an activation takes a key on. */
  beforeActivation: () => Promise<void> = async () => undefined;

  constructor(db: RecoveryDb) {
    this.#db = db;
  }

  get uri(): string {
    return `insecure-fog-ingest://127.0.0.1:${this.port}/`;
  }

  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const service = serveService(AccountIngestAPI, LIMITS, this.#implementation());
    this.#server = await serve(
      { listen: { host: "127.0.0.1", port: this.port }, services: [service] },
      { log: createLog({ name: "ingest", level: "silent" }), metrics: createMetrics(), now: Date.now },
    );
    this.port = this.#server.port;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
    this.isActive = false;
  }

  /** Takes its key on, publishes a report and begins to scan. */
  async activate(lease?: string | null): Promise<void> {
    if (this.isActive) return;
    const last = await this.#db.lastScannedBlockIndex(this.key);
    const status = await this.#db.ingressKeyStatus(this.key);
    await this.beforeActivation();
    this.#next =
      status === undefined
        ? await this.#db.newIngressKey(this.key, 0n, leaseFromHeader(lease))
        : last === undefined
          ? status.startBlock
          : last + 1n;
    await this.#publish();
    this.isActive = true;
  }

  /** Scans a block, or stops when its key is retired and done. */
  async scan(): Promise<void> {
    const { retired, pubkeyExpiry } = await this.#publish();
    if (retired && this.#next > pubkeyExpiry) {
      this.isActive = false;
      return;
    }
    const rng = { publicKey: this.#egress, version: 0 };
    this.#invocation ??= await this.#db.newIngestInvocation(undefined, this.key, rng, this.#next);
    await this.#db.addBlockData(this.#invocation, { index: this.#next, cumulativeTxoCount: 0n }, 1n, []);
    this.#next += 1n;
  }

  /** Is idle, as after a restart. */
  idle(): void {
    this.isActive = false;
    this.#invocation = undefined;
    this.#egress = randomBytes(32);
  }

  #publish() {
    return this.#db.setReport(this.key, this.name, {
      evidence: new Uint8Array(4),
      pubkeyExpiry: this.#next + WINDOW,
    });
  }

  #summary() {
    return create(IngestSummarySchema, {
      mode: this.isActive ? IngestControllerMode.Active : IngestControllerMode.Idle,
      ingressPubkey: { data: this.key },
      egressPubkey: this.#egress,
      nextBlockIndex: this.#next,
      pubkeyExpiryWindow: WINDOW,
    });
  }

  #fail(rpc: keyof FakeIngest["failures"]): void {
    if (this.failures[rpc] === 0) return;
    this.failures[rpc] -= 1;
    throw new ConnectError("Not now.", Code.Internal);
  }

  #implementation(): Partial<ServiceImpl<typeof AccountIngestAPI>> {
    return {
      getStatus: () => {
        this.#fail("status");
        return this.#summary();
      },
      newKeys: () => {
        this.calls.push("newKeys");
        this.#fail("newKeys");
        if (this.isActive) throw new ConnectError("Active.", Code.FailedPrecondition);
        this.key = randomBytes(32);
        this.idle();
        return this.#summary();
      },
      activate: async (_, { requestHeader }) => {
        this.calls.push("activate");
        this.#fail("activate");
        try {
          await this.activate(requestHeader.get(LEASE_HEADER));
        } catch (error) {
          if (!(error instanceof RecoveryDbError)) throw error;
          throw new ConnectError(error.code, Code.FailedPrecondition);
        }
        return this.#summary();
      },
    };
  }
}
