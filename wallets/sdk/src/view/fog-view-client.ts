// Asks Fog View: events, and records by search keys (spec 03 §4.2).
import { createClient, type Transport } from "@connectrpc/connect";
import { encodeMessage, FogViewAPI, QueryRequestAADSchema, QueryRequestSchema } from "@fogbow/core-wire";
import { AttestedClient, type FogClientParts, type FogServerOptions } from "../channel/attested-client.ts";
import { SdkError } from "../error.ts";
import { SEARCH_KEYS_MAX } from "../limits.ts";
import { readViewAnswer, type ViewAnswer } from "./view-answer.ts";

/** No events are wanted. The server echoes it, and whoever keeps the echo never hears of an event again. */
export const NO_EVENTS: bigint = 2n ** 63n - 1n;

/** A question for Fog View. */
export interface ViewQuestion {
  /** Events after it are wanted; 0 for all, {@link NO_EVENTS} for none. Its host reads it. */
  readonly eventCursor: bigint;
  /** What was searched before. Its host reads it. */
  readonly blockCountCursor: bigint;
  /** 16 bytes each, at most 500. Only the enclave reads them; their number shows. */
  readonly searchKeys: readonly Uint8Array[];
}

/** What an account needs of Fog View. */
export interface ViewService {
  /** Asks once. Throws SdkError, and the signal's reason. */
  query(question: ViewQuestion, signal?: AbortSignal): Promise<ViewAnswer>;
}

/** A client of a view router over a Connect transport. */
export class FogViewClient implements ViewService {
  readonly #client: AttestedClient;

  constructor(options: FogServerOptions, parts: FogClientParts & { readonly transport: Transport }) {
    const { auth, query } = createClient(FogViewAPI, parts.transport);
    this.#client = new AttestedClient(options, { auth, send: query }, parts);
  }

  /** Asks once. Throws SdkError, `too-many-items` for more than 500 keys, and the signal's reason. */
  async query({ eventCursor, blockCountCursor, searchKeys }: ViewQuestion, signal?: AbortSignal): Promise<ViewAnswer> {
    if (searchKeys.length > SEARCH_KEYS_MAX) {
      throw new SdkError("too-many-items", `One query holds at most ${SEARCH_KEYS_MAX} search keys.`);
    }
    const aad = encodeMessage(QueryRequestAADSchema, {
      startFromUserEventId: eventCursor,
      startFromBlockIndex: blockCountCursor,
    });
    const plaintext = encodeMessage(QueryRequestSchema, { getTxos: [...searchKeys] });
    return this.#client.request({ plaintext, aad }, (answer) => readViewAnswer(answer, searchKeys), signal);
  }

  /** Ends the session. */
  close(): void {
    this.#client.close();
  }
}
