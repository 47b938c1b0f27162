// A client of the attested echo, the same in a page and in Node: MobileCoin's attested channel over some transport. It
// verifies the evidence itself; the server is asked for nothing that it has to be believed.
import {
  AttestedChannel,
  type ChannelTransport,
  createEvidenceVerifier,
  type Policy,
  type Verdict,
  verifyEvidence,
} from "@fogbow/core-attest";
import { fromUtf8, type Random, utf8 } from "@fogbow/core-bytes";

/** Whom to reach and whom to trust. */
export interface EchoOptions {
  readonly responderId: string;
  readonly policy: Policy;
}

/** What the client works with. */
export interface EchoParts {
  readonly transport: ChannelTransport<EchoCall>;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every verdict, also of those that refuse. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** What every call brings for its transport. */
export interface EchoCall {
  readonly signal: AbortSignal;
}

/** A message that came back, and what travelled instead of it. */
export interface Echoed {
  readonly text: string;
  readonly sealedRequest: Uint8Array;
  readonly sealedResponse: Uint8Array;
}

/** A connection to an echo enclave. */
export interface EchoChannel {
  /** Verifies the server now. Rejects with AttestError when it is refused, and with what the transport throws. */
  attest(): Promise<Verdict>;
  /** Seals a message and opens what comes back. Nothing of the message leaves before the server was verified. */
  echo(text: string): Promise<Echoed>;
  close(): void;
}

/** Makes a connection; nothing is sent before it is asked for something. */
export function openEcho({ responderId, policy }: EchoOptions, parts: EchoParts): EchoChannel {
  const { transport, random, now, onVerdict } = parts;
  const stop = new AbortController();
  let sealed: Pick<Echoed, "sealedRequest" | "sealedResponse"> = {
    sealedRequest: new Uint8Array(),
    sealedResponse: new Uint8Array(),
  };
  const channel = new AttestedChannel<EchoCall, Verdict>(
    { responderId },
    {
      transport: {
        ...transport,
        send: async (request, call) => {
          const response = await transport.send(request, call);
          sealed = { sealedRequest: request.data, sealedResponse: response.data };
          return response;
        },
      },
      verify: createEvidenceVerifier({
        policy: () => policy,
        now,
        verify: async (question) => {
          const verdict = await verifyEvidence(question);
          onVerdict?.(verdict);
          return verdict;
        },
      }),
      isExpired: ({ validUntil = 0 }) => validUntil < now(),
      random,
    },
  );
  const call: EchoCall = { signal: stop.signal };
  return {
    attest: () => channel.attest(call),
    echo: async (text) => {
      const { plaintext } = await channel.request({ plaintext: utf8(text) }, call);
      return { text: fromUtf8(plaintext), ...sealed };
    },
    close: () => {
      channel.close();
      stop.abort();
    },
  };
}
