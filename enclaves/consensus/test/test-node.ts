// What a node's host and a client do with a consensus enclave, without a node around it. The enclave may run in this thread
// or behind a door: all that is asked of it is to answer calls.
import {
  beginChannel,
  createSimulatedPlatform,
  decodeAuthMessage,
  encodeAuthMessage,
  encodeEvidence,
  encodeSealedMessage,
  makeSimulatedEvidence,
  Session,
} from "@fogbow/core-attest";
import {
  type Block,
  type BlockContents,
  blockFromWire,
  blockToWire,
  chooseMintTxs,
  contentsFromWire,
  contentsToWire,
  type NewBlock,
  verifyBlockSignature,
} from "@fogbow/core-block";
import { bytes, fromHex, type TokenId } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, ed25519Sign } from "@fogbow/core-crypto";
import {
  encodeTx,
  type MintConfigTx,
  type MintTx,
  membershipElementToWire,
  membershipProofToWire,
  mintConfigToWire,
  mintConfigTxToWire,
  mintTxFromWire,
  mintTxToWire,
  type SignerSet,
  signerSetToWire,
  type Tx,
  txHash,
} from "@fogbow/core-transaction";
import {
  AbsorbBlockRequestSchema,
  type ChainConfig,
  CheckTxsRequestSchema,
  CheckTxsResponseSchema,
  type ClientProposal,
  ClientProposalSchema,
  decodeMessage,
  encodeMessage,
  FormBlockRequestSchema,
  FormBlockResponseSchema,
  InitRequestSchema,
  type InitResponse,
  InitResponseSchema,
  PeerAuthRequestSchema,
  PeerBeginRequestSchema,
  PeerChannelSchema,
  PeerFinishRequestSchema,
  PeerSealRequestSchema,
  type SealedBlock,
  SignCheckpointRequestSchema,
  type SignCheckpointResponse,
  SignCheckpointResponseSchema,
  SortKeyImagesRequestSchema,
  type SortKeyImagesResponse,
  SortKeyImagesResponseSchema,
  type TxContext,
  TxContextsSchema,
  TxHashesSchema,
  type TxVerdict,
  type Values,
  ValuesSchema,
  VerifyRecordsRequestSchema,
} from "@fogbow/core-wire";
import type { Enclave } from "@fogbow/runtime-enclave";
import { seededRandom, testParts } from "../../../enclaves/runtime/test/test-parts.ts";
import type { Ledger, RecordsToVerify } from "../../../stores/ledger-db/src/index.ts";
import { forming } from "../../../stores/ledger-db/test/economy.ts";
import { governorsDigest } from "../src/chain-rules.ts";
import { type ConsensusOverrides, type ConsensusParts, createConsensusEnclave } from "../src/index.ts";

/** Asks an enclave. */
export type Ask = (entryPoint: string, input: Uint8Array) => Promise<Uint8Array>;

/** The private half of development's minting trust root, which is known to all. */
export const TRUST_ROOT: Ed25519PrivateKey = new Ed25519PrivateKey(
  fromHex("a80fdc86eefbd207184e15a8c5fa018b17409aacc07d2094b74ea734aafe7840"),
);

/** The time by every clock. */
export const NOW: number = Date.UTC(2026, 10, 30);

const NONE = new Uint8Array(0);
const ANY = { bytesMax: 67_108_864 };

/** A chain configuration as `encodeMessage` takes it. */
export type ChainInit = Partial<Omit<ChainConfig, "$typeName" | "$unknown" | "tokens">> & {
  readonly tokens?: TokenInit[];
};

/** A token of it. */
export interface TokenInit {
  readonly tokenId: bigint;
  readonly minimumFee: bigint;
  readonly governors?: ReturnType<typeof signerSetToWire>;
}

/** The rules of the economy of ledger-db's tests: tokens 0, 5 and 9, of which the second is governed. */
export function chainConfig(change: ChainInit = {}): ChainInit {
  const { minimumFees, governors, blockVersion } = forming();
  const governed = new Map<TokenId, SignerSet>();
  const tokens = minimumFees.entries().map(([tokenId, minimumFee]): TokenInit => {
    const set = governors(tokenId);
    if (set === undefined) return { tokenId, minimumFee };
    governed.set(tokenId, set);
    return { tokenId, minimumFee, governors: signerSetToWire(set) };
  });
  return { blockVersion, tokens, governorsSignature: signGovernors(governed), network: "development", ...change };
}

