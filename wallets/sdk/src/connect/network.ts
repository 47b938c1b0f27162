// From one address to everything that wallets ask: with `fetch`, the platform's randomness and its clock, in browsers and in Node alike.
import type { Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { type FogSettings, mnemonicFromEntropy } from "@fogbow/core-account";
import { createEvidenceVerifier, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { type Random, Secret } from "@fogbow/core-bytes";
import type { FogClientParts } from "../channel/attested-client.ts";
import { ConsensusClient } from "../consensus/consensus-client.ts";
import { SdkError } from "../error.ts";
import { FogLedgerClient } from "../ledger/fog-ledger-client.ts";
import { ReportResolver } from "../report/report-resolver.ts";
import { FogViewClient } from "../view/fog-view-client.ts";
import type { WalletParts } from "../wallet/wallet.ts";
import type { Trust } from "./trust.ts";

/** How a network is reached. All but the first two have defaults that suit an app. */
export interface ConnectOptions {
  /** Which enclaves are believed. Nothing of a wallet's own is sent to any other. */
  readonly trust: Trust;
  /** What addresses of new accounts say of their Fog: that of this network's operator. */
  readonly fog: FogSettings;
  /** The network's name; it is told to servers, which refuse whoever means another one. */
  readonly chainId?: string;
  /** The `authorization` header of each request, where servers ask for tokens; that of the URL's user and password unless given. */
  readonly authorization?: () => string | undefined;
  /** Milliseconds for one request; 10 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** A transport to an HTTP base URL; gRPC-web over `fetch` unless given. */
  readonly transportTo?: (baseUrl: string) => Transport;
  /** Uniform random bytes; the platform's Web Crypto unless given. */
  readonly random?: Random;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A network with a Fog, as wallets see it. */
export class Network {
  /** Verifies what recipients' Fogs say of their keys. */
  readonly reports: ReportResolver;
  readonly fog: FogSettings;
  readonly #options: ConnectOptions;
  readonly #transport: Transport;
  readonly #responderId: string;
  readonly #authorization: () => string | undefined;
  readonly #closing: { close(): void }[] = [];

  /** Nothing is sent yet. Throws SdkError `url-invalid`. Apps call {@link connect}. */
  constructor(url: string, options: ConnectOptions) {
    const { baseUrl, responderId, authorization } = addressOf(url);
    const transportTo = options.transportTo ?? grpcWeb;
    this.#options = options;
    this.#responderId = responderId;
    this.#authorization = options.authorization ?? (() => authorization);
    this.#transport = transportTo(baseUrl);
    this.fog = options.fog;
    this.reports = new ReportResolver({
      transportTo: (fogUrl) => transportTo(addressOf(fogUrl).baseUrl),
      verifyEvidence: createReportEvidenceVerifier({ policy: () => options.trust.ingest, now: this.#now }),
      now: this.#now,
      chainId: options.chainId ?? "",
    });
  }

  /** 24 words that nobody has drawn before. Whoever has them has the wallet's money: show them to its owner once. */
  newPhrase(): string {
    const entropy = new Secret(this.#random(PHRASE_ENTROPY_BYTES));
    try {
      return mnemonicFromEntropy(entropy);
    } finally {
      entropy.wipe();
    }
  }

  /** What one wallet works with: sessions of its own. */
  walletParts(): WalletParts {
    const { trust, timeoutMs = TIMEOUT_MS } = this.#options;
    const server = { responderId: this.#responderId, timeoutMs };
    const view = new FogViewClient(server, this.#partsFor(trust.view));
    const ledger = new FogLedgerClient(server, this.#partsFor(trust.ledger));
    const consensus = this.consensus();
    this.#closing.push(view, ledger);
    return { view, ledger, consensus, reports: this.reports, random: this.#random, wait };
  }

  /** A client of a node. */
  consensus(): ConsensusClient {
    const { trust, timeoutMs = TIMEOUT_MS } = this.#options;
    const client = new ConsensusClient({ responderId: this.#responderId, timeoutMs }, this.#partsFor(trust.consensus));
    this.#closing.push(client);
    return client;
  }

  /** Ends all sessions. */
  close(): void {
    for (const client of this.#closing.splice(0)) client.close();
  }

  get #random(): Random {
    return this.#options.random ?? webRandom;
  }

  get #now(): () => number {
    return this.#options.now ?? Date.now;
  }

  #partsFor(policy: Policy): FogClientParts & { readonly transport: Transport } {
    const verify = createEvidenceVerifier({ policy: () => policy, now: this.#now });
    const chainId = this.#options.chainId ?? "";
    const authorization = this.#authorization;
    return { transport: this.#transport, verify, random: this.#random, now: this.#now, wait, chainId, authorization };
  }
}

/**
 * Connects to a network at one address, such as `http://localhost:7700`, and attests a node of it. Throws SdkError: `url-invalid`,
 * `connection-failed`, `attestation-failed`, `chain-id-mismatch`.
 */
export async function connect(url: string, options: ConnectOptions): Promise<Network> {
  const network = new Network(url, options);
  const node = network.consensus();
  try {
    await node.attest();
    return network;
  } catch (error) {
    network.close();
    throw error;
  }
}

const TIMEOUT_MS = 10_000;
const PHRASE_ENTROPY_BYTES = 32;

const grpcWeb = (baseUrl: string): Transport => createGrpcWebTransport({ baseUrl, useBinaryFormat: true });

const webRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });

/** Where a URL leads. */
interface Address {
  /** With the path of a gateway, without a slash at its end. */
  readonly baseUrl: string;
  /** `host:port`, or what `?responder-id=` says. */
  readonly responderId: string;
  /** Of a user and a password in the URL. */
  readonly authorization: string | undefined;
}

/** `http`, `https`, and the schemes of Fog's URLs, whose port is 443, or 3225 in clear text (spec 03 §7.1). */
function addressOf(url: string): Address {
  const [, scheme = "", rest = ""] = /^([a-z-]+):\/\/(\S+)$/.exec(url) ?? [];
  const port = PORTS[scheme];
  if (port === undefined || !URL.canParse(`http://${rest}`)) {
    throw new SdkError(
      "url-invalid",
      "A network's address is such as https://pay.example.com or http://localhost:7700.",
    );
  }
  const { hostname, pathname, searchParams, username, password } = new URL(`http://${rest}`);
  const given = /^(?:[^/@]*@)?(?:\[[^\]]*\]|[^:/?]*):(\d+)/.exec(rest)?.[1] ?? port;
  const isSecure = scheme === "https" || scheme === "fog";
  const isUser = username !== "" || password !== "";
  return {
    baseUrl: `${isSecure ? "https" : "http"}://${hostname}:${given}${pathname.replace(/\/+$/, "")}`,
    responderId: searchParams.get("responder-id") || `${hostname}:${given}`,
    authorization: isUser
      ? `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`
      : undefined,
  };
}

const PORTS: Readonly<Record<string, string>> = { http: "80", https: "443", fog: "443", "insecure-fog": "3225" };
