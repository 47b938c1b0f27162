// The wallets of a network's folder: each is a key file with its words.
import { hkdfSync } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  type AccountKey,
  accountKeyFromIdentity,
  encodePrintable,
  formatKeyFile,
  type Identity,
  mnemonicFromEntropy,
  type PublicAddress,
  parseKeyFile,
  publicAddress,
} from "@fogbow/core-account";
import { fromHex, MOB, type Secret } from "@fogbow/core-bytes";
import { type ReadCode, readPaymentCode } from "@fogbow/sdk";
import { CommandError } from "../error.ts";
import type { Home } from "../up/home.ts";

/** Makes a wallet of this entropy, which the network's Fog serves. Throws `file-exists`, `network-down`, `invalid-argument`. */
export function makeAccount(home: Home, name: string, entropy: Secret): AccountKey {
  const identity = newIdentity(home, entropy);
  const file = home.walletFile(name);
  if (existsSync(file)) throw new CommandError("file-exists", `There is a wallet ${name} already.`);
  writeFileSync(file, formatKeyFile(identity), { flag: "wx", mode: 0o600 });
  return accountKeyFromIdentity(identity);
}

/** Who an account of this entropy is that the network's Fog serves. Throws `network-down`. */
export function newIdentity(home: Home, entropy: Secret): Identity {
  const made = home.made();
  if (made === undefined) throw new CommandError("network-down", `There is no network in ${home.folder}: fogbow up`);
  return {
    kind: "mnemonic",
    entropy,
    accountIndex: 0,
    fogReportUrl: made.fogReportUrl,
    fogReportId: "",
    fogAuthoritySpki: fromHex(made.fogAuthoritySpki),
  };
}

/** The keys of a wallet. Throws `source-not-found`, `invalid-argument`. */
export function readAccount(home: Home, name: string): AccountKey {
  return accountKeyFromIdentity(identityOf(home, name));
}

function identityOf(home: Home, name: string): Identity {
  const file = home.walletFile(name);
  if (!existsSync(file)) {
    const names = accountNames(home).join(", ");
    throw new CommandError("source-not-found", `There is no wallet ${name}. There are: ${names || "none"}.`);
  }
  return parseKeyFile(readFileSync(file, "utf8"));
}

/** What only who has a wallet's key file has: 32 bytes, for what this program keeps of it. Throws as {@link readAccount} does. */
export function storeKeyOf(home: Home, name: string): Uint8Array {
  const identity = identityOf(home, name);
  const entropy = identity.kind === "mnemonic" ? identity.entropy : identity.rootEntropy;
  return new Uint8Array(hkdfSync("sha256", entropy.expose(), "", "fogbow wallet store", STORE_KEY_BYTES));
}

const STORE_KEY_BYTES = 32;

/** The words of a wallet: whoever sees them has its money. Throws as {@link readAccount} does. */
export function wordsOf(home: Home, name: string): string {
  const identity = identityOf(home, name);
  if (identity.kind !== "mnemonic") throw new CommandError("invalid-argument", `The wallet ${name} has no words.`);
  return mnemonicFromEntropy(identity.entropy);
}

/** The names of all wallets. */
export function accountNames(home: Home): string[] {
  if (!existsSync(home.wallets)) return [];
  return readdirSync(home.wallets)
    .flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []))
    .sort();
}

/** Whom a wallet's name, a code or a link stands for, and what it asks for. Throws `source-not-found`, `code-invalid`. */
export function payeeOf(home: Home, nameOrCode: string): ReadCode {
  if (nameOrCode.length > LONGEST_NAME) return readPaymentCode(nameOrCode);
  const to = publicAddress(readAccount(home, nameOrCode));
  return { to, amount: undefined, tokenId: MOB, memo: "", paymentRequestId: undefined };
}

/** The code of an address. */
export const codeOf = (address: PublicAddress): string =>
  encodePrintable({ kind: "public-address", publicAddress: address });

/** Codes and links are longer. */
const LONGEST_NAME = 32;
