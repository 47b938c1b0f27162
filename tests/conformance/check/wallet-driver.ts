// A wallet of whatever make, driven through `remote_wallet.RemoteWalletApi` (spec 03 §9.2).
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, ConnectError, createClient } from "@connectrpc/connect";
import { RemoteWalletApi } from "@fogbow/core-wire";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import type { TestAccount } from "../fog/fog-processes.ts";
import type { FogPlace } from "../fog/heights.ts";

/** What a wallet answered. */
export interface Answer {
  readonly clientId: number;
  readonly count: number;
  readonly balance: number;
}

/** Something that answers balance checks. */
export interface WalletDriver {
  /** Whose wallets they are. */
  readonly name: string;
  fresh(account: TestAccount, fog: FogPlace): Promise<Answer>;
  followUp(clientId: number): Promise<Answer>;
  debug(clientId: number): Promise<string>;
}

const ATTEMPTS = 10;
const PAUSE_MS = 1_000;
const CALL_MS = 45_000;
const ANSWER_BYTES = 1_000_000;

/** Wallets at a URI. A call that fails is made again, ten times, a second apart. */
export class RemoteWallet implements WalletDriver {
  readonly name: string;
  readonly #connection: ServiceClient;
  readonly #client: Client<typeof RemoteWalletApi>;

  constructor(name: string, uri: string) {
    this.name = name;
    const options = { timeoutMs: CALL_MS, answerBytesMax: ANSWER_BYTES };
    this.#connection = serviceClient(parseServiceUri(uri, "remote-wallet"), options);
    this.#client = createClient(RemoteWalletApi, this.#connection.transport);
  }

  fresh({ mnemonic, accountIndex }: TestAccount, { uri, chainId }: FogPlace): Promise<Answer> {
    return this.#asked(() => this.#client.freshBalanceCheck({ mnemonic, accountIndex, fogUri: uri, chainId }));
  }

  followUp(clientId: number): Promise<Answer> {
    return this.#asked(() => this.#client.followupBalanceCheck({ clientId }));
  }

  async debug(clientId: number): Promise<string> {
    return (await this.#client.debug({ clientId })).debugInfo;
  }

  /** Ends all wallets. */
  async reset(): Promise<void> {
    await this.#client.reset({});
  }

  /** Ends the connection. */
  close(): void {
    this.#connection.close();
  }

  async #asked(ask: () => Promise<{ clientId: number; balance: bigint; blockCount: bigint }>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { clientId, balance, blockCount } = await ask();
        return { clientId, balance: Number(balance), count: Number(blockCount) };
      } catch (error) {
        if (!(error instanceof ConnectError) || attempt === ATTEMPTS) throw error;
      }
      await sleep(PAUSE_MS);
    }
  }
}
