// The formats of known-answer files: how each is recognised and what checks its cases.
import { checkAccountFromMnemonic, checkAccountFromRootEntropy, checkSubaddress } from "./account-keys.ts";
import { checkAddressCode } from "./b58.ts";
import { checkBlock } from "./blocks.ts";
import type { Case } from "./case.ts";
import { checkAttestedChannel, checkNoiseHandshake, checkReportData } from "./channels.ts";
import { checkDerived } from "./derived.ts";
import { checkDigestTree, checkTranscript } from "./digests.ts";
import { checkAuthoritySignatures, checkReportDigest } from "./fog-reports.ts";
import { checkIasReport } from "./ias-reports.ts";
import type { KnownAnswerFile } from "./known-answer-file.ts";
import { checkMembershipProof } from "./membership-proofs.ts";
import { checkDestinationMemo, checkSenderMemo, type DestinationKind, type SenderKind } from "./memos.ts";
import { checkQuote } from "./quotes.ts";
import { checkRangeProof } from "./range-proofs.ts";
import { checkSimulatedEvidence } from "./simulated-evidence.ts";
import { checkSnpReport } from "./snp-reports.ts";
import { checkTxOutRecord } from "./tx-out-records.ts";
import { checkTxOut } from "./tx-outs.ts";

/** A format of known answers. */
export interface Format {
  /** The name of its files, without ending and without `correct_` or `incorrect_`. */
  readonly name: string;
  /** What every case has; a file with another name is recognised by these. */
  readonly fields: readonly string[];
  readonly check: Check;
}

/** Throws, or rejects, when our code gives another answer than a case states. */
export type Check = (one: Case, place: CaseFolder) => void | Promise<void>;

/** Where a case stands: some name files beside their own. */
export interface CaseFolder {
  readonly folder: string;
}

/**
 * The format of a file: by its name, else by the fields of its first case that has those of any format. Where several
 * fit, the one with most fields is meant.
 */
export function recogniseFormat({ name, cases }: KnownAnswerFile): Format | undefined {
  const plainName = name.replace(/^(?:in)?correct_/, "");
  const named = FORMATS.find((format) => format.name === plainName);
  if (named !== undefined) {
    return named;
  }
  for (const one of cases) {
    const fitting = FORMATS.filter(({ fields }) => one !== undefined && fields.every((field) => one.has(field)));
    if (fitting.length > 0) {
      return fitting.reduce((best, format) => (format.fields.length > best.fields.length ? format : best));
    }
  }
  return undefined;
}

const ROOT_KEYS = ["view_private_key", "spend_private_key"];
const SUBADDRESS_KEYS = [
  ...ROOT_KEYS,
  "subaddress_view_private_key",
  "subaddress_spend_private_key",
  "subaddress_view_public_key",
  "subaddress_spend_public_key",
];
const ADDRESS_CODE = ["view_public_key", "spend_public_key", "b58_encoded"];

/** Two kinds of memo that carry the same id, or none. */
interface MemoKinds {
  readonly id?: "payment_request_id" | "payment_intent_id";
  readonly sender: SenderKind;
  readonly destination: DestinationKind;
}

const MEMO_KINDS: readonly MemoKinds[] = [
  { sender: "authenticated-sender", destination: "destination" },
  {
    id: "payment_request_id",
    sender: "authenticated-sender-with-payment-request-id",
    destination: "destination-with-payment-request-id",
  },
  {
    id: "payment_intent_id",
    sender: "authenticated-sender-with-payment-intent-id",
    destination: "destination-with-payment-intent-id",
  },
];

