// An attested echo to measure: the enclave behind its door, a client that checks everything, and the same exchange without a
// door between.
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  beginChannel,
  ChannelResponder,
  createEvidenceVerifier,
  createPolicy,
  createSimulatedPlatform,
  decodeAuthMessage,
  decodeSealedMessage,
  encodeAuthMessage,
  encodeEvidence,
  encodeSealedMessage,
  KeyPair,
  makeSimulatedEvidence,
  Session,
  type Verdict,
  type VerifyEvidence,
} from "@fogbow/core-attest";
import { utf8 } from "@fogbow/core-bytes";
import { type EnclaveHost, type Hosting, identityOf, startEnclave } from "@fogbow/runtime-enclave";

/** The name that client and enclave agree on. */
const RESPONDER_ID = "echo.bench:443";

const BUNDLE = fileURLToPath(new URL("../enclaves/runtime/dist/bundles/echo", import.meta.url));

/** Bytes in, bytes out: the door of an enclave, or what stands for it. */
export type Door = (entryPoint: "auth" | "echo", input: Uint8Array) => Promise<Uint8Array> | Uint8Array;

/** Starts the echo on the simulated platform, in a worker unless told otherwise. */
export function startEcho(hosting: Hosting = { kind: "worker" }): Promise<EnclaveHost> {
  return startEnclave({ bundle: BUNDLE, config: utf8(RESPONDER_ID), platform: { kind: "simulated" }, hosting });
}

/** The echo without an enclave: the same work in the caller's thread. */
export function bareEcho(): Door {
  const staticKey = KeyPair.random(randomBytes);
  const now = Date.now();
  const evidence = makeSimulatedEvidence(
    createSimulatedPlatform("simulated", { random: randomBytes, now }),
    { measurement: new Uint8Array(32), productId: 0, securityVersion: 0 },
    { contents: { nonce: randomBytes(16), key: staticKey.publicKey }, now },
  );
  const message = { kind: "dcap", bytes: encodeEvidence(evidence) } as const;
  const responder = new ChannelResponder(
    { responderId: RESPONDER_ID },
    { staticKey, evidence: () => message, random: randomBytes },
  );
  return (entryPoint, input) => {
    if (entryPoint === "auth") return encodeAuthMessage(responder.auth(decodeAuthMessage(input)));
    const { plaintext, aad, reply } = responder.open(decodeSealedMessage(input));
    return encodeSealedMessage(reply(plaintext, aad));
  };
}

/** Checks evidence as a wallet does, against the measurement that was built; keeps parsed collateral, but no verdict. */
export function checksEvidence({ measurement }: EnclaveHost): VerifyEvidence<Verdict> {
  const policy = createPolicy({ measurements: [{ identity: identityOf(measurement) }], platforms: ["simulated"] });
  return createEvidenceVerifier({ policy: () => policy, now: Date.now });
}

/** A handshake from the client's first byte to an open session. */
export async function handshake(door: Door, verify: VerifyEvidence<unknown>): Promise<Session> {
  const pending = beginChannel({ responderId: RESPONDER_ID }, { random: randomBytes });
  const answer = await door("auth", encodeAuthMessage(pending.request));
  const { keys } = await pending.finish(decodeAuthMessage(answer), verify);
  return new Session(keys);
}

/** One message there and back: sealed and opened at both ends. */
export async function exchange(door: Door, session: Session, plaintext: Uint8Array): Promise<void> {
  const request = encodeSealedMessage(session.seal(plaintext));
  const response = session.open(decodeSealedMessage(await door("echo", request)));
  if (response.length !== plaintext.length || response[0] !== plaintext[0]) throw new Error("The echo is another.");
}
