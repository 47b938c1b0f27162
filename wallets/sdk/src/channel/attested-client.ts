// One attested service of Fog over an injected transport: cookies, retries and re-attestation (spec 03 §7.4, §7.5).
import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { AttestError, AttestedChannel, type SealedMessage, type VerifyEvidence } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { SdkError } from "../error.ts";
import { RETRIES_MAX } from "../limits.ts";
import { Cookies } from "./cookies.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

/** Whom to reach, and how patiently. */
export interface FogServerOptions {
  /** `host:port` as this client sees the server, or what `?responder-id=` says. */
  readonly responderId: string;
  /** Milliseconds for one request; 30 000 unless told otherwise. */
  readonly timeoutMs?: number;
}

/** Until when a verdict on evidence holds. */
export interface HeldVerdict {
  /** Milliseconds since 1970. */
  readonly validUntil?: number;
}

/** What a client of an attested service works with. */
export interface FogClientParts {
  /** Decides whether the server's evidence convinces, such as `createEvidenceVerifier` of a policy. */
  readonly verify: VerifyEvidence<HeldVerdict>;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; before that, when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** The value of the `authorization` header, where the server asks for one. */
  readonly authorization?: () => string | undefined;
  /** The network's name; none is sent when it is empty. */
  readonly chainId?: string;
}

/** The two methods of an attested service. */
export interface AttestedMethods {
  readonly auth: (
    request: { readonly data: Uint8Array },
    options: CallOptions,
  ) => Promise<{ readonly data: Uint8Array }>;
  readonly send: (request: SealedMessage, options: CallOptions) => Promise<SealedMessage>;
}

/** What each call brings. */
interface Call {
  readonly signal: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;
/** The mean of the pause before a retry. */
const PAUSE_MS = 20;

/** A client of one service. It attests the server when first asked for something. */
export class AttestedClient {
  readonly #parts: FogClientParts;
  readonly #channel: AttestedChannel<Call, HeldVerdict>;

  constructor(
    { responderId, timeoutMs = TIMEOUT_MS }: FogServerOptions,
    methods: AttestedMethods,
    parts: FogClientParts,
  ) {
    this.#parts = parts;
    const cookies = new Cookies();
    const options = ({ signal }: Call): CallOptions => ({
      timeoutMs,
      headers: { ...plainHeaders(parts), ...cookies.headers() },
      onHeader: (headers) => cookies.take(headers),
      onTrailer: (headers) => cookies.take(headers),
      ...(signal === undefined ? {} : { signal }),
    });
    this.#channel = new AttestedChannel(
      { responderId },
      {
        transport: {
          auth: async (data, call) => (await denied(methods.auth({ data }, options(call)))).data,
          send: async ({ aad, channelId, data }, call) => {
            const answer = await denied(methods.send({ aad, channelId, data }, options(call)));
            return { aad: answer.aad, channelId: answer.channelId, data: answer.data };
          },
          forget: () => cookies.clear(),
        },
        verify: parts.verify,
        isExpired: ({ validUntil = Number.POSITIVE_INFINITY }) => validUntil < parts.now(),
        random: parts.random,
      },
    );
  }

  /**
   * Asks, and reads the answer with `read`. Whatever may pass is tried again, up to three times, and encrypted anew each
   * time: a sealed message is never sent twice. Throws SdkError, and the signal's reason.
   */
  async request<Answer>(
    message: { readonly plaintext: Uint8Array; readonly aad?: Uint8Array },
    read: (plaintext: Uint8Array) => Answer,
    signal?: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      try {
        return read((await this.#channel.request(message, { signal })).plaintext);
      } catch (error) {
        signal?.throwIfAborted();
        const reason = sdkErrorOf(error);
        if (!mayPass(reason) || attempt >= RETRIES_MAX) throw reason;
      }
      await this.#parts.wait(PAUSE_MS / 2 + (this.#jitter() * PAUSE_MS) / 255, signal);
    }
  }

  /** Ends the session; whatever is asked later fails. */
  close(): void {
    this.#channel.close();
  }

  #jitter(): number {
    return this.#parts.random(1)[0] ?? 0;
  }
}

/** Headers of every request to Fog. */
export function plainHeaders({
  chainId = "",
  authorization,
}: Pick<FogClientParts, "chainId" | "authorization">): Record<string, string> {
  const value = authorization?.();
  return {
    ...(chainId === "" ? {} : { "chain-id": chainId }),
    ...(value === undefined ? {} : { authorization: value }),
  };
}

/** Tells the channel that the server does not know the session. */
async function denied<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.PermissionDenied) {
      throw new AttestError("permission-denied", "The server denies the session.", { cause: error });
    }
    throw error;
  }
}

/** Whether trying again makes sense: not when evidence was rejected, nor when there were too many requests. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof SdkError)) return false;
  return ["connection-failed", "invalid-response", "server-error"].includes(error.code);
}
