// Fog's attested services in this process: real channels, real evidence of a simulated machine, scripted answers.
import { Code, ConnectError, createRouterTransport, type HandlerContext, type Transport } from "@connectrpc/connect";
import {
  ChannelResponder,
  createEvidenceVerifier,
  createPolicy,
  createSimulatedPlatform,
  encodeEvidence,
  KeyPair,
  makeSimulatedEvidence,
  type SealedMessage,
} from "@fogbow/core-attest";
import { txOutToWire } from "@fogbow/core-transaction";
import { FogBlockAPI, FogKeyImageAPI, FogMerkleProofAPI, FogViewAPI, OutputLookupAPI } from "@fogbow/core-wire";
import type { FogClientParts } from "../src/index.ts";
import { coin, randomFrom } from "./world.ts";

export const NOW = Date.UTC(2026, 5, 15);
export const RESPONDER_ID = "fog.test.example:443";

const random = randomFrom("fake-fog");
const MEASUREMENT = new Uint8Array(32).fill(0xa1);
const platform = createSimulatedPlatform("simulated", { random, now: NOW });

/** An enclave of Fog with a door to the network. */
export class FakeFog {
  #responder = this.#start();
  /** What each request held, opened. */
  readonly requests: { readonly plaintext: Uint8Array; readonly aad: Uint8Array; readonly cookie: string | null }[] =
    [];
  /** The sealed requests, as they came. */
  readonly sealed: Uint8Array[] = [];
  handshakes = 0;
  readonly headers: (string | null)[] = [];
  /** What the next requests fail with. */
  failures: ConnectError[] = [];
  answer: (plaintext: Uint8Array) => Uint8Array = () => new Uint8Array();
  measurement: Uint8Array = MEASUREMENT;

  /** Loses all sessions, as a restart does. */
  restart(): void {
    this.#responder = this.#start();
  }

  readonly transport: Transport = createRouterTransport((router) => {
    const auth = ({ data }: { readonly data: Uint8Array }, context: HandlerContext) => {
      this.handshakes += 1;
      this.headers.push(context.requestHeader.get("chain-id"));
      context.responseHeader.append("set-cookie", `route=${this.handshakes}; Path=/; Secure`);
      context.responseTrailer.append("set-cookie", "zone=b");
      return { data: this.#responder.auth(data) };
    };
    const send = (message: SealedMessage, context: HandlerContext) => this.#send(message, context);
    router.service(FogViewAPI, { auth, query: send });
    router.service(FogKeyImageAPI, { auth, checkKeyImages: send });
    router.service(FogMerkleProofAPI, { auth, getOutputs: send });
    router.service(OutputLookupAPI, { auth, lookupOutputs: send });
    router.service(FogBlockAPI, {
      // One block for each range: an output that can be read, and one that cannot.
      getBlocks: ({ ranges }) => ({
        blocks: ranges.map(({ startBlock }) => ({
          index: startBlock,
          globalTxoCount: 10n,
          outputs: [txOutToWire(coin(0).txOut), {}],
        })),
      }),
    });
  });

  #send(message: SealedMessage, context: HandlerContext): SealedMessage {
    this.sealed.push(message.data);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    let opened: ReturnType<ChannelResponder["open"]>;
    try {
      opened = this.#responder.open(message);
    } catch {
      throw new ConnectError("no such session", Code.PermissionDenied);
    }
    const { plaintext, aad } = opened;
    this.requests.push({ plaintext, aad, cookie: context.requestHeader.get("cookie") });
    return opened.reply(this.answer(plaintext));
  }

  #start(): ChannelResponder {
    const staticKey = KeyPair.random(random);
    const contents = { nonce: random(16), key: staticKey.publicKey, customIdentity: new Uint8Array(32) };
    const enclave = { measurement: this.measurement ?? MEASUREMENT, productId: 3, securityVersion: 1 };
    const evidence = makeSimulatedEvidence(platform, enclave, { contents, now: NOW });
    const message = { kind: "dcap" as const, bytes: encodeEvidence(evidence) };
    return new ChannelResponder({ responderId: RESPONDER_ID }, { staticKey, evidence: () => message, random });
  }
}

/** A client's parts that trust the enclave of these tests alone. */
export function clientParts(
  fog: FakeFog,
): FogClientParts & { readonly transport: Transport; readonly pauses: number[] } {
  const identity = {
    kind: "mr-enclave" as const,
    mrEnclave: MEASUREMENT,
    hardeningAdvisories: [],
    configAdvisories: [],
  };
  const policy = createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
  const pauses: number[] = [];
  return {
    transport: fog.transport,
    verify: createEvidenceVerifier({ policy: () => policy, now: () => NOW }),
    random: randomFrom("client"),
    now: () => NOW,
    wait: async (ms) => {
      pauses.push(ms);
    },
    chainId: "test",
    pauses,
  };
}
