// A client of the echo enclave through its door: the same handshake and sessions as over any network.
import { randomFillSync } from "node:crypto";
import {
  AttestError,
  AttestedChannel,
  type ChannelCall,
  createEvidenceVerifier,
  createPolicy,
  decodeAuthMessage,
  decodeSealedMessage,
  type EvidencePlatform,
  encodeAuthMessage,
  encodeSealedMessage,
  type MrEnclaveIdentity,
  type Verdict,
} from "@fogbow/core-attest";
import { fromUtf8, utf8 } from "@fogbow/core-bytes";
import { type EnclaveHost, identityOf, RuntimeError } from "@fogbow/runtime-enclave";

/** What the client trusts, and what it is told of the enclave. */
export interface EchoClientOptions {
  readonly measurement: Uint8Array;
  readonly platforms?: readonly EvidencePlatform[];
  readonly responderId?: string;
  readonly now?: () => number;
}

/** The responder id that the tests' enclaves are configured with. */
export const RESPONDER_ID = "echo.test:443";

/** Connects when it is first asked. */
export function echoClient(door: () => Pick<EnclaveHost, "call">, options: EchoClientOptions) {
  const { measurement, platforms = ["simulated"], responderId = RESPONDER_ID, now = Date.now } = options;
  const identity: MrEnclaveIdentity = identityOf(measurement);
  const policy = createPolicy({ measurements: [{ identity }], platforms });
  const channel = new AttestedChannel<ChannelCall, Verdict>(
    { responderId },
    {
      transport: {
        auth: async (request) => decodeAuthMessage(await denied(door().call("auth", encodeAuthMessage(request)))),
        send: async (request) => decodeSealedMessage(await denied(door().call("echo", encodeSealedMessage(request)))),
        forget: () => {},
      },
      verify: createEvidenceVerifier({ policy: () => policy, now }),
      isExpired: ({ validUntil = 0 }) => validUntil < now(),
      random: (length) => randomFillSync(new Uint8Array(length)),
    },
  );
  return {
    channel,
    echo: async (text: string): Promise<string> =>
      fromUtf8((await channel.request({ plaintext: utf8(text) }, {})).plaintext),
  };
}

/** What a service answers when its enclave does not know a session (spec 04 §4.4). */
async function denied<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RuntimeError && error.code === "call-refused") {
      throw new AttestError("permission-denied", "Permission denied", { cause: error });
    }
    throw error;
  }
}