/** A signature over governors by development's trust root. */
export function signGovernors(governors: ReadonlyMap<TokenId, SignerSet>): Uint8Array {
  return ed25519Sign(TRUST_ROOT, governorsDigest(governors));
}

/** What a node is started with. */
export interface TestNodeOptions {
  readonly name?: string;
  readonly chain?: ChainInit;
  readonly sealedKey?: Uint8Array;
  /** Whether the node forgets, and what it goes on from. */
  readonly forgets?: boolean;
  readonly sealedLedger?: Uint8Array;
  /** Threads that verify; none unless given. */
  readonly verifierThreads?: number;
  readonly parts?: Partial<ConsensusParts>;
  readonly overrides?: ConsensusOverrides;
}

/** An enclave in this thread with simulated evidence, which a host has not initialised. */
export function bareEnclave({ name = "node1", parts, overrides }: TestNodeOptions = {}): {
  readonly enclave: Enclave;
  readonly ask: Ask;
} {
  const own: ConsensusParts = { ...testParts(), random: seededRandom(`enclave ${name}`), ...parts };
  const enclave = createConsensusEnclave(own, overrides);
  takeSimulatedEvidence(enclave, own);
  return { enclave, ask: async (entryPoint, input) => enclave.call(entryPoint, input) };
}

/** Gives an enclave evidence for what it attests now. */
function takeSimulatedEvidence(enclave: Enclave, { peer, random }: ConsensusParts): void {
  const machine = createSimulatedPlatform("simulated", { random, now: NOW });
  if (peer.identity.kind !== "mr-enclave" || enclave.attests === undefined) throw new Error("It is simulated.");
  const { key, customIdentity } = enclave.attests;
  const contents = { nonce: random(16), key, ...(customIdentity && { customIdentity }) };
  const simulated = { measurement: peer.identity.mrEnclave, productId: 1, securityVersion: 1 };
  const evidence = makeSimulatedEvidence(machine, simulated, { contents, now: NOW });
  enclave.takeEvidence?.({ kind: "dcap", bytes: encodeEvidence(evidence) });
}

/** A node that was initialised, in this thread. */
export async function startNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const { name = "node1" } = options;
  const { ask, enclave } = bareEnclave(options);
  return TestNode.init(ask, { ...options, name }, enclave);
}

/** A host and its enclave. */
export class TestNode {
  readonly ask: Ask;
  readonly name: string;
  readonly initial: InitResponse;
  /** The enclave, where it runs in this thread. */
  readonly enclave: Enclave | undefined;

  private constructor(ask: Ask, name: string, initial: InitResponse, enclave: Enclave | undefined) {
    this.ask = ask;
    this.name = name;
    this.initial = initial;
    this.enclave = enclave;
  }

  /** Initialises an enclave. */
  static async init(ask: Ask, options: TestNodeOptions, enclave?: Enclave): Promise<TestNode> {
    const { name = "node1" } = options;
    const input = initRequest(options);
    return new TestNode(ask, name, decodeMessage(InitResponseSchema, await ask("init", input), ANY), enclave);
  }

  /** A client's session with the enclave, whose evidence it believes. */
  async client(seed = "client"): Promise<Session> {
    const pending = beginChannel({ responderId: `${this.name}.test:443` }, { random: seededRandom(seed) });
    const answer = decodeAuthMessage(await this.ask("client-auth", encodeAuthMessage(pending.request)));
    return new Session((await pending.finish(answer, () => undefined)).keys);
  }

  /** Proposes a transaction as a client. */
  async propose(session: Session, tx: Tx | Uint8Array): Promise<ClientProposal> {
    const sealed = session.seal(tx instanceof Uint8Array ? tx : encodeTx(tx));
    return decodeMessage(ClientProposalSchema, await this.ask("client-propose", encodeSealedMessage(sealed)), ANY);
  }

  /** Proposes transactions as a client of its own, and what the host learned of them. */
  async takeIn(...txs: readonly Tx[]): Promise<TxContext[]> {
    const session = await this.client();
    const contexts: TxContext[] = [];
    for (const tx of txs) {
      const { result } = await this.propose(session, tx);
      if (result.case !== "tx") throw new Error(`A proposal is refused: ${result.value}.`);
      contexts.push(result.value);
    }
    return contexts;
  }

