// `fogbow wallet history`: what a wallet has received and sent, found through Fog.
import { encodePrintable, type PublicAddress, publicAddress } from "@fogbow/core-account";
import { formatMob, MOB, type TokenValue, toHex, U64_MAX } from "@fogbow/core-bytes";
import type { HistoryEntry } from "@fogbow/sdk";
import type { Home } from "../up/home.ts";
import { accountNames, readAccount } from "./accounts.ts";

/** An entry as the command tells it. */
export interface ToldEntry {
  /** ISO 8601, or empty where nobody knows. */
  readonly time: string;
  readonly block: string;
  readonly kind: HistoryEntry["kind"];
  /** What it did to the balance, in MOB or in the smallest unit of another token. */
  readonly net: string;
  readonly tokenId: string;
  readonly fee: string;
  /** The name of a wallet of the folder, or what is known instead. */
  readonly who: string;
  readonly paymentRequestId: string;
}

/** The columns of the export, in order. */
const COLUMNS = ["time", "block", "kind", "net", "tokenId", "fee", "who", "paymentRequestId"] as const;

/** The addresses of all wallets of the folder, with their names. */
export function contactsOf(home: Home): ReadonlyMap<string, PublicAddress> {
  return new Map(accountNames(home).map((name) => [name, publicAddress(readAccount(home, name))]));
}

/** An entry in words. */
export function tell(entry: HistoryEntry, contacts: ReadonlyMap<string, PublicAddress>): ToldEntry {
  const { timestamp, blockIndex, kind, net, tokenId } = entry;
  return {
    time: timestamp === U64_MAX ? "" : new Date(Number(timestamp) * 1_000).toISOString(),
    block: `${blockIndex}`,
    kind,
    net: amountOf(net, tokenId),
    tokenId: `${tokenId}`,
    fee: kind === "sent" ? amountOf(entry.fee, tokenId) : kind === "merged" ? amountOf(-net, tokenId) : "",
    who: whoOf(entry, contacts),
    paymentRequestId: "paymentRequestId" in entry ? `${entry.paymentRequestId ?? ""}` : "",
  };
}

/** The entries as CSV (RFC 4180), with a line of column names. */
export function toCsv(entries: readonly ToldEntry[]): string {
  const lines = entries.map((entry) => COLUMNS.map((column) => quoted(entry[column])).join(","));
  return [COLUMNS.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

function whoOf(entry: HistoryEntry, contacts: ReadonlyMap<string, PublicAddress>): string {
  if (entry.kind !== "sent" && entry.kind !== "received") return "";
  const address = entry.kind === "sent" ? entry.recipient : entry.sender;
  if (address === undefined) return entry.kind === "sent" ? `address hash ${toHex(entry.recipientHash)}` : "";
  const code = codeOf(address);
  return [...contacts].find(([, known]) => codeOf(known) === code)?.[0] ?? code;
}

const codeOf = (address: PublicAddress): string => encodePrintable({ kind: "public-address", publicAddress: address });

function amountOf(value: bigint, tokenId: HistoryEntry["tokenId"]): string {
  if (tokenId !== MOB) return `${value}`;
  return value < 0n ? `-${formatMob(-value as TokenValue)}` : formatMob(value as TokenValue);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
