// All of Fog in this process: the real enclaves and a real recovery database, and hosts that do what hosts do and write down
// what they see. Clients reach it over Connect, as they reach any.
import { createRouterTransport, type Transport } from "@connectrpc/connect";
import { createEvidenceVerifier, createPolicy } from "@fogbow/core-attest";
import { type BlockData, createBlock, NO_MINTING, originBlock } from "@fogbow/core-block";
import type { CompressedPoint, PublicKey } from "@fogbow/core-crypto";
import type { ETxOutRecord, TxOut } from "@fogbow/core-transaction";
import { MemoryLedger } from "@fogbow/ledger-db";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import { identityOf } from "@fogbow/runtime-enclave";
import { type FogClientParts, FogLedgerClient, FogViewClient } from "@fogbow/sdk";
import { Door, MEASUREMENT, NOW, type Observer } from "./door.ts";
import { ENCLAVES, type EnclaveMakers } from "./enclave-makers.ts";
import type { KernelWatch } from "./kernel-watch.ts";
import { LocalIngest } from "./local-ingest.ts";
import { LocalLedger } from "./local-ledger.ts";
import { LocalView } from "./local-view.ts";
import { Notebook } from "./notebook.ts";
import { randomFrom } from "./random.ts";

/** What it is made for. */
export interface LocalFogOptions {
  /** Room for records, counters of users, outputs and key images; a power of two. */
  readonly capacity: number;
  /** Outputs of the first block, which no ingest server has seen. */
  readonly origin: readonly TxOut[];
}

/** Who makes the enclaves, and who watches their kernels. */
export interface LocalFogParts {
  readonly enclaves?: EnclaveMakers;
  readonly watch?: KernelWatch;
  /** What Fog View is given in the place of a block's rows, by somebody who writes to the database. */
  readonly forge?: (rows: readonly ETxOutRecord[], block: bigint) => readonly ETxOutRecord[];
}

/** Product ids of the enclaves (spec 03 §1.2). */
const [LEDGER, VIEW, INGEST] = [2, 3, 4];
/** The newest block version that asks for no metadata. */
const BLOCK_VERSION = 2;

/** Fog, with a ledger of its own. */
export class LocalFog {
  /** What the hosts have written down. */
  readonly notebook: Notebook;
  /** Where clients' calls go. */
  readonly transport: Transport;
  readonly #ledger = new MemoryLedger();
  readonly #db: RecoveryDb;
  readonly #ingest: LocalIngest;
  readonly #view: LocalView;
  readonly #fogLedger: LocalLedger;

  private constructor(parts: {
    readonly db: RecoveryDb;
    readonly ingest: LocalIngest;
    readonly view: LocalView;
    readonly fogLedger: LocalLedger;
    readonly notebook: Notebook;
  }) {
    this.#db = parts.db;
    this.#ingest = parts.ingest;
    this.#view = parts.view;
    this.#fogLedger = parts.fogLedger;
    this.notebook = parts.notebook;
    this.transport = createRouterTransport((router) => {
      this.#view.serve(router);
      this.#fogLedger.serve(router);
    });
  }

  static async start({ capacity, origin }: LocalFogOptions, parts: LocalFogParts = {}): Promise<LocalFog> {
    const { enclaves = ENCLAVES, watch, forge = (rows) => rows } = parts;
    const notebook = new Notebook();
    const observer: Observer = { notebook, watch };
    const door = (name: string, productId: number, make: ConstructorParameters<typeof Door>[0]["make"]): Door =>
      new Door({ name, productId, make }, observer);
    const viewDoor = (name: string): Door => door(name, VIEW, (own) => enclaves.createFogViewEnclave(own));
    const ledgerDoor = (name: string): Door => door(name, LEDGER, (own) => enclaves.createLedgerEnclave(own));
    const db = await openRecoveryDb({});
    await db.migrate();
    const ingestDoor = door("ingest.test:1", INGEST, (own) => enclaves.createFogIngestEnclave(own));
    const ingest = await LocalIngest.start(ingestDoor, db, capacity);
    const view = await LocalView.start(
      { router: viewDoor("view.test:1"), store: viewDoor("view-store.test:1"), db, notebook, forge },
      capacity,
    );
    const fogLedger = await LocalLedger.start(
      { router: ledgerDoor("ledger.test:1"), store: ledgerDoor("image-store.test:1"), notebook },
      { keyImages: BigInt(capacity), outputs: BigInt(capacity) },
    );
    const fog = new LocalFog({ db, ingest, view, fogLedger, notebook });
    await fog.#take({ ...originBlock(origin), signature: undefined, metadata: undefined });
    return fog;
  }

  /** To which senders encrypt hints. */
  get ingressKey(): PublicKey {
    return this.#ingest.ingressKey;
  }

  /** How many outputs there are. */
  get txoCount(): bigint {
    return this.#ledger.numTxOuts();
  }

  /** The ledger, for whoever needs no secret. */
  get ledger(): MemoryLedger {
    return this.#ledger;
  }

  /** Adds a block, which all of Fog takes before anybody is answered again. */
  async add(outputs: readonly TxOut[], keyImages: readonly CompressedPoint[]): Promise<void> {
    const parent = this.#ledger.lastBlock();
    if (parent === undefined) throw new Error("There is an origin block.");
    const contents = { keyImages: [...keyImages], outputs: [...outputs], ...NO_MINTING };
    const block = createBlock(parent, { version: BLOCK_VERSION, rootElement: this.#ledger.root(), contents });
    await this.#take({ block, contents, signature: undefined, metadata: undefined });
  }

  /** A wallet's clients. */
  clients(
    name: string,
    transport: Transport = this.transport,
  ): { readonly view: FogViewClient; readonly ledger: FogLedgerClient } {
    const parts = { ...clientParts(name), transport };
    return {
      view: new FogViewClient({ responderId: "view.test:1" }, parts),
      ledger: new FogLedgerClient({ responderId: "ledger.test:1" }, parts),
    };
  }

  /** Ends the database. */
  close(): Promise<void> {
    return this.#db.close();
  }

  async #take(data: BlockData): Promise<void> {
    const { index } = data.block;
    this.#ledger.append(data);
    const { outputs } = data.contents;
    await this.#ingest.ingest({ index, outputs, cumulativeTxoCount: this.#ledger.numTxOuts() });
    await this.#view.load(this.#ingest.ingressKey, index);
    await this.#fogLedger.load(data);
  }
}

/** Parts of a client that believes the evidence of these enclaves. */
function clientParts(name: string): FogClientParts {
  const policy = createPolicy({ measurements: [{ identity: identityOf(MEASUREMENT) }], platforms: ["simulated"] });
  return {
    verify: createEvidenceVerifier({ policy: () => policy, now: () => NOW }),
    random: randomFrom(`client ${name}`),
    now: () => NOW,
    wait: async () => {
      throw new Error("Nothing here is asked for twice.");
    },
    chainId: "test",
  };
}