  /** Checks transactions as of a ledger. */
  async check(
    ledger: Ledger,
    contexts: readonly Pick<TxContext, "txHash" | "highestIndices">[],
    currentIndex = ledger.numBlocks(),
  ): Promise<TxVerdict[]> {
    const input = encodeMessage(CheckTxsRequestSchema, {
      currentIndex,
      txHashes: contexts.map(({ txHash }) => txHash),
      rootProofs: rootProofs(ledger, contexts),
    });
    return decodeMessage(CheckTxsResponseSchema, await this.ask("check-txs", input), ANY).verdicts;
  }

  /** Takes in and checks transactions, all of which must be well formed. */
  async accept(ledger: Ledger, ...txs: readonly Tx[]): Promise<TxContext[]> {
    const contexts = await this.takeIn(...txs);
    const verdicts = await this.check(ledger, contexts);
    const refused = verdicts.find(({ result, isUnknown }) => result !== 0 || isUnknown);
    if (refused !== undefined) throw new Error(`A transaction is not well formed: ${refused.result}.`);
    return contexts;
  }

  /** Combines values for the next block of a ledger. */
  async combine(ledger: Ledger, values: ValuesToCombine): Promise<Values> {
    const { txHashes = [], mintConfigTxs = [], mintTxs = [] } = values;
    const chosen = chooseMintTxs(mintTxs, (token) => ledger.activeMintConfigs(token));
    const input = encodeMessage(ValuesSchema, {
      txHashes: [...txHashes],
      mintConfigTxs: mintConfigTxs.map(mintConfigTxToWire),
      mintTxs: chosen.map(({ mintTx }) => mintTxToWire(mintTx)),
      ...(chosen.length > 0 && { parentBlockId: parentOf(ledger).id }),
    });
    return decodeMessage(ValuesSchema, await this.ask("combine", input), ANY);
  }

  /** Forms the next block of a ledger. `contexts` are those of its transactions. */
  async form(ledger: Ledger, values: Values, contexts: readonly TxContext[]): Promise<FormedBlock> {
    return this.formOf(formRequest(ledger, values, contexts));
  }

  /** Forms the block that a request asks for. */
  async formOf(request: FormRequest): Promise<FormedBlock> {
    const output = await this.ask("form-block", encodeMessage(FormBlockRequestSchema, request));
    const { block, contents, signature, sealed } = decodeMessage(FormBlockResponseSchema, output, ANY);
    if (block === undefined || contents === undefined) throw new Error("A block comes with its contents.");
    const formed = { block: blockFromWire(block), contents: contentsFromWire(contents) };
    const signer = bytes(signature?.signer?.data ?? new Uint8Array(0), 32, "signer");
    const isSigned = verifyBlockSignature(formed.block, {
      signer,
      signature: bytes(signature?.signature?.data ?? new Uint8Array(0), 64, "signature"),
      signedAt: 0n,
    });
    return { ...formed, signer, isSigned, sealed };
  }

  /** Has a block that was formed elsewhere made into what a node that forgets stores. */
  async absorb({ block, contents }: NewBlock): Promise<Pick<FormedBlock, "block" | "contents" | "sealed">> {
    const request = { block: blockToWire(block), contents: contentsToWire(contents) };
    const output = await this.ask("absorb-block", encodeMessage(AbsorbBlockRequestSchema, request));
    const answer = decodeMessage(FormBlockResponseSchema, output, ANY);
    if (answer.block === undefined || answer.contents === undefined)
      throw new Error("A block comes with its contents.");
    return {
      block: blockFromWire(answer.block),
      contents: contentsFromWire(answer.contents),
      sealed: answer.sealed,
    };
  }

  /** Has records that were stored read again. */
  async verifyRecords(records: RecordsToVerify): Promise<void> {
    await this.ask("verify-records", encodeMessage(VerifyRecordsRequestSchema, records));
  }

  /** Gives all key images, as the host keeps them, until the enclave has them in order; how often it asked for them. */
  async sortKeyImages(blockId: Uint8Array, keyImages: Uint8Array[]): Promise<number> {
    for (let pass = 1; ; pass++) {
      const middle = keyImages.length >> 1;
      await this.giveKeyImages(blockId, keyImages.slice(0, middle));
      const { again } = await this.giveKeyImages(blockId, keyImages.slice(middle), true);
      if (!again) return pass;
    }
  }

  /** Gives some key images, the last ones or not, and waits until the enclave is done with them. */
  async giveKeyImages(blockId: Uint8Array, keyImages: Uint8Array[], ends = false): Promise<SortKeyImagesResponse> {
    const request = encodeMessage(SortKeyImagesRequestSchema, { blockId, keyImages, ends });
    const answer = decodeMessage(SortKeyImagesResponseSchema, await this.ask("sort-key-images", request), ANY);
    return answer.more ? this.giveKeyImages(blockId, []) : answer;
  }

