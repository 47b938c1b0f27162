// The faucet of a network for development: pays out of the first block's accounts, one payment after the other.
import { Code, ConnectError } from "@connectrpc/connect";
import { decodePrintable, type PublicAddress } from "@fogbow/core-account";
import { CodedError, type Random, type TokenValue, tokenValue } from "@fogbow/core-bytes";
import { type FogIngressKey, type Tx, txHash } from "@fogbow/core-transaction";
import { FaucetAPI } from "@fogbow/core-wire";
import { openLedger } from "@fogbow/ledger-db";
import type { ReportService } from "@fogbow/sdk";
import { type ServedService, serveService } from "@fogbow/server";
import { buildPayment } from "../client/build-payment.ts";
import type { GeneratedNetwork } from "../client/generated-network.ts";
import type { NodeClient } from "../client/node-client.ts";
import { spendableOutputs } from "../client/owned-outputs.ts";
import { CommandError } from "../error.ts";
import { FAUCET_LIMITS, FAUCET_PICOMOB_MAX } from "./limits.ts";

/** What a faucet works with. */
export interface FaucetParts {
  readonly network: GeneratedNetwork;
  /** How many accounts of the network pay, in turns. */
  readonly accounts: number;
  /** Knows the keys of those who are paid. */
  readonly reports: ReportService;
  readonly random: Random;
}

/** A payment of the faucet. */
export interface Given {
  readonly txHash: Uint8Array;
  readonly blockIndex: bigint;
}

/** The faucet. Its payments queue. */
export class Faucet {
  readonly #parts: FaucetParts;
  readonly #node: NodeClient;
  #last: Promise<unknown> = Promise.resolve();
  #next = 0;

  constructor(parts: FaucetParts) {
    this.#parts = parts;
    this.#node = parts.network.client(0);
  }

  /** Pays so many picoMOB, and resolves when that is in a block. Rejects with CommandError, SdkError, TransactionError. */
  give(recipient: PublicAddress, value: TokenValue): Promise<Given> {
    const given = this.#last.then(() => this.#give(recipient, value));
    this.#last = given.catch(() => undefined); // Whoever asked is told; those behind go on.
    return given;
  }

  close(): void {
    this.#node.close();
  }

  async #give(recipient: PublicAddress, value: TokenValue): Promise<Given> {
    const tx = await this.#build(recipient, value);
    await this.#node.propose(tx);
    const hash = txHash(tx);
    return { txHash: hash, blockIndex: await this.#node.untilExternalized(hash, tx.prefix.tombstoneBlock) };
  }

  async #build(recipient: PublicAddress, value: TokenValue): Promise<Tx> {
    const { network, accounts, reports, random } = this.#parts;
    const info = await this.#node.info();
    const ledger = openLedger(network.nodes[0]?.ledgerPath ?? "", { readOnly: true });
    try {
      const until = ledger.numBlocks() + KEY_LASTS_BLOCKS;
      const ingressKey = recipient.fogReportUrl === "" ? undefined : await keyOf(recipient, reports, until);
      for (let tries = 1; ; tries++) {
        const payer = network.account(this.#next % accounts);
        this.#next += 1;
        const outputs = spendableOutputs(ledger, payer);
        try {
          const plan = { payer, outputs, recipient, value, ...(ingressKey && { ingressKey }), ...info };
          return buildPayment(plan, { ledger, random }).tx;
        } catch (error) {
          const isPoor = error instanceof CommandError && error.code === "not-enough-money";
          if (!isPoor || tries >= accounts) throw error;
        }
      }
    } finally {
      await ledger.close();
    }
  }
}

/** A key that was asked for before is used again only if it lasts for so many blocks. */
const KEY_LASTS_BLOCKS = 5n;

async function keyOf(recipient: PublicAddress, reports: ReportService, until: bigint): Promise<FogIngressKey> {
  const { ingressKey, pubkeyExpiry } = await reports.resolve(recipient, { tombstoneBlock: until });
  return { publicKey: ingressKey, pubkeyExpiry };
}

/** The faucet as a service. */
export function faucetService(faucet: Faucet): ServedService {
  return serveService(FaucetAPI, FAUCET_LIMITS, {
    give: async ({ address, value }) => {
      const recipient = addressOf(address);
      if (value < 1n || value > FAUCET_PICOMOB_MAX) {
        throw new ConnectError(`value is from 1 to ${FAUCET_PICOMOB_MAX} picoMOB.`, Code.InvalidArgument);
      }
      try {
        return await faucet.give(recipient, tokenValue(value));
      } catch (error) {
        throw new ConnectError(
          error instanceof CodedError ? `${error.code}: ${error.message}` : "It failed.",
          Code.Internal,
        );
      }
    },
  });
}

function addressOf(text: string): PublicAddress {
  try {
    const printable = decodePrintable(text);
    if (printable.kind === "public-address") return printable.publicAddress;
  } catch {
    // Said below.
  }
  throw new ConnectError("address is the code of a public address.", Code.InvalidArgument);
}
