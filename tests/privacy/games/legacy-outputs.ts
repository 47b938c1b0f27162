// The control: outputs and proofs served as the deployed system serves them. The enclave opens the request and hands the indices
// to its host, who looks them up in the ledger.
import { createRouterTransport, type Transport } from "@connectrpc/connect";
import {
  ChannelResponder,
  createSimulatedPlatform,
  decodeSealedMessage,
  encodeEvidence,
  encodeSealedMessage,
  KeyPair,
  makeSimulatedEvidence,
} from "@fogbow/core-attest";
import { concatBytes, le64 } from "@fogbow/core-bytes";
import { encodeTxOut, membershipProofToWire, txOutToWire } from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  FogMerkleProofAPI,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
} from "@fogbow/core-wire";
import type { MemoryLedger } from "@fogbow/ledger-db";
import { MEASUREMENT, NOW } from "../fog/door.ts";
import type { Notebook } from "../fog/notebook.ts";
import { randomFrom } from "../fog/random.ts";

/** A transport to such a server, whose notes go into the notebook. */
export function legacyOutputs(ledger: MemoryLedger, notebook: Notebook): Transport {
  const random = randomFrom("legacy outputs");
  const staticKey = KeyPair.random(random);
  const machine = createSimulatedPlatform("simulated", { random, now: NOW });
  const contents = { nonce: random(16), key: staticKey.publicKey, customIdentity: new Uint8Array(32) };
  const enclave = { measurement: MEASUREMENT, productId: 2, securityVersion: 1 };
  const evidence = makeSimulatedEvidence(machine, enclave, { contents, now: NOW });
  const message = { kind: "dcap", bytes: encodeEvidence(evidence) } as const;
  const responder = new ChannelResponder(
    { responderId: "ledger.test:1" },
    { staticKey, evidence: () => message, random },
  );

  /** The host's part. */
  const lookUp = async (indices: readonly bigint[]): Promise<Uint8Array> => {
    const asked = concatBytes(...indices.map(le64));
    let found: Uint8Array = new Uint8Array();
    await notebook.exchange("door", "indices", asked, async () => {
      const proofs = ledger.membershipProofs([...indices]);
      const outputs = indices.map((index) => ledger.txOut(index));
      const results = indices.flatMap((index, i) => {
        const [output, proof] = [outputs[i], proofs[i]];
        return output === undefined || proof === undefined
          ? [{ index, resultCode: 1 }]
          : [{ index, resultCode: 2, output: txOutToWire(output), proof: membershipProofToWire(proof) }];
      });
      found = encodeMessage(GetOutputsResponseSchema, {
        results,
        numBlocks: ledger.numBlocks(),
        globalTxoCount: ledger.numTxOuts(),
      });
      return {
        answered: concatBytes(...outputs.flatMap((output) => (output === undefined ? [] : [encodeTxOut(output)]))),
      };
    });
    return found;
  };

  return createRouterTransport((router) => {
    router.service(FogMerkleProofAPI, {
      auth: ({ data }) => ({ data: responder.auth(data) }),
      getOutputs: async ({ aad, channelId, data }) => {
        const { plaintext, reply } = responder.open({ aad, channelId, data });
        const { indices } = decodeMessage(GetOutputsRequestSchema, plaintext, { bytesMax: 1_000_000 });
        const sealed = encodeSealedMessage({ aad, channelId, data });
        const answered = await notebook.exchange("wire", "outputs", sealed, async () => {
          return { answered: encodeSealedMessage(reply(await lookUp(indices))) };
        });
        return decodeSealedMessage(answered);
      },
    });
  });
}
