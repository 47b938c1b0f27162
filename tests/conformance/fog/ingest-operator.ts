// What an operator tells an ingest node, over gRPC as `fogbow fog ingest-admin` does.
import { type Client, createClient } from "@connectrpc/connect";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { AccountIngestAPI, IngestControllerMode } from "@fogbow/core-wire";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";

/** How a node is doing. */
export interface IngestStatus {
  readonly isActive: boolean;
  readonly next: number;
  /** Hex. */
  readonly key: string;
}

const CALL_MS = 30_000;
const ANSWER_BYTES = 1_000_000;

/** One node's operator. */
export class IngestOperator {
  readonly #connection: ServiceClient;
  readonly #client: Client<typeof AccountIngestAPI>;

  constructor(uri: string, chainId: string) {
    const place = parseServiceUri(uri, "fog-ingest");
    this.#connection = serviceClient(place, { chainId, timeoutMs: CALL_MS, answerBytesMax: ANSWER_BYTES });
    this.#client = createClient(AccountIngestAPI, this.#connection.transport);
  }

  async status(): Promise<IngestStatus> {
    const { mode, nextBlockIndex, ingressPubkey } = await this.#client.getStatus({});
    return {
      isActive: mode === IngestControllerMode.Active,
      next: Number(nextBlockIndex),
      key: toHex(ingressPubkey?.data ?? new Uint8Array()),
    };
  }

  async promise(blocks: number): Promise<void> {
    await this.#client.setPubkeyExpiryWindow({ pubkeyExpiryWindow: BigInt(blocks) });
  }

  async activate(): Promise<void> {
    await this.#client.activate({});
  }

  async retire(): Promise<void> {
    await this.#client.retire({});
  }

  async reportLost(key: string): Promise<void> {
    await this.#client.reportLostIngressKey({ key: { data: fromHex(key) } });
  }

  /** Ends the connection. */
  close(): void {
    this.#connection.close();
  }
}
