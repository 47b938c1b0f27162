// tokens.json (spec 05 §4.4): the tokens of a network, what a transaction costs, who may have them minted.
import { type Bytes, bytes, fromHex, MOB, type TokenId, tokenId } from "@fogbow/core-bytes";
import { DEFAULT_MINIMUM_FEE, FeeMap, MINIMUM_FEE_STEP, type SignerSet } from "@fogbow/core-transaction";
import { TOKENS_MAX } from "./limits.ts";
import { parseSigners } from "./signer-config.ts";
import { Table } from "./table.ts";

/** The tokens of a network. */
export interface TokensConfig {
  readonly tokens: readonly TokenConfig[];
  /** Of the governors of all tokens by the minting trust root; the enclave verifies it. */
  readonly governorsSignature: Bytes<64> | undefined;
  readonly minimumFees: FeeMap;
}

/** A token. */
export interface TokenConfig {
  readonly tokenId: TokenId;
  /** In its smallest unit. */
  readonly minimumFee: bigint;
  /** Who configures its minting; absent when nobody does. */
  readonly governors: SignerSet | undefined;
}

/** Where the minimum fee of token 0 has to be unless any fee is allowed, in picoMOB: at least this. */
const MOB_FEE_FROM = 10_000n;

/** And below this, a MOB. */
const MOB_FEE_TO = 1_000_000_000_000n;

const SIGNATURE_BYTES = 64;

/** Token 0 at its usual fee and nothing else: what a network without tokens.json has. */
export const DEFAULT_TOKENS: TokensConfig = {
  tokens: [{ tokenId: MOB, minimumFee: DEFAULT_MINIMUM_FEE, governors: undefined }],
  governorsSignature: undefined,
  minimumFees: new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]),
};

/** Parses a file. Throws ConfigError: everything of its kind may be wrong with it. */
export function parseTokensConfig(text: string, file: string): TokensConfig {
  const table = Table.parse(text, file);
  const signature = parseSignature(table);
  const list = table.tables("tokens", TOKENS_MAX);
  const tokens = list.map(parseToken);
  table.end();
  for (const [i, { tokenId: id }] of tokens.entries()) {
    const first = tokens.findIndex((each) => each.tokenId === id);
    if (first < i) {
      const message = `Token ${id} is configured in tokens[${first}] already.`;
      throw table.error("duplicate-token", `tokens[${i}].token_id`, message, [`${id}`, `${id}`]);
    }
  }
  if (!tokens.some((each) => each.tokenId === MOB)) {
    const ids = tokens.map((each) => `${each.tokenId}`).join(", ") || "none";
    throw table.error("missing-token", "tokens", `Token 0 is not among the tokens, which are ${ids}.`, [ids, "0"]);
  }
  if (signature === undefined && tokens.some(({ governors }) => governors !== undefined)) {
    throw table.error(
      "missing-governors-signature",
      "governors_signature",
      "Governors need the trust root's signature.",
    );
  }
  const minimumFees = new FeeMap(tokens.map((each) => [each.tokenId, each.minimumFee]));
  return { tokens, governorsSignature: signature, minimumFees };
}

function parseToken(table: Table): TokenConfig {
  const id = tokenId(table.required("token_id", table.integer("token_id")));
  const isMob = id === MOB;
  const minimumFee = table.integer("minimum_fee") ?? (isMob ? DEFAULT_MINIMUM_FEE : undefined);
  const allowsAnyFee = table.flag("allow_any_fee") ?? false;
  const identities = table.namedTables("signer_identities");
  const governorsTable = table.table("governors");
  table.end();
  if (minimumFee === undefined) {
    throw table.error("missing-fee", "minimum_fee", `Token ${id} needs a minimum fee.`, [`token ${id}`]);
  }
  if (allowsAnyFee && !isMob) {
    throw table.error("any-fee-not-allowed", "allow_any_fee", `It is only for token 0, and this is token ${id}.`, [
      `${id}`,
      "0",
    ]);
  }
  if (isMob && !allowsAnyFee && (minimumFee < MOB_FEE_FROM || minimumFee >= MOB_FEE_TO)) {
    const message = `${minimumFee} is not from ${MOB_FEE_FROM} to below ${MOB_FEE_TO}, and allow_any_fee is not set.`;
    throw table.error("fee-out-of-bounds", "minimum_fee", message, [`${minimumFee}`, `${MOB_FEE_FROM}..${MOB_FEE_TO}`]);
  }
  if (minimumFee < MINIMUM_FEE_STEP || minimumFee % MINIMUM_FEE_STEP !== 0n) {
    const message = `A minimum fee is a positive multiple of ${MINIMUM_FEE_STEP}, and not ${minimumFee}.`;
    throw table.error("invalid-fee", "minimum_fee", message, [`${minimumFee}`, `${MINIMUM_FEE_STEP}`]);
  }
  if (isMob && governorsTable !== undefined) {
    throw table.error("governors-not-allowed", "governors", "Token 0 is never minted.", ["governors", "token 0"]);
  }
  const governors = governorsTable && parseSigners(governorsTable, identities);
  return { tokenId: id, minimumFee, governors };
}

function parseSignature(table: Table): Bytes<64> | undefined {
  const text = table.text("governors_signature") ?? "";
  if (text === "") return undefined;
  if (!/^[0-9a-fA-F]{128}$/.test(text)) {
    throw table.error("out-of-range", "governors_signature", "A signature has 128 hexadecimal digits.", [
      `${text.length} characters`,
      "128 hexadecimal digits",
    ]);
  }
  return bytes(fromHex(text), SIGNATURE_BYTES, "A signature");
}
