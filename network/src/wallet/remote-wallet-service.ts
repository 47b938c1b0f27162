// `remote_wallet.RemoteWalletApi`: wallets with numbers, which whoever tests a Fog drives (spec 03 §9.2).
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { AccountError, type AccountKey, accountKeyFromMnemonic } from "@fogbow/core-account";
import { CodedError } from "@fogbow/core-bytes";
import { type FreshBalanceCheckRequest, RemoteWalletApi } from "@fogbow/core-wire";
import { SdkError } from "@fogbow/sdk";
import { parseServiceUri, type ServedService, ServerError, type ServiceUri, serveService } from "@fogbow/server";
import type { FogPlace } from "../client/fog-access.ts";
import { CommandError } from "../error.ts";
import { type CheckedBalance, DrivenWallet, type FogServices } from "./driven-wallet.ts";
import { CHECK_MS_MAX, WALLETS_MAX } from "./limits.ts";
import { REMOTE_WALLET_LIMITS } from "./wallet-rpc-limits.ts";

/** What opens sessions with a Fog for each wallet, and ends their connections. Throws CommandError and ServerError. */
interface FogOpener {
  open(place: FogPlace): FogServices;
  close(): void;
}

/** The wallets of one server. */
export class RemoteWallets {
  readonly #fog: FogOpener;
  readonly #wallets = new Map<number, DrivenWallet>();
  #nextId = 1;

  constructor(fog: FogOpener) {
    this.#fog = fog;
  }

  /** The RPCs, which all act on these wallets. */
  service(): ServedService {
    return serveService(RemoteWalletApi, REMOTE_WALLET_LIMITS, {
      freshBalanceCheck: (request, context) => this.#fresh(request, context),
      followupBalanceCheck: async ({ clientId }, context) => ({
        clientId,
        ...(await checked(this.#wallet(clientId), context)),
      }),
      stop: ({ clientId }) => {
        this.#wallet(clientId).close();
        this.#wallets.delete(clientId);
        return {};
      },
      debug: ({ clientId }) => ({ debugInfo: this.#wallet(clientId).describe() }),
      reset: () => {
        this.close();
        return {};
      },
    });
  }

  /** Ends all wallets and their connections. Numbers are not used again. */
  close(): void {
    for (const wallet of this.#wallets.values()) wallet.close();
    this.#wallets.clear();
    this.#fog.close();
  }

  /** A wallet whose first check fails does not come to be, and takes no number. */
  async #fresh(request: FreshBalanceCheckRequest, context: HandlerContext) {
    if (this.#wallets.size >= WALLETS_MAX) {
      throw new ConnectError(`There are ${WALLETS_MAX} wallets. Stop some.`, Code.ResourceExhausted);
    }
    const uri = fogUriOf(request);
    const account = accountOf(request);
    const wallet = new DrivenWallet(account, this.#open(uri, request.chainId));
    try {
      const balance = await checked(wallet, context);
      const clientId = this.#nextId++;
      this.#wallets.set(clientId, wallet);
      return { clientId, ...balance };
    } catch (error) {
      wallet.close();
      throw error;
    }
  }

  #open(uri: ServiceUri, chainId: string): FogServices {
    try {
      return this.#fog.open({ viewUri: uri, ledgerUri: uri, chainId });
    } catch (error) {
      if (error instanceof CommandError) throw new ConnectError(error.message, Code.ResourceExhausted);
      if (error instanceof ServerError) throw new ConnectError(error.message, Code.InvalidArgument);
      throw error;
    }
  }

  #wallet(clientId: number): DrivenWallet {
    const wallet = this.#wallets.get(clientId);
    if (wallet === undefined) throw new ConnectError(`There is no wallet ${clientId}.`, Code.InvalidArgument);
    return wallet;
  }
}

/** A check that ends in time, with a status that says whether it is worth another one. */
async function checked(wallet: DrivenWallet, { signal }: HandlerContext): Promise<CheckedBalance> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(CHECK_MS_MAX)]);
  try {
    return await wallet.check(ending);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SdkError) throw new ConnectError(`${error.message} (${error.code})`, statusOf(error));
    if (ending.aborted) throw new ConnectError("Fog did not answer in time.", Code.Unavailable);
    throw error;
  }
}

function statusOf({ code }: SdkError): Code {
  switch (code) {
    case "attestation-failed":
    case "chain-id-mismatch":
    case "client-outdated":
      return Code.FailedPrecondition;
    default:
      return Code.Unavailable;
  }
}

function fogUriOf({ fogUri }: FreshBalanceCheckRequest): ServiceUri {
  try {
    return parseServiceUri(fogUri, "fog");
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new ConnectError(error.message, Code.InvalidArgument);
  }
}

/** The account of the words. Nobody pays it here, so it needs no address with Fog's data. */
function accountOf({ mnemonic, accountIndex }: FreshBalanceCheckRequest): AccountKey {
  try {
    return accountKeyFromMnemonic(mnemonic, accountIndex);
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new ConnectError(error.message, Code.InvalidArgument); // Which word is wrong, never the words.
  }
}