  /** Has the ledger that ends with a block signed. */
  async signCheckpoint(blockId: Uint8Array): Promise<SignCheckpointResponse> {
    const output = await this.ask("sign-checkpoint", encodeMessage(SignCheckpointRequestSchema, { blockId }));
    return decodeMessage(SignCheckpointResponseSchema, output, ANY);
  }

  /** Has transactions forgotten. */
  async forget(...txHashes: readonly Uint8Array[]): Promise<void> {
    await this.ask("forget-txs", encodeMessage(TxHashesSchema, { txHashes: [...txHashes] }));
  }

  /** Connects to a peer; the channel's id. */
  async connect(peer: TestNode, nowMs = BigInt(NOW)): Promise<Uint8Array> {
    const responderId = `${peer.name}.test:8443`;
    const begun = await this.ask("peer-begin", encodeMessage(PeerBeginRequestSchema, { responderId }));
    const request = { data: decodeAuthMessage(begun) };
    const answered = await peer.ask("peer-auth", encodeMessage(PeerAuthRequestSchema, { request, nowMs }));
    const answer = { data: decodeAuthMessage(answered) };
    const output = await this.ask(
      "peer-finish",
      encodeMessage(PeerFinishRequestSchema, { responderId, answer, nowMs }),
    );
    return decodeMessage(PeerChannelSchema, output, ANY).channelId;
  }

  /** Seals transactions for a peer, as an encoded message. */
  seal(channelId: Uint8Array, txHashes: readonly Uint8Array[], aad: Uint8Array = NONE): Promise<Uint8Array> {
    return this.ask("peer-seal", encodeMessage(PeerSealRequestSchema, { channelId, txHashes: [...txHashes], aad }));
  }

  /** Takes in what a peer sealed. */
  async takeFromPeer(message: Uint8Array): Promise<TxContext[]> {
    return decodeMessage(TxContextsSchema, await this.ask("peer-propose", message), ANY).txs;
  }
}

/** Values of consensus, minting transactions as they were proposed. */
export interface ValuesToCombine {
  readonly txHashes?: readonly Uint8Array[];
  readonly mintConfigTxs?: readonly MintConfigTx[];
  readonly mintTxs?: readonly MintTx[];
}

/** A block as an enclave formed it. */
export interface FormedBlock {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signer: Uint8Array;
  readonly isSigned: boolean;
  /** What a node that forgets is to store. */
  readonly sealed: SealedBlock | undefined;
}

/** The request to initialise an enclave. */
export function initRequest(options: TestNodeOptions): Uint8Array {
  const { name = "node1", chain = chainConfig(), sealedKey = NONE, verifierThreads = 0 } = options;
  const { forgets = false, sealedLedger = NONE } = options;
  return encodeMessage(InitRequestSchema, {
    clientResponderId: `${name}.test:443`,
    peerResponderId: `${name}.test:8443`,
    sealedBlockSigningKey: sealedKey,
    chain,
    verifierThreads,
    forgets,
    sealedLedger,
  });
}

/** What a host asks for when consensus is reached. */
export function formRequest(ledger: Ledger, values: Values, contexts: readonly TxContext[]) {
  return {
    parent: blockToWire(parentOf(ledger)),
    values,
    rootProofs: rootProofs(ledger, contexts),
    rootElement: membershipElementToWire(ledger.root()),
    mintSources: chooseMintTxs(values.mintTxs.map(mintTxFromWire), (token) => ledger.activeMintConfigs(token)).map(
      ({ mintConfigTx, mintConfig }) => ({
        mintConfigTx: mintConfigTxToWire(mintConfigTx),
        mintConfig: mintConfigToWire(mintConfig),
      }),
    ),
  };
}

/** A request to form a block. */
export type FormRequest = ReturnType<typeof formRequest>;

/** A ledger's own proofs for transactions. */
function rootProofs(ledger: Ledger, contexts: readonly Pick<TxContext, "highestIndices">[]) {
  const indexes = [...new Set(contexts.flatMap(({ highestIndices }) => highestIndices))];
  return ledger.membershipProofs(indexes).map(membershipProofToWire);
}

/** The hashes of transactions. */
export const hashesOf = (txs: readonly Tx[]): Uint8Array[] => txs.map(txHash);

function parentOf(ledger: Ledger): Block {
  const parent = ledger.lastBlock();
  if (parent === undefined) throw new Error("There is an origin block.");
  return parent;
}
