// Verifies the ledger of a node that forgets through the node's own enclave, which alone can read it. The node is stopped meanwhile.
import type { Checkpoint } from "@fogbow/core-block";
import { encodeMessage, VerifyRecordsRequestSchema } from "@fogbow/core-wire";
import { openForgetLedger, type VerifyForgetReport, verifyForgetLedger } from "@fogbow/ledger-db";
import { createLog, type Log } from "@fogbow/server";
import type { NodeConfig } from "../config/node-config.ts";
import { startNodeEnclave } from "./node-enclave.ts";

/** What to verify it against, and who is told how far it is. */
export interface VerifyNodeLedgerOptions {
  readonly checkpoint?: Checkpoint;
  readonly onProgress?: (blocks: bigint) => void;
  /** To standard error unless given. */
  readonly log?: Log;
}

/** Starts the enclave with what the ledger holds sealed, and has it read every record. Rejects with LedgerError and RuntimeError. */
export async function verifyNodeLedger(
  config: NodeConfig,
  { log = createLog({ name: "verify", level: "warn" }), ...options }: VerifyNodeLedgerOptions = {},
): Promise<VerifyForgetReport> {
  const ledger = openForgetLedger(config.ledgerPath, { readOnly: true });
  try {
    const sealedLedger = ledger.sealedLedger() ?? new Uint8Array();
    const { enclave, close } = await startNodeEnclave(config, { log, sealedLedger: () => sealedLedger });
    try {
      return await verifyForgetLedger(ledger, {
        ...options,
        verifyRecords: async (records) => {
          await enclave.call("verify-records", encodeMessage(VerifyRecordsRequestSchema, records));
        },
      });
    } finally {
      await close();
    }
  } finally {
    await ledger.close();
  }
}
