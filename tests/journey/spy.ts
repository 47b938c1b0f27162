// Who reads everything that a wallet sends, and looks for what must never leave it.
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  entropyFromMnemonic,
  subaddress,
} from "@fogbow/core-account";
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { findLeaks, type SecretBytes } from "../privacy/find-leaks.ts";

/** Keeps a copy of every request. */
export class Spy {
  readonly #requests: Uint8Array[] = [];

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const headers = [...request.headers].map(([name, value]) => `${name}: ${value}\n`).join("");
    const body = new Uint8Array(await request.clone().arrayBuffer());
    this.#requests.push(concatBytes(utf8(`${request.method} ${request.url}\n${headers}\n`), body));
    return globalThis.fetch(request);
  };

  /** Requests so far. */
  get count(): number {
    return this.#requests.length;
  }

  /** The names of what was sent, wholly or in part: as it is, in hex, in base64, or any of them backwards. */
  leaks(secrets: readonly SecretBytes[]): string[] {
    return findLeaks(this.#requests, secrets).map(({ name }) => name);
  }
}

/** What a wallet of some words must never send. */
export function secretsOf(account: AccountKey, phrase: string): SecretBytes[] {
  const keys = [DEFAULT_SUBADDRESS, CHANGE_SUBADDRESS].flatMap((index) => {
    const { viewPrivateKey, spendPrivateKey } = subaddress(account, index);
    return [
      { name: `view key of subaddress ${index}`, bytes: viewPrivateKey.expose() },
      { name: `spend key of subaddress ${index}`, bytes: spendPrivateKey.expose() },
      { name: `spend public key of subaddress ${index}`, bytes: spendPrivateKey.publicKey() },
    ];
  });
  return [
    { name: "words", bytes: utf8(phrase) },
    { name: "entropy", bytes: entropyFromMnemonic(phrase).expose() },
    { name: "view key", bytes: account.viewPrivateKey.expose() },
    { name: "spend key", bytes: account.spendPrivateKey.expose() },
    ...keys,
  ];
}