const FORMATS: readonly Format[] = [
  {
    name: "acct_priv_keys_from_bip39",
    fields: ["entropy", "mnemonic", "account_index", ...ROOT_KEYS],
    check: checkAccountFromMnemonic,
  },
  {
    name: "acct_priv_keys_from_root_entropy",
    fields: ["root_entropy", ...ROOT_KEYS],
    check: checkAccountFromRootEntropy,
  },
  { name: "default_subaddr_keys_from_acct_priv_keys", fields: SUBADDRESS_KEYS, check: checkSubaddress },
  {
    name: "subaddr_keys_from_acct_priv_keys",
    fields: ["subaddress_index", ...SUBADDRESS_KEYS],
    check: checkSubaddress,
  },
  { name: "b58_encode_public_address_without_fog", fields: ADDRESS_CODE, check: checkAddressCode },
  {
    name: "b58_encode_public_address_with_fog",
    fields: [...ADDRESS_CODE, "fog_report_url", "fog_report_id", "fog_authority_sig"],
    check: checkAddressCode,
  },
  ...MEMO_KINDS.flatMap(memoFormats),
  {
    name: "tx_out_records",
    fields: ["recipient_view_private_key_hex_proto_bytes", "tx_out_record_hex_proto_bytes"],
    check: checkTxOutRecord,
  },
  { name: "merlin", fields: ["init_label", "ops", "output"], check: checkTranscript },
  { name: "digestible-ast", fields: ["ast", "digest"], check: checkDigestTree },
  {
    name: "tx-outs",
    fields: ["view_private", "spend_private", "tx_private_key", "e_fog_hint", "tx_out_hash", "key_image"],
    check: checkTxOut,
  },
  { name: "blocks", fields: ["outputs_proto_hex", "contents_hash"], check: checkBlock },
  { name: "membership-proofs", fields: ["tx_out_proto_hex", "proof_proto_hex"], check: checkMembershipProof },
  { name: "bulletproofs", fields: ["bits", "parties", "proof"], check: checkRangeProof },
  { name: "derived", fields: ["bp_generators", "mlsag"], check: checkDerived },
  { name: "quotes", fields: ["quote", "collateral", "at", "expect"], check: checkQuote },
  { name: "snp_reports", fields: ["report", "vcek", "chain", "at", "expect"], check: checkSnpReport },
  {
    name: "noise_vectors",
    fields: ["protocol_name", "init_ephemeral", "resp_ephemeral", "messages"],
    check: checkNoiseHandshake,
  },
  { name: "attested_channel_kat", fields: ["part", "value"], check: checkAttestedChannel },
  { name: "report_data_kat", fields: ["nonce", "key", "sha256"], check: checkReportData },
  { name: "fog_report_digest_kat", fields: ["reports", "digest32"], check: checkReportDigest },
  {
    name: "fog_authority_sig_kat",
    fields: ["empty_spki_vectors", "signature_deterministic"],
    check: checkAuthoritySignatures,
  },
  { name: "ias_report", fields: ["sig", "chain_der", "http_body"], check: checkIasReport },
  {
    name: "sim_expected",
    fields: ["report_data", "quote_length", "evidence_length"],
    check: checkSimulatedEvidence,
  },
];

/** The sender's and the destination memo, alone or with the id of the payment they belong to. */
function memoFormats({ id, sender, destination }: MemoKinds): Format[] {
  const suffix = id === undefined ? "" : `_with_${id}`;
  const idFields = id === undefined ? [] : [id];
  const address = "sender_public_address_hex_proto_bytes";
  const viewKey = "recipient_view_public_key_hex_raw_bytes";
  const hash = "recipient_short_address_hash_hex_raw_bytes";
  const senderMemo = `encrypted_sender${suffix}_memo_hex_raw_bytes`;
  const destinationMemo = `encrypted_destination${suffix}_memo_hex_raw_bytes`;
  return [
    {
      name: `encrypted_sender${suffix}_memos`,
      fields: [address, viewKey, ...idFields, senderMemo],
      check: (one) => checkSenderMemo(one, sender, senderMemo),
    },
    {
      name: `encrypted_destination${suffix}_memos`,
      fields: [address, hash, "total_outlay", "fee", ...idFields, destinationMemo],
      check: (one) => checkDestinationMemo(one, destination, destinationMemo),
    },
  ];
}
